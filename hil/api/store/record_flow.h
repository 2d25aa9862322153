// Records of a batch that is still being read while its first ones are stored: one thread puts slices in and ends it,
// another takes them out, as often as it must.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <vector>

#include "hil/api/values/record.h"

namespace packbench::hil::api {

class RecordFlow {
 public:
  void put(std::vector<Record> slice);
  void end();                         // there are no more
  void fail(std::exception_ptr why);  // the batch is refused: nothing of it may stay

  // The slice of this number, waited for; null behind the last. Throws why the batch is refused as soon as that is
  // known.
  const std::vector<Record>* slice(std::size_t number);

  bool open() const;                   // neither ended nor refused
  std::exception_ptr trouble() const;  // why it is refused

 private:
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::deque<std::vector<Record>> slices_;  // which stay where they are
  std::exception_ptr trouble_;
  bool ended_ = false;
};

}  // namespace packbench::hil::api
