// The bytes of a profile, collected from CONFIG messages that come in order.
#pragma once

#include "hil/firmware/core/profile.h"
#include "hil/packlink/messages.h"

namespace packbench::firmware {

class ConfigParts {
 public:
  // Null when the part was taken (a repeated part is taken once), or why not.
  const char* add(const packlink_config_t& config);
  bool complete() const { return parts_ > 0 && next_ == parts_; }
  const std::uint8_t* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::uint8_t data_[kMaxProfileBytes] = {};
  std::size_t size_ = 0;
  int next_ = 0, parts_ = 0;
};

}  // namespace packbench::firmware
