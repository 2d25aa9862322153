// API keys: only their SHA-256 is kept, and a key is looked up by comparing with every digest in constant time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hil/api/digest.h"

namespace packbench::hil::api {

// Whom a valid key speaks for.
struct Access {
  std::int64_t organization = 1;
};

class KeyRing {
 public:
  // Throws std::invalid_argument unless the key is 1..256 visible ASCII characters.
  void add(std::string_view key, Access access = {});
  std::optional<Access> find(std::string_view key) const;
  bool empty() const { return entries_.empty(); }

 private:
  struct Entry {
    Digest digest;
    Access access;
  };
  std::vector<Entry> entries_;
};

}  // namespace packbench::hil::api
