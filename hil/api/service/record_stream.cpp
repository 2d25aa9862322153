#include "hil/api/service/record_stream.h"

#include <limits>
#include <memory>
#include <utility>

namespace packbench::hil::api {
namespace {

constexpr std::int64_t kSlice = 512;  // records
constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

using Visitor = std::function<void(const Record&)>;
using Show = std::function<bool(const Visitor&)>;

Show slices(Store& store, const Device& device, const TelemetryQuery& query) {
  RangeQuery range = query.range;
  range.fields = query.fields();
  range.limit = kSlice;
  return [&store, organization = device.organization, id = device.device_id, range](const Visitor& visitor) mutable {
    std::int64_t count = 0;
    Cursor last;
    store.visit(organization, id, range, [&](const Record& record) {
      visitor(record);
      if (++count == kSlice) last = {record.measured_ms, record.id};
    });
    range.after = std::move(last);
    return count < kSlice;
  };
}

Show buckets(Store& store, const Device& device, const TelemetryQuery& query) {
  RangeQuery range = rest_of(query);
  range.limit = kNoLimit;
  const auto work = std::make_shared<Downsampler>(store, device.organization, device.device_id, range, *query.thinned);
  return [work](const Visitor& visitor) {
    const bool done = work->work();
    for (const Record& record : work->take()) visitor(record);
    return done;
  };
}

Streams& with_room(Streams& streams) {
  if (streams.open < kMostStreams) return streams;
  Problem problem = simple_problem(503, "too_many_streams", "Service unavailable",
                                   "Too many ranges are streamed at this moment; try again, or ask for pages.");
  problem.fields = {{"Retry-After", "5"}};
  throw problem;
}

}  // namespace

RecordStream::RecordStream(const Call& call, const Device& device, const TelemetryQuery& query)
    : streams_(with_room(call.streams)),
      key_(call.request.field("ApiKey").value_or("")),
      media_(call.media),
      writer_(call.media, device, query.form(), query.of()),
      show_(query.thinned ? buckets(call.store, device, query) : slices(call.store, device, query)) {
  writer_.begin(first_);
  slice(first_);
  ++streams_.open;
  streams_.metrics.streams(+1);
}

RecordStream::~RecordStream() {
  --streams_.open;
  streams_.metrics.streams(-1);
  const std::string_view result = last_ == Step::whole ? "whole" : last_ == Step::broken ? "failed" : "left";
  if (begun_) streams_.metrics.stream(media_name(media_), result);
}

Feed::Step RecordStream::next(std::string& out) {
  begun_ = true;
  if (!first_.empty())
    out += take_first();
  else
    slice(out);
  return last_;
}

Feed::Step RecordStream::slice(std::string& out) {
  last_ = Step::broken;  // unless it goes well
  if (begun_ && !streams_.knows(key_)) return last_;
  std::int64_t records = 0;
  const bool done = show_([&](const Record& record) {
    writer_.add(out, record);
    ++records;
  });
  streams_.metrics.streamed(records);
  return last_ = done ? Step::whole : Step::more;
}

}  // namespace packbench::hil::api
