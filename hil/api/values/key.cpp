#include "hil/api/values/key.h"

#include <array>

namespace packbench::hil::api {
namespace {

constexpr std::array<std::string_view, 4> kNames{"devices:read", "devices:write", "telemetry:read", "telemetry:write"};

}  // namespace

std::optional<Scope> parse_scope(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<Scope>(1u << i);
  }
  return std::nullopt;
}

std::string scope_name(Scope scope) { return scope_names(static_cast<unsigned>(scope)); }

std::string scope_names(unsigned scopes) {
  std::string text;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if ((scopes & (1u << i)) != 0) text.append(text.empty() ? "" : " ").append(kNames[i]);
  }
  return text;
}

NewKey make_key(StoredKey wanted) {
  const std::string secret = random_hex(32);
  wanted.id = random_hex(6);
  wanted.secret_digest = sha256(secret);
  return {wanted.id + "." + secret, std::move(wanted)};
}

std::string masked(std::string_view key) {
  if (key.size() < 12) return "***";
  return std::string(key.substr(0, 4)) + "***" + std::string(key.substr(key.size() - 3));
}

bool hide_key(std::string& text, const std::string& key) {
  constexpr std::size_t kWord = 8;
  bool found = false;
  for (std::size_t at = 0; key.size() >= kWord && (at = text.find(key, at)) != std::string::npos; found = true)
    text.replace(at, key.size(), "(the key)");
  return found;
}

}  // namespace packbench::hil::api
