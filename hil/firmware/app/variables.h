// The variables in which a bit can be flipped from outside, by name: what a test of the machine's memory aims at.
//
// The host flips them in its own object, an image publishes the same table for whoever can write its RAM. The same name
// is the same variable with the same size on every target; numbers are little endian, so bit N of a variable is bit N %
// 8 of its byte N / 8 everywhere. A variable whose name ends in _on is a bool: only its bit 0 may flip.
#pragma once

#include <cstddef>
#include <cstdint>

namespace packbench::firmware {

struct Variable {
  const char* name;  // null: the end of the table
  void* address;
  std::uint32_t size;  // bytes
};

inline constexpr std::size_t kMaxVariables = 32;  // the null row included

// Filled by the parts of the firmware, each with what is its own.
class VariableList {
 public:
  explicit VariableList(Variable (&rows)[kMaxVariables]) : rows_(rows) {
    for (Variable& row : rows_) row = Variable{};
  }
  template <typename Value>
  void add(const char* name, Value& value) {
    if (count_ + 1 < kMaxVariables) rows_[count_++] = {name, &value, sizeof value};
  }

 private:
  Variable (&rows_)[kMaxVariables];
  std::size_t count_ = 0;
};

}  // namespace packbench::firmware
