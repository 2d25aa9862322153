// How often someone may do something: a bucket of tokens for each, filled at a steady rate up to a burst.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace packbench::hil::api {

struct Rate {
  double per_minute = 0;  // 0: no limit
  double burst = 1;       // tokens of a full bucket

  bool limited() const { return per_minute > 0; }
};

class RateLimiter {
 public:
  // At most so many buckets are kept; beyond them, full ones are forgotten first.
  explicit RateLimiter(Rate rate, std::size_t most_buckets = 10'000);

  struct Grant {
    bool allowed = true;
    std::int64_t left = 0;    // whole tokens that remain
    std::int64_t wait_s = 0;  // until there is a token, 0 when there is one; rounded up
  };
  // Takes a token if there is one. Times are of a clock that never goes back.
  Grant take(const std::string& who, std::int64_t now_ms);
  // The same without taking.
  Grant look(const std::string& who, std::int64_t now_ms) const;

  const Rate& rate() const { return rate_; }
  std::size_t buckets() const { return buckets_.size(); }

 private:
  struct Bucket {
    double tokens = 0;
    std::int64_t at_ms = 0;
  };
  double tokens_at(const Bucket& bucket, std::int64_t now_ms) const;
  Grant grant(double tokens) const;
  void make_room(std::int64_t now_ms);

  Rate rate_;
  std::size_t most_buckets_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace packbench::hil::api
