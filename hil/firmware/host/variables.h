// The firmware's variables (app/variables.h) as the host sees them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "hil/firmware/app/variables.h"

namespace packbench::firmware {

struct VariableKind {
  std::string name;
  unsigned bits = 0;  // that can flip: 0 .. bits - 1
};

// Every variable of this firmware.
const std::vector<VariableKind>& variable_kinds();

// Empty, or a clause that says why no bit was flipped.
std::string flip_bit(std::span<const Variable> rows, const std::string& name, unsigned bit);

}  // namespace packbench::firmware
