// Compares what the Device API gives back with what was sent, record by record.
#pragma once

#include <string>
#include <vector>

#include "hil/api/judge/truth_log.h"
#include "hil/api/values/record.h"

namespace packbench::hil::api {

// A record as it was sent, and when its report came and the API was known to have it.
struct Sent {
  Record record;
  sim::TimeNs reported = 0, seen = 0;
  bool timed = true;  // else `seen` says nothing: it never came, or was there before it was looked for
};

// "record 17 at 12.0 s"
std::string record_label(std::size_t index, sim::TimeNs at);

// Every field in which a fetched record differs from the sent one, as "pack_voltage 51.2031 V, device reported 51.2030
// V".
std::vector<std::string> differences(const Record& fetched, const Record& sent);

// none missing, doubled, unknown or out of order, and every value equal. `fetched` in the order of the answer; epoch_ms
// is the simulated start.
std::vector<Finding> compare_records(const std::vector<Record>& fetched, const std::vector<Sent>& sent,
                                     std::int64_t epoch_ms);

// A preset's records against those of the whole run that lie in [from_ms, to_ms].
std::vector<Finding> compare_preset(const std::string& name, const std::vector<Record>& fetched,
                                    const std::vector<Record>& whole, std::int64_t from_ms, std::int64_t to_ms,
                                    sim::TimeNs now);

}  // namespace packbench::hil::api
