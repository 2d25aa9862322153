// How far the API's clock is ahead of this machine's, between two bounds.
//
// A time that the API tells in whole seconds, between asking and the answer, bounds the difference to a second and the
// time that the answer took; further ones narrow that. Where they contradict each other (a clock was set, an answer
// came from a cache) the bounds hold all that was told.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace packbench::hil::api {

class ApiClock {
 public:
  struct Bounds {
    std::int64_t low_ms = 0, high_ms = 0;
  };

  void note(std::int64_t told_ms, std::int64_t asked_ms, std::int64_t answered_ms) {
    const Bounds told{told_ms - answered_ms, told_ms + 1000 - asked_ms};
    const Bounds before = ahead_.value_or(told);
    torn_ = torn_ || told.low_ms > before.high_ms || told.high_ms < before.low_ms;
    ahead_ = torn_ ? Bounds{std::min(before.low_ms, told.low_ms), std::max(before.high_ms, told.high_ms)}
                   : Bounds{std::max(before.low_ms, told.low_ms), std::min(before.high_ms, told.high_ms)};
  }

  const std::optional<Bounds>& ahead() const { return ahead_; }  // nothing while it was not told
  std::int64_t middle_ms() const { return ahead_ ? (ahead_->low_ms + ahead_->high_ms) / 2 : 0; }

 private:
  std::optional<Bounds> ahead_;
  bool torn_ = false;
};

}  // namespace packbench::hil::api
