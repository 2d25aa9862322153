#include "hil/api/service/gate.h"

#include <cmath>

#include "hil/api/values/problem.h"

namespace packbench::hil::api {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::int64_t steady_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

Problem unauthorized(Denial denial) {
  const bool missing = denial == Denial::missing;
  Problem problem = simple_problem(
      401, missing ? "key_missing" : "key_invalid", "Unauthorized",
      missing ? "Access denied due to missing subscription key. Make sure to include subscription key when making "
                "requests to an API."
              : "Access denied due to invalid subscription key. Make sure to provide a valid key for an active "
                "subscription.");
  problem.detail = missing ? "The request has no header ApiKey; a key comes in it and nowhere else."
                           : "The key in the header ApiKey is unknown, revoked or expired.";
  problem.fields = {{"WWW-Authenticate", "ApiKey realm=\"device-api\""}};
  return problem;
}

// As in the draft "RateLimit header fields for HTTP": what is left, and until when the bucket is full again.
Fields limit_fields(const std::string& policy, const Rate& rate, const RateLimiter::Grant& grant) {
  const double full_s = (rate.burst - static_cast<double>(grant.left)) * 60 / rate.per_minute;
  return {{"RateLimit-Policy", "\"" + policy + "\";q=" + std::to_string(std::llround(rate.per_minute)) + ";w=60"},
          {"RateLimit", "\"" + policy + "\";r=" + std::to_string(grant.left) +
                            ";t=" + std::to_string(static_cast<std::int64_t>(std::ceil(full_s)))}};
}

Problem too_many(const std::string& policy, const Rate& rate, const RateLimiter::Grant& grant, std::string detail) {
  const std::int64_t wait_s = std::max<std::int64_t>(grant.wait_s, 1);
  detail += " more than " + std::to_string(std::llround(rate.per_minute)) + " times a minute, beyond a burst of " +
            std::to_string(std::llround(rate.burst)) + "; try again in " + std::to_string(wait_s) + " s.";
  Problem problem = simple_problem(429, "too_many_requests", "Too many requests", std::move(detail));
  problem.fields = limit_fields(policy, rate, grant);
  problem.fields.emplace_back("Retry-After", std::to_string(wait_s));
  return problem;
}

}  // namespace

Gate::Gate(KeyRing keys, Store& store, ReadCache& cache, Metrics& metrics, Limits limits)
    : keys_(std::move(keys)),
      store_(store),
      cache_(cache),
      metrics_(metrics),
      steady_(limits.steady ? std::move(limits.steady) : Clock(steady_ms)),
      per_key_(limits.per_key),
      failures_(limits.failures_per_peer) {}

Access Gate::authorize(const Request& request, std::int64_t now_ms, std::int64_t steady_ms) {
  auto found = identify(
      keys_, [this](const std::string& id) { return cache_.find_key(id); }, request.field("ApiKey"), now_ms);
  auto* access = std::get_if<Access>(&found);
  const auto grant = failures_.look(request.peer, steady_ms);
  if (!grant.allowed && !(access && known_.has(request.peer, access->key_id))) {
    metrics_.rate_limited("failures");
    throw too_many("failures", failures_.rate(), grant, "Requests without a valid key came from this address");
  }
  if (access) {
    known_.add(request.peer, access->key_id);
    return std::move(*access);
  }
  const Denial denial = std::get<Denial>(found);
  metrics_.auth_failure(denial_name(denial));
  failures_.take(request.peer, steady_ms);
  throw unauthorized(denial);
}

bool Gate::would_admit(std::string_view key, const std::string& peer, std::int64_t now_ms) const {
  const auto found = identify(
      keys_, [this](const std::string& id) { return store_.find_key(id); }, key, now_ms);
  const auto* access = std::get_if<Access>(&found);
  return access && (failures_.look(peer, steady_()).allowed || known_.has(peer, access->key_id));
}

bool Gate::knows(std::string_view key, std::int64_t now_ms) const {
  return std::holds_alternative<Access>(identify(
      keys_, [this](const std::string& id) { return store_.find_key(id); }, key, now_ms));
}

Gate::Entry Gate::count(Access access, std::int64_t steady_ms) {
  if (!per_key_.rate().limited()) return {std::move(access), {}};
  const auto grant = per_key_.take(access.key_id, steady_ms);
  if (grant.allowed) return {std::move(access), limit_fields("key", per_key_.rate(), grant)};
  metrics_.rate_limited("key");
  throw too_many("key", per_key_.rate(), grant, "This key asks");
}

Gate::Entry Gate::admit(const Request& request, std::int64_t now_ms) {
  const std::int64_t at_ms = steady_();
  return count(authorize(request, now_ms, at_ms), at_ms);
}

}  // namespace packbench::hil::api
