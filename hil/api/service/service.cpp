#include "hil/api/service/service.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "hil/api/http/accept.h"
#include "hil/api/http/content.h"
#include "hil/api/http/gzip.h"
#include "hil/api/service/answers.h"
#include "hil/api/service/route_table.h"
#include "hil/api/service/service_later.h"

namespace packbench::hil::api {

Service::Service(Store& store, KeyRing keys, Clock clock, ServiceOptions options)
    : store_(store),
      clock_(std::move(clock)),
      options_(std::move(options)),
      cache_(store),
      gate_(std::move(keys), store, cache_, metrics_, options_.limits),
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
    check_reads(request);
    return operations_.answer(*path);
  }
  if (const Asset* asset = asset_of(request)) {
    exchange.route = asset->path;
    check_reads(request);
    return asset_response(*asset, request);
  }
  if (request.method == "OPTIONS" && request.target == "*") return options_response(request);
  const std::optional<Target> target = parse_target(request.target);
  if (!target)
    throw simple_problem(400, "bad_target", "Bad request",
                         "The target must be a path in visible ASCII, with or without a query; everything else is "
                         "percent-encoded, a percent sign as %25.");
  const Route* route = request.surface.api ? find_route(target->segments) : nullptr;
  if (!route) throw route_not_found(*target, request.surface);
  exchange.route = route->name;
  if (auto allowed = options_.cors.preflight(request, route->allow)) return std::move(*allowed);
  check_method(*route, request);
  const std::int64_t now_ms = clock_();
  cache_.refresh();
  Gate::Entry entry = gate_.admit(request, now_ms);
  exchange.fields = std::move(entry.fields);
  check_scope(entry.access, reads(request) ? route->read : route->write);
  const Media media = negotiate(request, reads(request) ? route->media : kJsonMedia);
  return judge_call(*route, {request, *target, store_, cache_, options_, entry.access, now_ms, media, streams_});
}

Service::Judged Service::judge_call(const Route& route, Call call) {
  if (&route == &kLive) return follow(call);
  if (reads(call.request)) {
    Reading reading = route.get(call);
    if (auto* work = std::get_if<Work>(&reading)) return std::move(*work);
    return as_private(std::move(std::get<Response>(reading)));
  }
  check_content(call.request);
  if (auto body = unpacked_body(call.request, body_limit(call.request.method, call.request.target)))
    call.unpacked = std::make_shared<const std::string>(std::move(*body));
  Writing writing = route.post(call);
  return Pending{{call.access.organization, call.now_ms, std::move(writing.what), once_of(call)},
                 std::move(writing.answer),
                 std::move(writing.read_rest)};
}

// A key that is revoked while its holder follows a device ends that.
Response Service::follow(const Call& call) {
  const std::string key(call.request.field("ApiKey").value_or(""));
  return open_live(call, live_, [this, key] { return gate_.knows(key, clock_()); });
}

void Service::handle(const Request& request, Answer answer) noexcept {
  Exchange exchange;
  exchange.method = request.method;
  exchange.peer = request.peer;
  exchange.origin = request.field("Origin").value_or("");
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
    response = trouble_response(exchange);
    count_refusal(response, exchange);
  }
  answer(complete(std::move(response), exchange));
}

Response Service::handle(const Request& request) noexcept {
  Response given;
  handle(request, [&given](Response response) { given = std::move(response); });
  return given;
}

void Service::count_refusal(const Response& response, const Exchange& exchange) {
  const bool refused = response.status == 400 || response.status == 413 || response.status == 422;
  if (refused && exchange.method == "POST" && exchange.route == kTelemetry.name) metrics_.ingest_rejected();
}

Response Service::complete(Response response, const Exchange& exchange) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - exchange.begin;
  metrics_.request(exchange.route, exchange.method, response.status, took.count());
  if (options_.log_requests && spdlog::should_log(spdlog::level::info)) {
    spdlog::info("{} {} {} {} key {} in {:.1f} ms, request {}", exchange.peer, exchange.method, exchange.route,
                 response.status, exchange.key, took.count() * 1e3, exchange.request_id);
  }
  if (exchange.gzip && response.body.size() > kGzipFrom) compress(response);
  response.fields.insert(response.fields.end(), exchange.fields.begin(), exchange.fields.end());
  options_.cors.complete(response, exchange.origin);
  response.fields.emplace_back("X-Request-Id", exchange.request_id);
  response.fields.emplace_back("Date", http_date(clock_()));
  return response;
}

Response Service::refuse(int status, std::string code, std::string title, std::string detail) noexcept {
  Exchange exchange;
  const Problem problem = simple_problem(status, std::move(code), std::move(title), std::move(detail));
  return complete(problem_response(problem, exchange), exchange);
}

bool Service::would_admit(std::string_view key, const std::string& peer) noexcept {
  try {
    return gate_.would_admit(key, peer, clock_());
  } catch (const std::exception&) {
    return true;  // the store does not answer, which handle() says
  }
}

void Service::settle() {
  if (queue_) queue_->settle();
}

std::size_t body_limit(std::string_view method, std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  return method == "POST" && path.ends_with("/telemetry") ? kMaxTelemetryBodyBytes : kMaxBodyBytes;
}

}  // namespace packbench::hil::api
