#include "hil/stm32/code_map.h"

#include <cstdio>

namespace packbench::hil::stm32 {
namespace {

// B<c> (both encodings), CBZ, CBNZ: ARMv7-M ARM, A7.7.
bool is_conditional_branch(std::uint16_t first, std::uint16_t second, unsigned length) {
  if (length == 4) return (first & 0xF800) == 0xF000 && (second & 0xD000) == 0x8000 && (first >> 6 & 15) < 14;
  if ((first & 0xF000) == 0xD000) return (first >> 8 & 15) < 14;
  return (first & 0xF500) == 0xB100;
}

}  // namespace

CodeMap::CodeMap(std::uint32_t begin, std::span<const std::uint8_t> code)
    : begin_(begin),
      code_(code),
      blocks_(code.size() / 2 + 1),
      executed_(code.size() / 2 + 1),
      directions_(code.size() / 2 + 3) {}

std::uint16_t CodeMap::half(std::uint32_t address) const {
  const std::size_t at = address - begin_;
  return at + 1 < code_.size() ? static_cast<std::uint16_t>(code_[at] | code_[at + 1] << 8) : std::uint16_t{0};
}

unsigned CodeMap::length_at(std::uint32_t address) const { return half(address) >> 11 >= 0x1D ? 4 : 2; }

void CodeMap::decode(CodeBlock& block, std::uint32_t address, std::uint32_t size) {
  block.size = static_cast<std::uint16_t>(size);
  block.instructions = 0;
  block.branch_bytes = 0;
  std::uint32_t at = address;
  for (unsigned length = 0; at < address + size; at += length) {
    length = length_at(at);
    executed_[(at - begin_) / 2] = 1;
    ++block.instructions;
    const bool last = at + length >= address + size;
    if (last && is_conditional_branch(half(at), half(at + 2), length))
      block.branch_bytes = static_cast<std::uint8_t>(length);
  }
}

void CodeMap::forget() {
  for (CodeBlock& block : blocks_) block.size = 0;
}

std::string CodeMap::report() const {
  std::string text;
  char line[40];
  for (std::size_t i = 0; i < executed_.size(); ++i) {
    const auto address = static_cast<std::uint32_t>(begin_ + 2 * i);
    if (executed_[i]) {
      std::snprintf(line, sizeof line, "x %08x\n", address);
      text += line;
    }
  }
  for (std::size_t i = 1; i < directions_.size(); ++i) {
    if (directions_[i] == 0) continue;
    const std::size_t end = i;
    const bool wide =
        end >= 2 && executed_[end - 2] && length_at(static_cast<std::uint32_t>(begin_ + 2 * end - 4)) == 4;
    const char* seen = directions_[i] == 3 ? "both" : directions_[i] == kTaken ? "taken" : "not-taken";
    std::snprintf(line, sizeof line, "b %08x %s\n", static_cast<unsigned>(begin_ + 2 * end - (wide ? 4 : 2)), seen);
    text += line;
  }
  return text;
}

}  // namespace packbench::hil::stm32
