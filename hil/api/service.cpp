#include "hil/api/service.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "hil/api/accept.h"
#include "hil/api/content.h"
#include "hil/api/gzip.h"
#include "hil/api/route.h"

namespace packbench::hil::api {

struct Route {
  std::string_view name, allow;
  Reading (*get)(const Call&);
  Writing (*post)(const Call&);
  Scope read, write;                          // that GET and POST need
  std::span<const Media> media = kJsonMedia;  // that GET can give
};

namespace {

constexpr Route kDevices{"/v1/devices", "GET, HEAD, POST",   list_devices,
                         add_device,    Scope::devices_read, Scope::devices_write};
constexpr Route kTelemetry{"/v1/devices/{deviceId}/telemetry",
                           "GET, HEAD, POST",
                           get_telemetry,
                           put_telemetry,
                           Scope::telemetry_read,
                           Scope::telemetry_write,
                           kRecordMedia};
// The newest record and then every newer one: Service::follow.
constexpr Route kLive{"/v1/devices/{deviceId}/telemetry/live",
                      "GET, HEAD",
                      nullptr,
                      nullptr,
                      Scope::telemetry_read,
                      Scope::telemetry_write,
                      kEventMedia};

const Route* find_route(const std::vector<std::string>& segments) {
  if (segments.size() < 2 || segments[0] != "v1" || segments[1] != "devices") return nullptr;
  if (segments.size() == 2) return &kDevices;
  if (segments.size() == 4 && segments[3] == "telemetry") return &kTelemetry;
  if (segments.size() == 5 && segments[3] == "telemetry" && segments[4] == "live") return &kLive;
  return nullptr;
}

bool reads(const Request& request) { return request.method == "GET" || request.method == "HEAD"; }

void check_method(bool allowed, std::string_view allow) {
  if (allowed) return;
  Problem problem =
      simple_problem(405, "method_not_allowed", "Method not allowed", "This route allows " + std::string(allow) + ".");
  problem.fields = {{"Allow", std::string(allow)}};
  throw problem;
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

Response problem_response(const Problem& problem, bool as_problem_json, const std::string& request_id) {
  Response response{problem.status, problem.fields, problem_body(problem, request_id)};
  response.fields.emplace_back("Content-Type", as_problem_json ? "application/problem+json" : "application/json");
  response.fields.emplace_back("Cache-Control", "no-store");
  return response;
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

// Pages get nothing but what comes from here: no script, style or connection of another place, and no frame around
// them.
constexpr const char* kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

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

}  // namespace

struct Service::Exchange {
  std::string request_id = random_uuid();
  std::string method{}, peer{}, key{};  // the key as a log may show it
  std::string_view route = "other";
  bool problem_json = false, gzip = false;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string, std::string>> fields{};  // of any answer to it
};

struct Service::Pending {
  Change change;
  std::function<Response(const Changed&)> answer;
};

struct Service::Long {
  Work work;
  Exchange exchange;
  Answer answer;
};

Service::Service(Store& store, KeyRing keys, Clock clock, ServiceOptions options)
    : store_(store),
      clock_(std::move(clock)),
      options_(std::move(options)),
      gate_(std::move(keys), store, metrics_, options_.limits),
      operations_(store, metrics_, clock_, options_.readiness) {}

const Asset* Service::asset_of(const Request& request) const {
  if (!request.surface.api) return nullptr;
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  const auto found = std::ranges::find(options_.assets, path, &Asset::path);
  return found == options_.assets.end() ? nullptr : &*found;
}

Service::Judged Service::judge(const Request& request, Exchange& exchange) {
  if (const auto path = Operations::path_of(request)) {
    exchange.route = *path;
    check_method(reads(request), "GET, HEAD");
    return operations_.answer(*path);
  }
  if (const Asset* asset = asset_of(request)) {
    exchange.route = asset->path;
    check_method(reads(request), "GET, HEAD");
    return asset_response(*asset, request);
  }
  const std::optional<Target> target = parse_target(request.target);
  if (!target) throw simple_problem(400, "bad_target", "Bad request", "The path or query has broken percent-encoding.");
  const Route* route = request.surface.api ? find_route(target->segments) : nullptr;
  if (!route)
    throw simple_problem(404, "route_not_found", "Not found",
                         "There is no such route; see the documentation of /v1/devices.");
  exchange.route = route->name;
  check_method(reads(request) || (request.method == "POST" && route->post), route->allow);
  const std::int64_t now_ms = clock_();
  Gate::Entry entry = gate_.admit(request, now_ms);
  exchange.fields = std::move(entry.fields);
  check_scope(entry.access, reads(request) ? route->read : route->write);
  const Media media = negotiate(request, reads(request) ? route->media : kJsonMedia);
  return judge_call(*route, {request, *target, store_, options_, entry.access, now_ms, media, streams_});
}

Service::Judged Service::judge_call(const Route& route, const Call& call) {
  if (&route == &kLive) return follow(call);
  if (reads(call.request)) {
    Reading reading = route.get(call);
    if (auto* work = std::get_if<Work>(&reading)) return std::move(*work);
    return as_private(std::move(std::get<Response>(reading)));
  }
  check_content(call.request);
  Writing writing = route.post(call);
  return Pending{{call.access.organization, call.now_ms, std::move(writing.what), once_of(call.request)},
                 std::move(writing.answer)};
}

// A key that is revoked while its holder follows a device ends that.
Response Service::follow(const Call& call) {
  const std::string key(call.request.field("ApiKey").value_or(""));
  return open_live(call, live_, [this, key] { return gate_.knows(key, clock_()); });
}

void Service::start_work(Work piece, Exchange exchange, Answer answer) {
  if (working_ >= kMostLong) {
    Problem problem = simple_problem(503, "too_many_ranges", "Service unavailable",
                                     "Too many ranges are thinned at this moment; try again.");
    problem.fields = {{"Retry-After", "1"}};
    return answer(complete(problem_response(problem, exchange.problem_json, exchange.request_id), exchange));
  }
  ++working_;
  work(std::make_shared<Long>(std::move(piece), std::move(exchange), std::move(answer)));
}

// A piece of work, and the next one later, until there is an answer.
void Service::work(const std::shared_ptr<Long>& job) noexcept {
  std::optional<Response> response;
  do {
    try {
      response = job->work();
      if (response) response = as_private(std::move(*response));
    } catch (...) {
      response = trouble(job->exchange);
    }
    if (!response && later_) return later_([this, job] { work(job); });
  } while (!response);
  --working_;
  job->answer(complete(std::move(*response), job->exchange));
}

// The answer to a change that was made, or tried.
Response Service::finish(const Written& written, const std::function<Response(const Changed&)>& answer) {
  if (!written.changed) throw StoreError(written.error);
  if (written.changed->outcome == Outcome::key_conflict) {
    throw simple_problem(409, "idempotency_conflict", "Conflict",
                         "This Idempotency-Key was used with another request.");
  }
  if (written.changed->outcome == Outcome::made) metrics_.ingested(written.changed->count);
  return as_private(answer(*written.changed));
}

void Service::write(Pending pending, Exchange exchange, Answer answer) {
  const auto* const ingest = std::get_if<Ingest>(&pending.change.what);
  auto done = [this, organization = pending.change.organization, device = ingest ? ingest->device_id : "",
               exchange = std::move(exchange), answer = std::move(answer),
               make_answer = std::move(pending.answer)](const Written& written) {
    Response response;
    try {
      response = finish(written, make_answer);
    } catch (...) {
      response = trouble(exchange);
    }
    answer(complete(std::move(response), exchange));
    if (written.changed && written.changed->count.accepted > 0) live_.changed(organization, device);
  };
  if (queue_) {
    if (!queue_->submit(std::move(pending.change), done)) done({std::nullopt, "Too many changes wait for the store."});
    return;
  }
  Written written;
  try {
    written.changed = store_.apply(std::span(&pending.change, 1)).front();
  } catch (const StoreError& error) {
    written.error = error.what();
  }
  done(written);
}

void Service::handle(const Request& request, Answer answer) noexcept {
  Exchange exchange;
  exchange.method = request.method;
  exchange.peer = request.peer;
  exchange.key = masked(request.field("ApiKey").value_or(""));
  exchange.problem_json = prefers_problem_json(request);
  exchange.gzip = accepts_gzip(request);
  Response response;
  try {
    auto judged = judge(request, exchange);
    if (auto* pending = std::get_if<Pending>(&judged)) {
      return write(std::move(*pending), std::move(exchange), std::move(answer));
    }
    if (auto* long_work = std::get_if<Work>(&judged)) {
      return start_work(std::move(*long_work), std::move(exchange), std::move(answer));
    }
    response = std::move(std::get<Response>(judged));
  } catch (...) {
    response = trouble(exchange);
    const bool refused = response.status == 400 || response.status == 413 || response.status == 422;
    if (refused && request.method == "POST" && exchange.route == kTelemetry.name) metrics_.ingest_rejected();
  }
  answer(complete(std::move(response), exchange));
}

Response Service::handle(const Request& request) noexcept {
  Response given;
  handle(request, [&given](Response response) { given = std::move(response); });
  return given;
}

// The answer to what is being thrown.
Response Service::trouble(const Exchange& exchange) noexcept {
  try {
    throw;
  } catch (const Problem& problem) {
    return problem_response(problem, exchange.problem_json, exchange.request_id);
  } catch (const StoreError& error) {
    return problem_response(store_trouble(error), exchange.problem_json, exchange.request_id);
  } catch (const std::exception& error) {
    spdlog::error("request {}: {}", exchange.request_id, error.what());
    return problem_response(
        simple_problem(500, "internal", "Internal error", "The server failed; its log has the request id."),
        exchange.problem_json, exchange.request_id);
  }
}

Response Service::complete(Response response, const Exchange& exchange) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - exchange.begin;
  metrics_.request(exchange.route, exchange.method, response.status, took.count());
  if (options_.log_requests) {
    spdlog::info("{} {} {} {} key {} in {:.1f} ms, request {}", exchange.peer, exchange.method, exchange.route,
                 response.status, exchange.key, took.count() * 1e3, exchange.request_id);
  }
  if (exchange.gzip && response.body.size() > kGzipFrom) compress(response);
  response.fields.insert(response.fields.end(), exchange.fields.begin(), exchange.fields.end());
  response.fields.emplace_back("X-Request-Id", exchange.request_id);
  response.fields.emplace_back("Date", http_date(clock_()));
  return response;
}

Response Service::refuse(int status, std::string code, std::string title, std::string detail) noexcept {
  Exchange exchange;
  const Problem problem = simple_problem(status, std::move(code), std::move(title), std::move(detail));
  return complete(problem_response(problem, false, exchange.request_id), exchange);
}

void Service::settle() {
  if (queue_) queue_->settle();
}

std::size_t body_limit(std::string_view method, std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  return method == "POST" && path.ends_with("/telemetry") ? kMaxTelemetryBodyBytes : kMaxBodyBytes;
}

}  // namespace packbench::hil::api
