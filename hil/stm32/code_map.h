// What has been executed: for every basic block its instructions, for every conditional branch its directions.
//
// Counts instructions of a block once and remembers them, so that counting costs little while running.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace packbench::hil::stm32 {

struct CodeBlock {
  std::uint16_t size = 0;  // bytes; 0: not seen yet
  std::uint16_t instructions = 0;
  std::uint8_t branch_bytes = 0;  // length of the conditional branch at its end; 0: none
  bool watched = false;           // the function whose instructions are counted apart starts here
};

class CodeMap {
 public:
  CodeMap(std::uint32_t begin, std::span<const std::uint8_t> code);

  bool contains(std::uint32_t address) const { return address - begin_ < code_.size(); }
  CodeBlock& block(std::uint32_t address, std::uint32_t size) {
    CodeBlock& block = blocks_[(address - begin_) / 2];
    if (block.size != size) decode(block, address, size);
    return block;
  }
  CodeBlock& at(std::uint32_t address) { return blocks_[(address - begin_) / 2]; }
  // The conditional branch that ends at `end` went to `next`.
  void note_branch(std::uint32_t end, std::uint32_t next) {
    directions_[(end - begin_) / 2] |= next == end ? kNotTaken : kTaken;
  }
  // Code has changed: forget what was decoded.
  void forget();

  // One line for each executed instruction ("x ADDRESS") and each conditional branch that was reached
  // ("b ADDRESS taken|not-taken|both"), by address.
  std::string report() const;

 private:
  static constexpr std::uint8_t kTaken = 1, kNotTaken = 2;
  void decode(CodeBlock& block, std::uint32_t address, std::uint32_t size);
  unsigned length_at(std::uint32_t address) const;
  std::uint16_t half(std::uint32_t address) const;

  std::uint32_t begin_;
  std::span<const std::uint8_t> code_;
  std::vector<CodeBlock> blocks_;
  std::vector<std::uint8_t> executed_, directions_;  // by half-word; a branch's directions where it ends
};

}  // namespace packbench::hil::stm32
