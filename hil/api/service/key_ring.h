// The keys that a server was given at its start, and the judgement of the key that a request brings.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "hil/api/store/store.h"
#include "hil/api/values/key.h"

namespace packbench::hil::api {

// Only SHA-256 is kept; a key is looked up by comparing with every digest in constant time.
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

// Why a request has no access. All but `missing` are answered alike; logs and metrics tell them apart.
enum class Denial { missing, unknown, expired, revoked };
std::string_view denial_name(Denial denial);

// Looks at the ring, then at the store's keys, each found by its id. Takes the same steps for a wrong secret as for the
// right one.
using FindKey = std::function<std::optional<StoredKey>(const std::string& id)>;
std::variant<Access, Denial> identify(const KeyRing& ring, const FindKey& find, std::optional<std::string_view> key,
                                      std::int64_t now_ms);

}  // namespace packbench::hil::api
