#include "hil/cli/api_key.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace packbench::hil {

namespace {

std::string what_is_wrong(const std::string& key) {
  if (key.ends_with('\n') || key.ends_with('\r')) return "ends with a line break";
  if (key.find_first_of(" \t") != std::string::npos) return "has a blank";
  const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
  if (!visible) return "has a character that is not visible ASCII";
  return key.size() > 256 ? "has " + std::to_string(key.size()) + " characters" : "";
}

}  // namespace

std::string api_key_of_environment() {
  const char* text = std::getenv(kApiKeyVariable);
  const std::string key = text ? text : "";
  if (const std::string wrong = what_is_wrong(key); !wrong.empty()) {
    throw std::invalid_argument(std::string("The API key in ") + kApiKeyVariable + " " + wrong +
                                " (expected 1 to 256 visible ASCII characters).");
  }
  return key;
}

std::string needed_api_key() {
  std::string key = api_key_of_environment();
  if (!key.empty()) return key;
  throw std::invalid_argument(std::string("There is no API key: ") +
                              (std::getenv(kApiKeyVariable) ? std::string(kApiKeyVariable) + " is set and empty."
                                                            : std::string("set ") + kApiKeyVariable + "."));
}

}  // namespace packbench::hil
