// A block of consecutive rows, as the writers of a trace get it.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/time.h"

namespace packbench::sim {

// Each row is its time (int64 ns) followed by `columns` doubles, all kept as 64-bit patterns: that is also the row of
// the canonical serialisation. NaN is the one quiet NaN and zero has no sign once canonicalise() ran.
class Chunk {
 public:
  Chunk(std::size_t columns, std::size_t capacity) : columns_(columns), words_(capacity * (columns + 1)) {}

  std::size_t columns() const { return columns_; }
  std::size_t rows() const { return rows_; }
  bool full() const { return (rows_ + 1) * (columns_ + 1) > words_.size(); }
  void clear() { rows_ = 0; }
  void append(TimeNs now, std::span<const double> frame);
  void canonicalise();

  TimeNs time(std::size_t row) const { return static_cast<TimeNs>(words_[row * (columns_ + 1)]); }
  // Divided, not multiplied: 0.3 s prints as 0.3.
  double time_s(std::size_t row) const { return static_cast<double>(time(row)) / 1e9; }
  std::uint64_t bits(std::size_t row, std::size_t column) const { return words_[row * (columns_ + 1) + 1 + column]; }
  double value(std::size_t row, std::size_t column) const { return std::bit_cast<double>(bits(row, column)); }
  std::span<const std::uint64_t> words() const { return {words_.data(), rows_ * (columns_ + 1)}; }

 private:
  std::size_t columns_;
  std::size_t rows_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace packbench::sim
