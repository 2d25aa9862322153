#include "hil/api/values/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <span>
#include <stdexcept>
#include <vector>

namespace packbench::hil::api {
namespace {

void fill_randomly(std::span<std::uint8_t> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("The system gives no random numbers.");
  }
}

constexpr char kHexDigits[] = "0123456789abcdef";

std::string uuid_text(std::span<std::uint8_t, 16> bytes, unsigned version) {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0Fu) | (version << 4));
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3Fu) | 0x80u);
  std::string text(36, '-');
  std::size_t at = 0;
  for (const std::uint8_t byte : bytes) {
    if (at == 8 || at == 13 || at == 18 || at == 23) ++at;
    text[at++] = kHexDigits[byte >> 4];
    text[at++] = kHexDigits[byte & 15u];
  }
  return text;
}

// Looked up once: OpenSSL's own look-up costs as much as hashing a key.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

// The low 48 bits of a number, where names are compared first.
void put_order(std::span<std::uint8_t, 16> bytes, std::uint64_t order) {
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(order >> (40 - 8 * i));
}

// Random bytes, drawn many at a time.
class RandomBytes {
 public:
  std::span<std::uint8_t, 16> next() {
    if (at_ == bytes_.size()) fill_randomly(bytes_), at_ = 0;
    at_ += 16;
    return std::span(bytes_).subspan(at_ - 16).first<16>();
  }

 private:
  std::array<std::uint8_t, 4096> bytes_{};
  std::size_t at_ = bytes_.size();
};

std::span<std::uint8_t, 16> random_bytes() {
  static thread_local RandomBytes bytes;
  return bytes.next();
}

}  // namespace

Digest sha256(std::string_view bytes) {
  Digest digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, sha256_method(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256.");
  }
  return digest;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 15u]);
  }
  return text;
}

bool equal_in_constant_time(const Digest& one, const Digest& other) {
  return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string record_uuid(std::uint64_t seed, std::string_view device_id, std::int64_t boot, std::int64_t sequence) {
  std::string name = "packbench record\n" + std::to_string(seed) + '\n';
  name.append(device_id).append("\n" + std::to_string(boot) + '\n' + std::to_string(sequence));
  Digest digest = sha256(name);
  const auto bytes = std::span(digest).first<16>();
  put_order(bytes,
            (static_cast<std::uint64_t>(boot) & 0xFFFFu) << 32 | (static_cast<std::uint64_t>(sequence) & 0xFFFFFFFFu));
  return uuid_text(bytes, 8);
}

std::string time_uuid(std::int64_t ms) {
  const auto bytes = random_bytes();
  put_order(bytes, static_cast<std::uint64_t>(ms));
  return uuid_text(bytes, 7);
}

std::string time_uuid(std::int64_t ms, std::int64_t sequence) {
  const auto bytes = random_bytes();
  put_order(bytes, static_cast<std::uint64_t>(ms));
  const auto order = static_cast<std::uint64_t>(sequence);
  bytes[6] = static_cast<std::uint8_t>(order >> 20 & 0x0Fu);
  bytes[7] = static_cast<std::uint8_t>(order >> 12);
  bytes[8] = static_cast<std::uint8_t>(order >> 8 & 0x0Fu);
  bytes[9] = static_cast<std::uint8_t>(order);
  return uuid_text(bytes, 7);
}

std::string random_uuid() { return uuid_text(random_bytes(), 4); }

std::string random_hex(std::size_t bytes) {
  std::vector<std::uint8_t> random(bytes);
  fill_randomly(random);
  return hex(random);
}

}  // namespace packbench::hil::api
