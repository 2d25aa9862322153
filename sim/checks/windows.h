// What a formula remembers: a growing ring, the history behind delta and rate, the window behind `for`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "sim/checks/scored.h"

namespace packbench::sim {

// A double-ended queue in one block of memory; grows by doubling when full.
template <typename T>
class Ring {
 public:
  explicit Ring(std::size_t capacity) : slots_(std::max<std::size_t>(capacity, 2)) {}

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& front() { return slots_[first_]; }
  T& back() { return slots_[wrapped(first_ + size_ - 1)]; }
  T& operator[](std::size_t i) { return slots_[wrapped(first_ + i)]; }
  void pop_front() { first_ = wrapped(first_ + 1), --size_; }
  void pop_back() { --size_; }
  T& push_back() {
    if (size_ == slots_.size()) grow();
    ++size_;
    return back();
  }

 private:
  std::size_t wrapped(std::size_t i) const { return i < slots_.size() ? i : i - slots_.size(); }
  void grow() {
    std::rotate(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(first_), slots_.end());
    first_ = 0;
    slots_.resize(slots_.size() * 2);
  }

  std::vector<T> slots_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

// Samples that fit a window, and one before it; long windows get the rest of their memory when they need it.
inline std::size_t window_capacity(TimeNs window, TimeNs step) {
  constexpr TimeNs kMost = 1 << 16;
  return static_cast<std::size_t>(std::min<TimeNs>(window / std::max<TimeNs>(step, 1) + 3, kMost));
}

// Past values of one number or array: the value at `now - window`, or at the sample before when window is 0.
class History {
 public:
  History(TimeNs window, int count, TimeNs step)
      : window_(window), count_(count), rows_(window_capacity(window, step)) {
    for (std::size_t i = 0; i < window_capacity(window, step); ++i) rows_.push_back().values.resize(width());
    while (!rows_.empty()) rows_.pop_back();
  }

  struct Row {
    TimeNs at = 0;
    std::vector<double> values;
  };

  // Adds a sample and returns the one of a window ago, or null while there is none.
  const Row* step(TimeNs now, std::span<const double> values) {
    Row& row = rows_.push_back();
    row.at = now;
    row.values.assign(values.begin(), values.end());
    if (window_ == 0) {
      if (rows_.size() > 2) rows_.pop_front();
      return rows_.size() == 2 ? &rows_.front() : nullptr;
    }
    while (rows_.size() > 1 && rows_[1].at <= now - window_) rows_.pop_front();
    return rows_.front().at <= now - window_ ? &rows_.front() : nullptr;
  }

 private:
  std::size_t width() const { return static_cast<std::size_t>(count_); }

  TimeNs window_;
  int count_;
  Ring<Row> rows_;
};

// Least score over the last `window`: a queue in which every entry is lower than those before it, so the front is the
// least (each sample enters and leaves once). An entry lasts until the sample behind it is as old as the window.
class HeldWindow {
 public:
  HeldWindow(TimeNs window, TimeNs step) : window_(window), lows_(window_capacity(window, step)) {}

  Scored step(TimeNs now, const Scored& value) {
    close_newest(now);
    if (begin_ == kNever) begin_ = now;
    const TimeNs from = now - window_;
    while (!lows_.empty() && lows_.front().end <= from) lows_.pop_front();
    push(value);
    if (!lows_.empty() && lows_.front().value.fails()) return lows_.front().value;
    const bool complete = begin_ <= from && unknown_end_ <= from;
    return complete ? lows_.front().value : Scored{};
  }

 private:
  static constexpr TimeNs kNever = std::numeric_limits<TimeNs>::max();
  struct Low {
    Scored value;
    TimeNs end = kNever;  // time of the sample behind it
  };

  void close_newest(TimeNs now) {
    if (begin_ == kNever) return;
    TimeNs& end = newest_known_ ? lows_.back().end : unknown_end_;
    end = now;
  }

  void push(const Scored& value) {
    newest_known_ = value.known();
    if (!newest_known_) {
      unknown_end_ = kNever;
      return;
    }
    while (!lows_.empty() && lows_.back().value.score >= value.score) lows_.pop_back();
    lows_.push_back() = {value, kNever};
  }

  TimeNs window_;
  Ring<Low> lows_;
  TimeNs begin_ = kNever;
  TimeNs unknown_end_ = std::numeric_limits<TimeNs>::min();
  bool newest_known_ = false;
};

}  // namespace packbench::sim
