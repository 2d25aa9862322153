// The records of a posted body, completed with what the server gives, a slice at a time: the first ones are stored
// while the rest is read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hil/api/service/route.h"
#include "hil/api/values/record_scan.h"

namespace packbench::hil::api {

class PostedRecords {
 public:
  // The body of the request must live as long.
  PostedRecords(const Call& call, Device device);
  PostedRecords(const PostedRecords&) = delete;
  PostedRecords& operator=(const PostedRecords&) = delete;

  // The next records. Throws the Problem of the whole body, wherever in it that is.
  std::vector<Record> slice();
  bool whole() const { return scan_.whole() || (careful_ && given_ == judged_.size()); }

 private:
  bool scan(std::vector<NewRecord>& out);
  void judge();
  Record complete(NewRecord posted) const;

  std::shared_ptr<const std::string> unpacked_;  // which body_ may show
  std::string_view body_;
  Device device_;
  std::int64_t arrival_ms_;
  RecordScan scan_;
  std::vector<NewRecord> judged_;  // all of them, read the careful way after the fast one gave up
  bool careful_ = false;
  std::size_t given_ = 0;
};

}  // namespace packbench::hil::api
