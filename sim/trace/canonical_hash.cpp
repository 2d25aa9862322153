#include "sim/trace/canonical_hash.h"

#include <openssl/evp.h>

#include <array>
#include <bit>
#include <stdexcept>

namespace packbench::sim {

static_assert(std::endian::native == std::endian::little, "rows are hashed as they lie in memory");

struct CanonicalHash::Context {
  Context() : digest(EVP_MD_CTX_new()) {
    require(digest != nullptr && EVP_DigestInit_ex(digest, EVP_sha256(), nullptr));
  }
  ~Context() { EVP_MD_CTX_free(digest); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  static void require(bool worked) {
    if (!worked) throw std::runtime_error("OpenSSL could not compute the SHA-256 of the trace.");
  }
  void update(const void* data, std::size_t size) { require(EVP_DigestUpdate(digest, data, size)); }

  EVP_MD_CTX* digest;
};

CanonicalHash::CanonicalHash(const SignalLayout& layout) : context_(std::make_unique<Context>()) {
  std::string head = "packbench-trace-1\n";
  for (const SignalSpec& spec : signal_table()) {
    head += spec.full_name() + " " + std::string(spec.unit) + " " + std::to_string(layout.count(spec.id)) + "\n";
  }
  head += "\n";
  context_->update(head.data(), head.size());
}

CanonicalHash::CanonicalHash(const CanonicalHash& other) : context_(std::make_unique<Context>()) {
  Context::require(EVP_MD_CTX_copy_ex(context_->digest, other.context_->digest));
}

CanonicalHash::~CanonicalHash() = default;

void CanonicalHash::append(const Chunk& chunk) { context_->update(chunk.words().data(), chunk.words().size_bytes()); }

std::string CanonicalHash::finish() {
  std::array<unsigned char, 32> bytes{};
  unsigned int size = 0;
  Context::require(EVP_DigestFinal_ex(context_->digest, bytes.data(), &size) && size == bytes.size());
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace packbench::sim
