#include "hil/api/judge/board_delays.h"

#include <algorithm>
#include <limits>

namespace packbench::hil::api {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kStep_ms = 100;     // between two looks at the line, as a rule
constexpr std::int64_t kSecond_ms = 1000;  // in which `_ts` is told

}  // namespace

BoardDelays::BoardDelays(std::vector<Shown> looks, const ApiClock& clock, std::optional<std::int64_t> device_ahead_ms)
    : shown_(std::move(looks)), ahead_(clock.ahead()), device_ahead_ms_(device_ahead_ms) {
  last_without_ = shown_;
  std::ranges::stable_sort(last_without_, {}, &Shown::measured_ms);
  for (std::size_t i = 1; i < last_without_.size(); ++i)
    last_without_[i].asked_ms = std::max(last_without_[i].asked_ms, last_without_[i - 1].asked_ms);
}

std::optional<std::int64_t> BoardDelays::last_without_ms(std::int64_t measured_ms) const {
  const auto end = std::ranges::lower_bound(last_without_, measured_ms, {}, &Shown::measured_ms);
  return end == last_without_.begin() ? std::nullopt : std::optional(std::prev(end)->asked_ms);
}

std::int64_t BoardDelays::reported_ms(const Explained& one) const {
  if (!device_ahead_ms_ || one.oldest_ms >= one.newest_ms) return one.newest_ms;
  return std::clamp(one.record.measured_ms - *device_ahead_ms_ + kStep_ms, one.oldest_ms, one.newest_ms);
}

std::optional<BoardDelays::Delay> BoardDelays::of(const Explained& one) const {
  if (!one.seen_ms && !ahead_) return std::nullopt;
  const std::int64_t stamp_ms = one.record.arrived_s * kSecond_ms;
  std::int64_t least_ms = ahead_ ? stamp_ms - ahead_->high_ms : kNever;
  std::int64_t most_ms = one.seen_ms ? *one.seen_ms : stamp_ms + kSecond_ms - ahead_->low_ms;
  least_ms = std::max(std::min(least_ms, most_ms), last_without_ms(one.record.measured_ms).value_or(kNever));
  most_ms = std::max(least_ms, most_ms);
  const std::int64_t from_ms = reported_ms(one);
  const auto since = [from_ms](std::int64_t ms) { return ms <= from_ms ? 0 : ms - from_ms; };
  return Delay{since(least_ms), since(most_ms)};
}

std::vector<BoardDelays::Behind> BoardDelays::behind(const std::vector<Explained>& records) const {
  struct Due {
    std::int64_t measured_ms, reported_ms;  // the oldest report of this record and the later ones
  };
  std::vector<Due> due;
  for (const Explained& one : records) due.push_back({one.record.measured_ms, reported_ms(one)});
  std::ranges::sort(due, {}, &Due::measured_ms);
  for (std::size_t i = due.size(); i-- > 1;)
    due[i - 1].reported_ms = std::min(due[i - 1].reported_ms, due[i].reported_ms);
  std::vector<Behind> behind;
  for (const Shown& shown : shown_) {
    const auto hidden = std::ranges::upper_bound(due, shown.measured_ms, {}, &Due::measured_ms);
    const std::int64_t since_ms = hidden == due.end() ? shown.asked_ms : hidden->reported_ms;
    behind.push_back({shown.asked_ms, std::max<std::int64_t>(shown.asked_ms - since_ms, 0)});
  }
  return behind;
}

}  // namespace packbench::hil::api
