// A record as JSON, both ways: one table of its numbers serves the server's answers, the gateway's posts and the
// client.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hil/api/values/json_value.h"
#include "hil/api/values/problem.h"
#include "hil/api/values/record.h"

namespace packbench::hil::api {

// document: the given document's fields in its order. extended: also ts, boot, seq, temperatures,
// balancing, faults. ingest: what a
// gateway posts, the extended form without deviceId and _ts.
enum class RecordForm { document, extended, ingest };

void append_record(std::string& out, std::string_view device_id, const Record& record, RecordForm form);

// Reads a posted record strictly: unknown fields, wrong types and values out of range are added to `errors` with their
// pointer below `at` ("" or "/3"). Fields that were not posted keep their default; has_time says whether `ts` was.
struct NewRecord {
  Record record;
  bool has_time = false;
};
NewRecord read_new_record(const JsonValue& json, std::string_view device_id, const std::string& at,
                          std::vector<FieldError>& errors);

// Reads a record of an answer, also of another implementation: unknown fields pass, "ocv soc" is ocv_soc. Without the
// extension `ts` the measurement time is _ts.
Record read_answer_record(const JsonValue& json, const std::string& at, std::vector<FieldError>& errors);

}  // namespace packbench::hil::api
