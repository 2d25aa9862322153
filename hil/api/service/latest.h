// The answer to `timeRange=latest`: what most clients ask for, again and again, while nothing new has come.
#pragma once

#include "hil/api/service/telemetry_query.h"

namespace packbench::hil::api {

// By the newest record and the form that was asked for; 304 where the client has it. The time of the answer,
// meta.timestamp, does not count. What does not depend on that time is made once for each newest record.
Response latest_response(const Call& call, const Device& device, const TelemetryQuery& query);

}  // namespace packbench::hil::api
