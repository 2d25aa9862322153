// An FMU state as bytes, for the same exported pack on the same kind of machine.
//
// Layout: "packbench-fmu-state 1\n", the token of the FMU and a zero, then every number of the state in the order of
// state_bytes.cpp as 8 bytes each, little end first. Doubles keep their bits.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fmi/library/model.h"

namespace packbench::fmi {

std::vector<std::uint8_t> state_bytes(const State& state, const std::string& token);

// Into a state that has the right number of cells. Throws std::invalid_argument, `state` half-read, when the bytes are
// not those of a state of this FMU.
void read_state(std::span<const std::uint8_t> bytes, const std::string& token, State& state);

}  // namespace packbench::fmi
