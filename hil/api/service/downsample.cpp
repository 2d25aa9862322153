#include "hil/api/service/downsample.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "hil/api/values/record_fields.h"

namespace packbench::hil::api {
namespace {

constexpr std::int64_t kSlice = 1000, kLookUps = 100;
constexpr std::int64_t kLongest_ms = 31LL * 86'400'000;
constexpr std::array<std::string_view, 4> kNames{"last", "avg", "min", "max"};

// The bucket of a time by its number, also before 1970.
std::int64_t bucket_of(std::int64_t ms, std::int64_t every_ms) { return ms / every_ms - (ms % every_ms < 0 ? 1 : 0); }

// The readings of one number in one bucket.
struct Readings {
  std::int64_t count = 0, sum = 0, least = 0, greatest = 0;

  void add(std::int64_t value) {
    if (value == kNoReading) return;
    least = count == 0 ? value : std::min(least, value);
    greatest = count == 0 ? value : std::max(greatest, value);
    sum += value;
    ++count;
  }
  std::int64_t mean() const { return (sum + (sum < 0 ? -count : count) / 2) / count; }
  std::int64_t value(Aggregate agg) const {
    if (count == 0) return kNoReading;
    return agg == Aggregate::avg ? mean() : agg == Aggregate::min ? least : greatest;
  }
};

void add_all(std::vector<Readings>& readings, const std::vector<std::int64_t>& values) {
  readings.resize(std::max(readings.size(), values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) readings[i].add(values[i]);
}

void put_all(const std::vector<Readings>& readings, Aggregate agg, std::vector<std::int64_t>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = readings[i].value(agg);
}

void add_word(std::vector<std::string>& words, const std::string& word) {
  if (words.size() < kMostSeen && std::ranges::find(words, word) == words.end()) words.push_back(word);
}

void add_seen(Seen& seen, const Record& record) {
  add_word(seen.states, record.bms_state);
  if (!record.faults) return;
  for (const std::string& fault : *record.faults) add_word(seen.faults, fault);
}

}  // namespace

class Bucket {
 public:
  explicit Bucket(std::int64_t number) : number_(number) {}

  std::int64_t number() const { return number_; }
  void add(Record record, Order order) {
    for (std::size_t i = 0; i < kNumbers.size(); ++i) numbers_[i].add(record.*kNumbers[i].value);
    add_all(cells_, record.cell_dmV);
    add_all(temperatures_, record.temperatures_mdegC);
    add_seen(seen_, record);
    if (order == Order::ascending || !any_) last_ = std::move(record);
    any_ = true;
  }
  Record record(Aggregate agg) && {
    for (std::size_t i = 0; i < kNumbers.size(); ++i) last_.*kNumbers[i].value = numbers_[i].value(agg);
    put_all(cells_, agg, last_.cell_dmV);
    put_all(temperatures_, agg, last_.temperatures_mdegC);
    last_.seen = std::move(seen_);
    return std::move(last_);
  }

 private:
  std::int64_t number_;
  bool any_ = false;
  Record last_;
  std::array<Readings, kNumbers.size()> numbers_;
  std::vector<Readings> cells_, temperatures_;
  Seen seen_;
};

std::optional<std::int64_t> parse_every(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kUnits{
      {{"s", 1000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(stop - text.data()));
  const auto* const known = std::ranges::find(kUnits, unit, &std::pair<std::string_view, std::int64_t>::first);
  if (error != std::errc() || known == kUnits.end()) return std::nullopt;
  if (number < 1 || number > kLongest_ms / known->second) return std::nullopt;
  return number * known->second;
}

std::optional<Aggregate> parse_aggregate(std::string_view text) {
  const auto* const name = std::ranges::find(kNames, text);
  if (name == kNames.end()) return std::nullopt;
  return static_cast<Aggregate>(name - kNames.begin());
}

std::string_view aggregate_name(Aggregate agg) { return kNames[static_cast<std::size_t>(agg)]; }

RangeQuery behind_bucket(RangeQuery range, std::int64_t measured_ms, std::int64_t every_ms) {
  const std::int64_t begin_ms = bucket_of(measured_ms, every_ms) * every_ms;
  if (range.order == Order::ascending) {
    range.from_ms = std::max(range.from_ms, begin_ms + every_ms);
  } else {
    range.to_ms = std::min(range.to_ms, begin_ms);
  }
  return range;
}

Downsampler::Downsampler(Store& store, std::int64_t organization, std::string device_id, const RangeQuery& range,
                         Downsampling how)
    : store_(store), organization_(organization), device_id_(std::move(device_id)), range_(range), how_(how) {}

Downsampler::~Downsampler() = default;

bool Downsampler::work() { return how_.agg == Aggregate::last ? look_up() : fold(); }

std::vector<Record> Downsampler::take() {
  taken_ += std::ssize(records_);
  return std::exchange(records_, {});
}

// The first record in this order, of a range.
std::optional<Record> Downsampler::edge(const RangeQuery& within, Order order) {
  auto found = store_.range(organization_, device_id_, {within.from_ms, within.to_ms, order, std::nullopt, 1});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

bool Downsampler::look_up() {
  for (std::int64_t i = 0; i < kLookUps; ++i) {
    if (look_up_bucket()) return true;
  }
  return false;
}

// The last record of the next bucket; true when there is none, or no room for it.
bool Downsampler::look_up_bucket() {
  auto record = edge(range_, range_.order);
  if (!record) return true;
  if (full()) return more_ = true;
  const RangeQuery rest = behind_bucket(range_, record->measured_ms, how_.every_ms);
  if (range_.order == Order::ascending) {
    RangeQuery bucket = range_;
    bucket.to_ms = std::min(rest.from_ms, range_.to_ms);
    record = edge(bucket, Order::descending);
  }
  if (record) records_.push_back(std::move(*record));
  range_ = rest;
  return false;
}

bool Downsampler::fold() {
  RangeQuery page = range_;
  page.limit = kSlice;
  auto read = store_.range(organization_, device_id_, page);
  const bool last = std::ssize(read) < kSlice;
  for (Record& record : read) {
    range_.after = Cursor{record.measured_ms, record.id};
    if (take(std::move(record))) return true;
  }
  if (last) close_bucket();
  return last;
}

// Adds a record to its bucket; true when that would be one bucket too many.
bool Downsampler::take(Record record) {
  const std::int64_t number = bucket_of(record.measured_ms, how_.every_ms);
  if (!bucket_ || bucket_->number() != number) {
    close_bucket();
    if (full()) return more_ = true;
    bucket_ = std::make_unique<Bucket>(number);
  }
  bucket_->add(std::move(record), range_.order);
  return false;
}

void Downsampler::close_bucket() {
  if (bucket_) records_.push_back(std::move(*bucket_).record(how_.agg));
  bucket_.reset();
}

}  // namespace packbench::hil::api
