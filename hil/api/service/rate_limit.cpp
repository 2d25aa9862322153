#include "hil/api/service/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace packbench::hil::api {

RateLimiter::RateLimiter(Rate rate, std::size_t most_buckets)
    : rate_{rate.per_minute, std::max(rate.burst, 1.0)}, most_buckets_(std::max<std::size_t>(most_buckets, 1)) {}

double RateLimiter::tokens_at(const Bucket& bucket, std::int64_t now_ms) const {
  const double elapsed_min = static_cast<double>(std::max<std::int64_t>(now_ms - bucket.at_ms, 0)) / 60'000;
  return std::min(rate_.burst, bucket.tokens + elapsed_min * rate_.per_minute);
}

RateLimiter::Grant RateLimiter::grant(double tokens) const {
  const double missing = std::max(0.0, 1.0 - tokens);
  return {tokens >= 1.0, static_cast<std::int64_t>(std::floor(std::max(tokens, 0.0))),
          static_cast<std::int64_t>(std::ceil(missing * 60 / rate_.per_minute))};
}

RateLimiter::Grant RateLimiter::look(const std::string& who, std::int64_t now_ms) const {
  if (!rate_.limited()) return {};
  const auto bucket = buckets_.find(who);
  return grant(bucket == buckets_.end() ? rate_.burst : tokens_at(bucket->second, now_ms));
}

RateLimiter::Grant RateLimiter::take(const std::string& who, std::int64_t now_ms) {
  if (!rate_.limited()) return {};
  auto bucket = buckets_.find(who);
  if (bucket == buckets_.end()) {
    make_room(now_ms);
    bucket = buckets_.emplace(who, Bucket{rate_.burst, now_ms}).first;
  }
  const double tokens = tokens_at(bucket->second, now_ms);
  Grant taken = grant(tokens);
  bucket->second = {taken.allowed ? tokens - 1 : tokens, now_ms};
  if (taken.allowed) --taken.left;
  return taken;
}

void RateLimiter::make_room(std::int64_t now_ms) {
  if (buckets_.size() < most_buckets_) return;
  std::erase_if(buckets_, [&](const auto& entry) { return tokens_at(entry.second, now_ms) >= rate_.burst; });
  if (buckets_.size() >= most_buckets_) buckets_.clear();  // all of them in use: an attack, which starts anew
}

}  // namespace packbench::hil::api
