#include "sim/language/file_bytes.h"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace packbench::sim {

namespace fs = std::filesystem;

std::variant<std::string, Problem> read_bytes(const fs::path& file, const Mark& asked_by, const std::string& path) {
  const Mark mark = asked_by.file.empty() ? Mark{file.string(), 0, 0} : asked_by;
  const auto problem = [&](const std::string& what, const std::string& expected) {
    return Problem{mark, path, "file '" + file.string() + "' " + what, expected};
  };
  std::error_code error;
  if (!fs::exists(file, error)) return problem("does not exist", "expected a file that can be read");
  if (!fs::is_regular_file(file, error)) return problem("is not a regular file", "expected a file that can be read");
  const auto size = fs::file_size(file, error);
  if (error) return problem("cannot be read", error.message());
  if (size > kLargestFile)
    return problem("has " + std::to_string(size) + " bytes", "expected at most " + std::to_string(kLargestFile));
  std::ifstream in(file, std::ios::binary);
  if (!in) return problem("cannot be opened", "expected permission to read it");
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return problem("cannot be read to its end", "expected a readable file");
  return bytes;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available in this OpenSSL");
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

}  // namespace packbench::sim
