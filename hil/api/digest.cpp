#include "hil/api/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <span>
#include <stdexcept>

namespace packbench::hil::api {
namespace {

void fill_randomly(std::span<std::uint8_t> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("The system gives no random numbers.");
  }
}

std::string uuid_text(std::span<std::uint8_t, 16> bytes, unsigned version) {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0Fu) | (version << 4));
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3Fu) | 0x80u);
  std::string text = hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  for (const std::size_t at : {20u, 16u, 12u, 8u}) text.insert(at, 1, '-');
  return text;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  Digest digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256.");
  }
  return digest;
}

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text.push_back(kDigits[value >> 4]);
    text.push_back(kDigits[value & 15u]);
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
  return uuid_text(std::span(digest).first<16>(), 8);
}

std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  fill_randomly(bytes);
  return uuid_text(bytes, 4);
}

std::string random_hex(std::size_t bytes) {
  std::string random(bytes, '\0');
  fill_randomly({reinterpret_cast<std::uint8_t*>(random.data()), random.size()});
  return hex(random);
}

}  // namespace packbench::hil::api
