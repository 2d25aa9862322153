#include "hil/api/service/key_ring.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace packbench::hil::api {
namespace {

// The store's key whose id and secret these are.
std::optional<StoredKey> stored_key(const FindKey& find, std::string_view key) {
  const std::size_t dot = std::min(key.find('.'), key.size());
  const std::string_view secret = dot < key.size() ? key.substr(dot + 1) : key;
  std::optional<StoredKey> found = find(std::string(key.substr(0, std::min<std::size_t>(dot, 64))));
  const bool equal = equal_in_constant_time(sha256(secret), found ? found->secret_digest : Digest{});
  return equal ? found : std::nullopt;
}

}  // namespace

void KeyRing::add(std::string_view key, Access access) {
  const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
  if (key.empty() || key.size() > 256 || !visible) {
    throw std::invalid_argument("An API key must have 1 to 256 visible ASCII characters.");
  }
  if (access.key_id.empty()) access.key_id = "given-" + std::to_string(entries_.size() + 1);
  entries_.push_back({sha256(key), std::move(access)});
}

std::optional<Access> KeyRing::find(std::string_view key) const {
  const Digest digest = sha256(key);
  std::optional<Access> access;
  for (const Entry& entry : entries_) {
    if (equal_in_constant_time(entry.digest, digest)) access = entry.access;
  }
  return access;
}

std::string_view denial_name(Denial denial) {
  constexpr std::array<std::string_view, 4> kNames{"missing", "unknown", "expired", "revoked"};
  return kNames[static_cast<std::size_t>(denial)];
}

std::variant<Access, Denial> identify(const KeyRing& ring, const FindKey& find, std::optional<std::string_view> key,
                                      std::int64_t now_ms) {
  if (!key) return Denial::missing;
  const std::optional<Access> given = ring.find(*key);
  if (given) return *given;
  const std::optional<StoredKey> stored = stored_key(find, *key);
  if (!stored) return Denial::unknown;
  if (stored->revoked_ms) return Denial::revoked;
  if (!stored->valid_at(now_ms)) return Denial::expired;
  return Access{stored->organization, stored->scopes, stored->id};
}

}  // namespace packbench::hil::api
