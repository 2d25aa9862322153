#include "hil/api/http/cors.h"

#include <algorithm>
#include <stdexcept>

namespace packbench::hil::api {
namespace {

constexpr const char* kAllowedFields = "ApiKey, Content-Type, If-None-Match, Idempotency-Key";
constexpr const char* kExposedFields =
    "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, X-Next-Cursor, X-Request-Id";

// As a browser writes it: lower case, without a path.
bool is_origin(std::string_view text) {
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  const std::string_view host = text.substr(scheme);
  return scheme > 0 && !host.empty() && std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  std::string_view("-._:[]").find(c) != std::string_view::npos;
         });
}

}  // namespace

Cors::Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {
  for (const std::string& origin : origins_) {
    if (!is_origin(origin)) {
      throw std::invalid_argument("'" + origin +
                                  "' is no origin (expected a scheme and a host in lower case, with a port where it is "
                                  "not the usual one: https://bench.example, http://localhost:5173).");
    }
  }
}

bool Cors::allows(std::string_view origin) const { return std::ranges::find(origins_, origin) != origins_.end(); }

std::optional<Response> Cors::preflight(const Request& request, std::string_view methods) const {
  const bool asks = request.method == "OPTIONS" && request.field("Access-Control-Request-Method");
  if (!asks || !allows(request.field("Origin").value_or(""))) return std::nullopt;
  return Response{204,
                  {{"Access-Control-Allow-Methods", std::string(methods)},
                   {"Access-Control-Allow-Headers", kAllowedFields},
                   {"Access-Control-Max-Age", "600"},
                   {"Cache-Control", "no-store"}},
                  ""};
}

void Cors::complete(Response& response, std::string_view origin) const {
  if (origins_.empty()) return;
  const auto vary =
      std::ranges::find(response.fields, "Vary", [](const auto& field) -> const std::string& { return field.first; });
  if (vary == response.fields.end()) {
    response.set("Vary", "Origin");
  } else if (!vary->second.ends_with("Origin")) {
    vary->second += ", Origin";
  }
  if (!allows(origin)) return;
  response.set("Access-Control-Allow-Origin", std::string(origin));
  response.set("Access-Control-Expose-Headers", kExposedFields);
}

}  // namespace packbench::hil::api
