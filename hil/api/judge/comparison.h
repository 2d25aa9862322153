// Compares what the Device API gives back with what was sent, record by record.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "hil/api/judge/truth_log.h"
#include "hil/api/values/record.h"

namespace packbench::hil::api {

// A record as it was sent, and when its report came and the API was known to have it.
struct Sent {
  Record record;
  sim::TimeNs reported = 0, seen = 0;
  bool timed = true;  // else `seen` says nothing: it never came, or nobody told when
  // Where `seen` is a bound only: until when the API was known not to have it.
  std::optional<sim::TimeNs> unseen{};

  sim::TimeNs at_most() const { return seen - reported; }
  sim::TimeNs at_least() const { return unseen ? std::max<sim::TimeNs>(*unseen - reported, 0) : at_most(); }
};

// A look at the newest record, and how long ago the oldest one had been reported that was due; 0: none was.
struct Staleness {
  sim::TimeNs at = 0, age = 0;
};
// That the API did not answer.
struct Silence {
  std::int64_t from = 0, to = 0;
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
