#include "sim/trace/thinning.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace packbench::sim {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

BucketThinner::BucketThinner(std::size_t columns, std::size_t buckets)
    : columns_(columns), capacity_(buckets), buckets_(buckets), ranges_(buckets * columns, Range{kNone, kNone}) {}

void BucketThinner::add_row(double time_s) {
  if (used_ > 0 && buckets_[used_ - 1].rows < width_) {
    buckets_[used_ - 1].last_s = time_s;
    ++buckets_[used_ - 1].rows;
    return;
  }
  if (used_ == capacity_) merge_neighbours();
  buckets_[used_] = {time_s, time_s, 1};
  std::fill_n(&range(used_, 0), columns_, Range{kNone, kNone});
  ++used_;
}

void BucketThinner::add(std::size_t column, double value) {
  Range& kept = range(used_ - 1, column);
  if (std::isnan(value)) return;
  if (std::isnan(kept.low)) {
    kept = {value, value};
  } else if (value < kept.low) {
    kept.low = value;
    kept.low_first = false;
  } else if (value > kept.high) {
    kept.high = value;
    kept.low_first = true;
  }
}

BucketThinner::Range BucketThinner::merged(const Range& a, const Range& b) {
  if (std::isnan(a.low)) return b;
  if (std::isnan(b.low)) return a;
  const bool low_in_a = a.low <= b.low, high_in_a = a.high >= b.high;
  Range result{std::min(a.low, b.low), std::max(a.high, b.high)};
  result.low_first = low_in_a == high_in_a ? (low_in_a ? a : b).low_first : low_in_a;
  return result;
}

void BucketThinner::merge_neighbours() {
  for (std::size_t i = 0; i < used_ / 2; ++i) {
    const Bucket &a = buckets_[2 * i], &b = buckets_[2 * i + 1];
    buckets_[i] = {a.first_s, b.last_s, a.rows + b.rows};
    for (std::size_t column = 0; column < columns_; ++column) {
      range(i, column) = merged(range(2 * i, column), range(2 * i + 1, column));
    }
  }
  used_ /= 2;
  width_ *= 2;
}

BucketThinner::Line BucketThinner::line(std::size_t column, std::size_t points) const {
  const std::size_t per_bucket = width_ == 1 && used_ <= points ? 1 : 2;
  const std::size_t most = std::max<std::size_t>(points / per_bucket, 1);
  const std::size_t group = (used_ + most - 1) / std::max<std::size_t>(most, 1);
  Line result;
  for (std::size_t from = 0; from < used_; from += group) {
    const std::size_t to = std::min(from + group, used_);
    Range joined = range(from, column);
    for (std::size_t i = from + 1; i < to; ++i) joined = merged(joined, range(i, column));
    result.time_s.push_back(buckets_[from].first_s);
    result.value.push_back(joined.low_first ? joined.low : joined.high);
    if (buckets_[from].first_s == buckets_[to - 1].last_s) continue;
    result.time_s.push_back(buckets_[to - 1].last_s);
    result.value.push_back(joined.low_first ? joined.high : joined.low);
  }
  return result;
}

ChangeThinner::ChangeThinner(std::size_t capacity) : capacity_(capacity) {
  time_s_.reserve(capacity + 1);
  value_.reserve(capacity + 1);
}

void ChangeThinner::add(double time_s, double value) {
  last_s_ = time_s;
  if (!value_.empty() && same(value_.back(), value)) return;
  if (time_s_.size() == capacity_) thin();
  time_s_.push_back(time_s);
  value_.push_back(value);
}

void ChangeThinner::thin() {
  while (time_s_.size() > capacity_ / 2) {
    interval_s_ = interval_s_ > 0 ? 2 * interval_s_ : (last_s_ - time_s_.front()) / static_cast<double>(capacity_);
    std::size_t kept = 1;  // the first value stays
    for (std::size_t i = 1; i < time_s_.size(); ++i) {
      const bool same_interval =
          kept > 1 && std::floor(time_s_[i] / interval_s_) == std::floor(time_s_[kept - 1] / interval_s_);
      if (!same_interval) ++kept;
      time_s_[kept - 1] = time_s_[i];
      value_[kept - 1] = value_[i];
    }
    time_s_.resize(kept);
    value_.resize(kept);
  }
}

BucketThinner::Line ChangeThinner::line() const {
  BucketThinner::Line result{time_s_, value_};
  if (!time_s_.empty() && time_s_.back() < last_s_) {
    result.time_s.push_back(last_s_);
    result.value.push_back(value_.back());
  }
  return result;
}

}  // namespace packbench::sim
