// A range of a device's records thinned to one a bucket of time: for pictures of days.
//
// Buckets are [k * every, (k + 1) * every) since 1970-01-01T00:00Z, cut to the range; one without records is left out.
// What stands for a bucket is its last record, (measured_ms, id), with its id, time, state and contactors. For the
// other aggregates each number of it (voltages, temperatures, current, percents) is replaced by the mean (rounded half
// away from zero), the least or the greatest of the bucket's readings, cell by cell and sensor by sensor.
//
// These others also tell which states and faults the records of the bucket had (Record::seen), so that a fault of a
// single record is not lost in an hour; it is among the faults of the last record only when it was there at its end.
//
// The work is done in slices of about a thousand records, so that others are served in between and memory stays flat.
// The last record of a bucket is looked up; the other aggregates read every record of the range.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hil/api/store/store.h"

namespace packbench::hil::api {

enum class Aggregate { last, avg, min, max };

struct Downsampling {
  std::int64_t every_ms = 0;  // at least 1
  Aggregate agg = Aggregate::last;
};

// "60s", "5min", "1h", "1d" in ms, at least 1 s and at most 31 d; nothing for another text.
std::optional<std::int64_t> parse_every(std::string_view text);
std::optional<Aggregate> parse_aggregate(std::string_view text);
std::string_view aggregate_name(Aggregate agg);

// The range that remains behind the bucket of this time.
RangeQuery behind_bucket(RangeQuery range, std::int64_t measured_ms, std::int64_t every_ms);

class Bucket;

// The buckets of one query, at most `range.limit` of them, in its order. `range.after` must not be set.
class Downsampler {
 public:
  // The store is not owned.
  Downsampler(Store& store, std::int64_t organization, std::string device_id, const RangeQuery& range,
              Downsampling how);
  ~Downsampler();

  // Does a slice of the work; true when all is done.
  bool work();
  // What is done since the last call: a record a bucket.
  std::vector<Record> take();
  // When done: whether there are more buckets than the limit.
  bool more() const { return more_; }

 private:
  std::optional<Record> edge(const RangeQuery& within, Order order);
  bool look_up();
  bool look_up_bucket();
  bool fold();
  bool take(Record record);
  bool full() const { return taken_ + std::ssize(records_) == range_.limit; }
  void close_bucket();

  Store& store_;
  std::int64_t organization_;
  std::string device_id_;
  RangeQuery range_;  // what is left of it
  Downsampling how_;
  std::unique_ptr<Bucket> bucket_;
  std::vector<Record> records_;
  std::int64_t taken_ = 0;
  bool more_ = false;
};

}  // namespace packbench::hil::api
