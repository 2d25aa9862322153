#include "sim/trace/chunk.h"

#include <cstring>

namespace packbench::sim {
namespace {

constexpr std::uint64_t kQuietNaN = 0x7ff8'0000'0000'0000;
constexpr std::uint64_t kInfinity = 0x7ff0'0000'0000'0000;
constexpr std::uint64_t kSign = 0x8000'0000'0000'0000;

std::uint64_t canonical(std::uint64_t bits) {
  if ((bits & ~kSign) > kInfinity) return kQuietNaN;
  return bits == kSign ? 0 : bits;
}

}  // namespace

void Chunk::append(TimeNs now, std::span<const double> frame) {
  std::uint64_t* row = words_.data() + rows_ * (columns_ + 1);
  *row = static_cast<std::uint64_t>(now);
  std::memcpy(row + 1, frame.data(), columns_ * sizeof(double));
  ++rows_;
}

void Chunk::canonicalise() {
  for (std::size_t row = 0; row < rows_; ++row) {
    std::uint64_t* values = words_.data() + row * (columns_ + 1) + 1;
    for (std::size_t i = 0; i < columns_; ++i) values[i] = canonical(values[i]);
  }
}

}  // namespace packbench::sim
