#include "hil/api/service.h"

#include <spdlog/spdlog.h>

#include "hil/api/content.h"
#include "hil/api/route.h"

namespace packbench::hil::api {
namespace {

using Handler = Response (*)(const Call&);

struct Route {
  std::string_view allow;
  Handler get, post;
  Scope read, write;  // that GET and POST need
};

constexpr Route kDevices{"GET, HEAD, POST", list_devices, add_device, Scope::devices_read, Scope::devices_write};
constexpr Route kTelemetry{"GET, HEAD, POST", get_telemetry, put_telemetry, Scope::telemetry_read,
                           Scope::telemetry_write};

const Route* find_route(const std::vector<std::string>& segments) {
  if (segments.size() < 2 || segments[0] != "v1" || segments[1] != "devices") return nullptr;
  if (segments.size() == 2) return &kDevices;
  if (segments.size() == 4 && segments[3] == "telemetry") return &kTelemetry;
  return nullptr;
}

Problem unauthorized(std::string code, std::string message) {
  Problem problem = simple_problem(401, std::move(code), "Unauthorized", std::move(message));
  problem.fields = {{"WWW-Authenticate", "ApiKey realm=\"device-api\""}};
  return problem;
}

Access authorize(const KeyRing& ring, Store& store, const Request& request, std::int64_t now_ms) {
  const auto found = identify(ring, store, request.field("ApiKey"), now_ms);
  if (const Access* access = std::get_if<Access>(&found)) return *access;
  if (std::get<Denial>(found) == Denial::missing) {
    throw unauthorized(
        "key_missing",
        "Access denied due to missing subscription key. Make sure to include subscription key when making "
        "requests to an API.");
  }
  throw unauthorized("key_invalid",
                     "Access denied due to invalid subscription key. Make sure to provide a valid key for an active "
                     "subscription.");
}

void check_scope(const Access& access, Scope needed) {
  if (access.may(needed)) return;
  throw simple_problem(403, "scope_missing", "Forbidden",
                       "This key may not do that; the request needs the scope " + scope_name(needed) + ".");
}

Problem store_trouble(const StoreError& error) {
  spdlog::error("{}", error.what());
  Problem problem =
      simple_problem(503, "store_unavailable", "Service unavailable", "The store does not answer; try again.");
  problem.fields = {{"Retry-After", "1"}};
  return problem;
}

Response problem_response(const Problem& problem, const Request* request, const std::string& request_id) {
  const bool as_problem = request && prefers_problem_json(*request);
  Response response{problem.status, problem.fields, problem_body(problem, request_id)};
  response.fields.emplace_back("Content-Type", as_problem ? "application/problem+json" : "application/json");
  response.fields.emplace_back("Cache-Control", "no-store");
  return response;
}

void complete(Response& response, const std::string& request_id, std::int64_t now_ms) {
  response.fields.emplace_back("X-Request-Id", request_id);
  response.fields.emplace_back("Date", http_date(now_ms));
}

}  // namespace

Service::Service(Store& store, KeyRing keys, Clock clock, ServiceOptions options)
    : store_(store), keys_(std::move(keys)), clock_(std::move(clock)), options_(options) {}

Response Service::route(const Request& request) {
  const std::optional<Target> target = parse_target(request.target);
  if (!target) throw simple_problem(400, "bad_target", "Bad request", "The path or query has broken percent-encoding.");
  const Route* route = find_route(target->segments);
  if (!route)
    throw simple_problem(404, "route_not_found", "Not found",
                         "There is no such route; see the documentation of /v1/devices.");
  const bool get = request.method == "GET" || request.method == "HEAD";
  if (!get && request.method != "POST") {
    Problem problem = simple_problem(405, "method_not_allowed", "Method not allowed",
                                     "This route allows " + std::string(route->allow) + ".");
    problem.fields = {{"Allow", std::string(route->allow)}};
    throw problem;
  }
  const std::int64_t now_ms = clock_();
  const Access access = authorize(keys_, store_, request, now_ms);
  check_scope(access, get ? route->read : route->write);
  check_accept(request);
  if (!get) check_content(request);
  const Call call{request, *target, store_, options_, access, now_ms};
  Response response = get ? route->get(call) : route->post(call);
  response.fields.emplace_back("Content-Type", "application/json");
  response.fields.emplace_back("Cache-Control", "private, no-cache");
  response.fields.emplace_back("Vary", "ApiKey, Accept");
  return response;
}

Response Service::handle(const Request& request) noexcept {
  const std::string request_id = random_uuid();
  Response response;
  try {
    response = route(request);
  } catch (const Problem& problem) {
    response = problem_response(problem, &request, request_id);
  } catch (const StoreError& error) {
    response = problem_response(store_trouble(error), &request, request_id);
  } catch (const std::exception& error) {
    spdlog::error("request {}: {}", request_id, error.what());
    response = problem_response(
        simple_problem(500, "internal", "Internal error", "The server failed; its log has the request id."), &request,
        request_id);
  }
  complete(response, request_id, clock_());
  return response;
}

Response Service::refuse(int status, std::string code, std::string title, std::string detail) noexcept {
  const std::string request_id = random_uuid();
  Response response = problem_response(simple_problem(status, std::move(code), std::move(title), std::move(detail)),
                                       nullptr, request_id);
  complete(response, request_id, clock_());
  return response;
}

std::size_t body_limit(std::string_view method, std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  return method == "POST" && path.ends_with("/telemetry") ? kMaxTelemetryBodyBytes : kMaxBodyBytes;
}

}  // namespace packbench::hil::api
