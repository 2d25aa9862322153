// Answers that no route makes: errors, files given out without a key, and what every answer of a route says of caches.
#pragma once

#include <string>

#include "hil/api/http/http_message.h"
#include "hil/api/service/exchange.h"
#include "hil/api/values/problem.h"

namespace packbench::hil::api {

Response problem_response(const Problem& problem, const Exchange& exchange);
// The answer to what is being thrown; to be called in a catch block.
Response trouble_response(const Exchange& exchange) noexcept;

// 503, to be tried again.
Problem busy_problem(std::string code, std::string detail);

// To OPTIONS of the server as a whole.
Response options_response(const Request& request);
Response as_private(Response response);
Response asset_response(const Asset& asset, const Request& request);

}  // namespace packbench::hil::api
