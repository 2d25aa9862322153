#include "hil/api/service/answers.h"

#include <spdlog/spdlog.h>

#include "hil/api/http/content.h"
#include "hil/api/store/store.h"

namespace packbench::hil::api {
namespace {

// Pages get nothing but what comes from here: no script, style or connection of another place, and no frame around
// them.
constexpr const char* kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

}  // namespace

Response problem_response(const Problem& problem, const Exchange& exchange) {
  Response response{problem.status, problem.fields, problem_body(problem, exchange.request_id)};
  response.set("Content-Type", exchange.problem_json ? "application/problem+json" : "application/json");
  response.set("Cache-Control", "no-store");
  return response;
}

Response trouble_response(const Exchange& exchange) noexcept {
  try {
    throw;
  } catch (const Problem& problem) {
    return problem_response(problem, exchange);
  } catch (const StoreError& error) {
    spdlog::error("{}", error.what());
    return problem_response(busy_problem("store_unavailable", "The store does not answer; try again."), exchange);
  } catch (const std::exception& error) {
    spdlog::error("request {}: {}", exchange.request_id, error.what());
    return problem_response(
        simple_problem(500, "internal", "Internal error", "The server failed; its log has the request id."), exchange);
  }
}

Problem busy_problem(std::string code, std::string detail) {
  Problem problem = simple_problem(503, std::move(code), "Service unavailable", std::move(detail));
  problem.fields = {{"Retry-After", "1"}};
  return problem;
}

Response options_response(const Request& request) {
  const char* const allow = request.surface.api ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS";
  return {204, {{"Allow", allow}, {"Cache-Control", "no-store"}}, ""};
}

Response as_private(Response response) {
  const auto set_unless_said = [&response](const char* name, const char* value) {
    if (response.text_of(name).empty()) response.set(name, value);
  };
  if (response.status != 304) set_unless_said("Content-Type", "application/json");
  set_unless_said("Cache-Control", "private, no-cache");
  response.set("Vary", "ApiKey, Accept, Accept-Encoding, Origin");
  return response;
}

Response asset_response(const Asset& asset, const Request& request) {
  Response response;
  const std::string tag = entity_tag(asset.content);
  response.status = has_tag(request, tag) ? 304 : 200;
  if (response.status == 200) response.body = asset.content;
  if (response.status == 200) response.set("Content-Type", std::string(asset.type));
  response.set("ETag", tag);
  response.set("Cache-Control", "no-cache");
  response.set("Vary", "Accept-Encoding");
  response.set("Content-Security-Policy", kPagePolicy);
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "no-referrer");
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

}  // namespace packbench::hil::api
