// A range of a device's records as one answer of any length: NDJSON or CSV, in slices of a few hundred records, each
// made when the client can take it, so that others are served in between and memory stays flat.
//
// The window is that of the first slice. The place is (measured_ms, id) of the last record, so one that arrives
// meanwhile is in the answer when its place is still to come, and nothing repeats. The answer stays incomplete when the
// store fails or the key ends.
#pragma once

#include <functional>
#include <string>

#include "hil/api/service/record_writer.h"
#include "hil/api/service/streams.h"
#include "hil/api/service/telemetry_query.h"
#include "hil/api/store/store.h"

namespace packbench::hil::api {

class RecordStream : public Feed {
 public:
  // Throws 503 when there are too many, and what the store throws at the first slice. Store and streams are not owned.
  RecordStream(const Call& call, const Device& device, const TelemetryQuery& query);
  ~RecordStream() override;
  RecordStream(const RecordStream&) = delete;
  RecordStream& operator=(const RecordStream&) = delete;

  // The first slice is all there is: the answer needs no feed.
  bool is_short() const { return last_ == Step::whole; }
  std::string take_first() { return std::exchange(first_, {}); }

  bool ends() const override { return true; }
  Step next(std::string& out) override;

 private:
  using Visitor = std::function<void(const Record&)>;

  Step slice(std::string& out);

  Streams& streams_;
  std::string key_;
  Media media_;
  RecordWriter writer_;
  std::function<bool(const Visitor&)> show_;  // the next records; true when they are the last
  std::string first_;
  Step last_ = Step::more;  // how the last slice ended
  bool begun_ = false;
};

}  // namespace packbench::hil::api
