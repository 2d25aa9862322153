#include "hil/api/store/record_flow.h"

namespace packbench::hil::api {

void RecordFlow::put(std::vector<Record> slice) {
  {
    const std::scoped_lock lock(mutex_);
    slices_.push_back(std::move(slice));
  }
  news_.notify_one();
}

void RecordFlow::end() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  news_.notify_one();
}

void RecordFlow::fail(std::exception_ptr why) {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    trouble_ = std::move(why);
  }
  news_.notify_one();
}

const std::vector<Record>* RecordFlow::slice(std::size_t number) {
  std::unique_lock lock(mutex_);
  news_.wait(lock, [&] { return ended_ || number < slices_.size(); });
  if (trouble_) std::rethrow_exception(trouble_);
  return number < slices_.size() ? &slices_[number] : nullptr;
}

bool RecordFlow::open() const {
  const std::scoped_lock lock(mutex_);
  return !ended_;
}

std::exception_ptr RecordFlow::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

}  // namespace packbench::hil::api
