// What a GET of telemetry asks for: a preset window, a range, or the newest record.
//
// Ranges are half-open on measurement time: [start, end). Presets are rolling windows up to the server's clock that
// also hold records up to 5 s ahead of it. The newest record is the one with the greatest time, however old.
#pragma once

#include <string>

#include "hil/api/service/downsample.h"
#include "hil/api/service/record_writer.h"
#include "hil/api/service/route.h"

namespace packbench::hil::api {

struct TelemetryQuery {
  std::string time_range = "latest";  // a preset, or "custom"
  bool latest = true;
  RangeQuery range;
  bool limited = false;  // whether a limit was given
  bool extended = false;
  std::optional<Downsampling> thinned;  // one record a bucket of time
  std::string sealed_with{};            // what every page of it shares: device, window, order, thinning

  RecordForm form() const { return extended ? RecordForm::extended : RecordForm::document; }
  Fields fields() const { return extended ? Fields::all : Fields::document; }
  RecordWriter::Of of() const { return thinned ? RecordWriter::Of::buckets : RecordWriter::Of::records; }
};

// What is left of the range of a thinned query: without a place, behind the bucket that its cursor names.
RangeQuery rest_of(const TelemetryQuery& query);

// Throws 400 for every conflict and every value that is not understood.
TelemetryQuery read_telemetry_query(const Call& call);

// The place behind the last record of a page, with the window of the query, so that every page is of one window however
// the clock moves on. Opaque to clients; refused by another query, which limit, extended and Accept do not make.
std::string cursor_text(const TelemetryQuery& query, const Cursor& last);

}  // namespace packbench::hil::api
