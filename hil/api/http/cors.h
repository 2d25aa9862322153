// Pages of other places that may call the API from a browser: CORS, as the Fetch standard has it. Off without origins.
//
// An origin is allowed as it is written, scheme, host and port: no patterns and no "*". A browser asks first (a
// preflight, which has no key) and is told the methods of the route and the fields of 2.8 of the contract; every answer
// then names the origin that may read it. Cookies play no part, so nothing is said of credentials.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hil/api/http/http_message.h"

namespace packbench::hil::api {

class Cors {
 public:
  Cors() = default;
  // "https://bench.example", "http://localhost:5173". Throws std::invalid_argument with a sentence for what is none.
  explicit Cors(std::vector<std::string> origins);

  // The answer to a preflight of an allowed origin; nothing for any other request.
  std::optional<Response> preflight(const Request& request, std::string_view methods) const;
  // Completes an answer to a request with this Origin, which may be empty.
  void complete(Response& response, std::string_view origin) const;

 private:
  bool allows(std::string_view origin) const;

  std::vector<std::string> origins_;
};

}  // namespace packbench::hil::api
