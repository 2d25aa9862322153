#include "fmi/library/log.h"

#include <string>

namespace packbench::fmi {

void Log::error(const char* function, const char* reason) const noexcept {
  if (!on_ || callback_ == nullptr) return;
  try {
    const std::string message = std::string(function) + ": " + reason + ".";
    callback_(environment_, fmi3Error, kErrorCategory, message.c_str());
  } catch (...) {  // no memory, or the importer's own: there is nobody else to tell
  }
}

}  // namespace packbench::fmi
