#include "hil/api/service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "hil/api/route.h"

namespace packbench::hil::api {
namespace {

using Handler = Response (*)(const Call&);

struct Route {
  std::string_view allow;
  Handler get, post;
};

constexpr Route kDevices{"GET, HEAD, POST", list_devices, add_device};
constexpr Route kTelemetry{"GET, HEAD, POST", get_telemetry, put_telemetry};

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

Access authorize(const KeyRing& keys, const Request& request) {
  const auto key = request.field("ApiKey");
  const std::optional<Access> access = keys.find(key.value_or(""));
  if (!key) {
    throw unauthorized(
        "key_missing",
        "Access denied due to missing subscription key. Make sure to include subscription key when making "
        "requests to an API.");
  }
  if (!access) {
    throw unauthorized("key_invalid",
                       "Access denied due to invalid subscription key. Make sure to provide a valid key for an active "
                       "subscription.");
  }
  return *access;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  std::erase_if(out, [](char c) { return c == ' ' || c == '\t'; });
  return out;
}

// Whether one of the media ranges of an Accept field is `type` and not refused by q=0.
bool lists(std::string_view accept, std::string_view type) {
  std::string text = lower_case(accept) + ",";
  for (std::size_t begin = 0, end = 0; (end = text.find(',', begin)) != std::string::npos; begin = end + 1) {
    const std::string_view range = std::string_view(text).substr(begin, end - begin);
    const std::size_t quality = range.find(";q=");
    const bool refused = quality != std::string_view::npos &&
                         range.substr(quality + 3).find_first_not_of("0.") == std::string_view::npos;
    if (range.substr(0, range.find(';')) == type && !refused) return true;
  }
  return false;
}

void check_accept(const Request& request) {
  const auto accept = request.field("Accept");
  if (!accept || accept->empty()) return;
  constexpr std::array<std::string_view, 4> kTypes{"*/*", "application/*", "application/json",
                                                   "application/problem+json"};
  if (std::ranges::none_of(kTypes, [&](std::string_view type) { return lists(*accept, type); })) {
    throw simple_problem(406, "not_acceptable", "Not acceptable",
                         "The answer is application/json, which the Accept header does not list.");
  }
}

void check_content(const Request& request) {
  const std::string type = lower_case(request.field("Content-Type").value_or(""));
  if (type != "application/json" && type != "application/json;charset=utf-8" &&
      type != "application/json;charset=\"utf-8\"") {
    throw simple_problem(415, "unsupported_media_type", "Unsupported media type",
                         "The body must be application/json in UTF-8.");
  }
  const std::string encoding = lower_case(request.field("Content-Encoding").value_or("identity"));
  if (encoding != "identity") {
    throw simple_problem(415, "unsupported_encoding", "Unsupported content encoding",
                         "The body must not be compressed.");
  }
}

Problem store_trouble(const StoreError& error) {
  spdlog::error("{}", error.what());
  Problem problem =
      simple_problem(503, "store_unavailable", "Service unavailable", "The store does not answer; try again.");
  problem.fields = {{"Retry-After", "1"}};
  return problem;
}

Response problem_response(const Problem& problem, const Request* request, const std::string& request_id) {
  const bool as_problem = request && lists(request->field("Accept").value_or(""), "application/problem+json");
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
  const Access access = authorize(keys_, request);
  check_accept(request);
  if (!get) check_content(request);
  const Call call{request, *target, store_, options_, access, clock_()};
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
