#include "hil/api/key_ring.h"

#include <algorithm>
#include <stdexcept>

namespace packbench::hil::api {

void KeyRing::add(std::string_view key, Access access) {
  const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
  if (key.empty() || key.size() > 256 || !visible) {
    throw std::invalid_argument("An API key must have 1 to 256 visible ASCII characters.");
  }
  entries_.push_back({sha256(key), access});
}

std::optional<Access> KeyRing::find(std::string_view key) const {
  const Digest digest = sha256(key);
  std::optional<Access> access;
  for (const Entry& entry : entries_) {
    if (equal_in_constant_time(entry.digest, digest)) access = entry.access;
  }
  return access;
}

}  // namespace packbench::hil::api
