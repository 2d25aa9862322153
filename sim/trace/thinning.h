// Thins a signal while it is recorded, in bounded memory, keeping what an eye would miss: extremes and changes.
#pragma once

#include <cstdint>
#include <vector>

namespace packbench::sim {

// Rows fall into buckets of equal width; a bucket keeps the least and the greatest value of each column and which came
// first. When all buckets are used, neighbours merge and the width doubles. A bucket of one row is that row.
class BucketThinner {
 public:
  BucketThinner(std::size_t columns, std::size_t buckets);  // buckets: even

  // Call add_row once, then add for each column.
  void add_row(double time_s);
  void add(std::size_t column, double value);  // NaN: no value in this row

  struct Line {
    std::vector<double> time_s, value;
  };
  // At most `points` points (at least 2): one per bucket of one row, else two, at the bucket's first and last row.
  Line line(std::size_t column, std::size_t points) const;

 private:
  struct Bucket {
    double first_s = 0, last_s = 0;
    std::int64_t rows = 0;
  };
  struct Range {
    double low, high;
    bool low_first = true;
  };
  void merge_neighbours();
  static Range merged(const Range& a, const Range& b);
  Range& range(std::size_t bucket, std::size_t column) { return ranges_[bucket * columns_ + column]; }
  const Range& range(std::size_t bucket, std::size_t column) const { return ranges_[bucket * columns_ + column]; }

  std::size_t columns_, capacity_;
  std::int64_t width_ = 1;  // rows per bucket
  std::size_t used_ = 0;
  std::vector<Bucket> buckets_;
  std::vector<Range> ranges_;
};

// Keeps the changes of a coded signal. When full, only the last change in each interval stays and the interval doubles.
class ChangeThinner {
 public:
  explicit ChangeThinner(std::size_t capacity);
  void add(double time_s, double value);
  BucketThinner::Line line() const;  // closed by the last sample

 private:
  void thin();

  std::size_t capacity_;
  double last_s_ = 0;
  double interval_s_ = 0;
  std::vector<double> time_s_, value_;
};

}  // namespace packbench::sim
