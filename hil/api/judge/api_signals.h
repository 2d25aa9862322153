// The signals api.* of a frame, as a record fetched from the Device API says them.
#pragma once

#include "hil/api/values/record.h"
#include "sim/signals.h"

namespace packbench::hil::api {

// A reading that the record does not have, and a state outside the vocabulary, is NaN.
void write_api_signals(const Record& record, double age_s, std::int64_t count, sim::Frame& frame);

}  // namespace packbench::hil::api
