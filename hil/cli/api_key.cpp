#include "hil/cli/api_key.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace packbench::hil {

std::string api_key_of_environment() {
  const char* text = std::getenv(kApiKeyVariable);
  const std::string key = text ? text : "";
  const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
  if (!visible || key.size() > 256) {
    throw std::invalid_argument(std::string(kApiKeyVariable) +
                                " is not a key (expected 1 to 256 visible ASCII characters).");
  }
  return key;
}

}  // namespace packbench::hil
