// API keys: what a key may do, how it is written, and what a store keeps of it.
//
// A key of the store is written "ID.SECRET": 12 hex digits by which it is found and 64 from 32 random bytes. Only the
// SHA-256 of the secret is kept, so the key can be shown once, when it is made; 256 random bits need no slow hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hil/api/values/digest.h"

namespace packbench::hil::api {

enum class Scope : unsigned { devices_read = 1, devices_write = 2, telemetry_read = 4, telemetry_write = 8 };
inline constexpr unsigned kAllScopes = 15;

std::optional<Scope> parse_scope(std::string_view text);  // "telemetry:write"
std::string scope_name(Scope scope);
std::string scope_names(unsigned scopes);  // "devices:read telemetry:read"

// Whom a valid key speaks for.
struct Access {
  std::int64_t organization = 1;
  unsigned scopes = kAllScopes;
  std::string key_id{};  // tells keys apart in limits and logs; never the key itself

  bool may(Scope scope) const { return (scopes & static_cast<unsigned>(scope)) != 0; }
};

struct StoredKey {
  std::string id{}, name{};
  std::int64_t organization = 1;
  unsigned scopes = kAllScopes;
  Digest secret_digest{};
  std::int64_t created_ms = 0;
  std::optional<std::int64_t> expires_ms{}, revoked_ms{};

  bool valid_at(std::int64_t now_ms) const { return !revoked_ms && (!expires_ms || now_ms < *expires_ms); }
  friend bool operator==(const StoredKey&, const StoredKey&) = default;
};

// A random key: the text that is shown once, and `wanted` completed with its id and digest.
struct NewKey {
  std::string text;
  StoredKey stored;
};
NewKey make_key(StoredKey wanted);

// What a log may show of a key: "f76d***d2a". Keys of fewer than 12 characters show nothing.
std::string masked(std::string_view key);
// Takes every `key` out of a foreign text; true when there was one. A short word could be anything and stays.
bool hide_key(std::string& text, const std::string& key);

}  // namespace packbench::hil::api
