#include "hil/firmware/app/config_parts.h"

namespace packbench::firmware {

const char* ConfigParts::add(const packlink_config_t& config) {
  if (config.parts == 0 || config.part >= config.parts) return "This CONFIG part does not exist.";
  if (config.part == 0) {
    size_ = 0;
    next_ = 0;
    parts_ = config.parts;
  }
  if (config.parts != parts_ || config.part > next_) return "A CONFIG part before this one is missing.";
  if (config.part < next_) return nullptr;
  if (size_ + config.length > sizeof data_) return "The profile is longer than this firmware can hold.";
  for (int i = 0; i < config.length; ++i) data_[size_++] = config.data[i];
  ++next_;
  return nullptr;
}

}  // namespace packbench::firmware
