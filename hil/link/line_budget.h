// What one step costs on a real line: 8N1 makes ten symbols of a byte.
//
//   t = 10 (bytes to the device + bytes back) / baud        lockstep: one direction after the other
#pragma once

#include <string>

#include "sim/time.h"

namespace packbench::hil {

struct StepBytes {
  std::size_t to_device = 0, from_device = 0;
};

// MEASUREMENTS and TICK; ACTUATORS, STATUS and TICK_DONE.
StepBytes bytes_of_step(int cells, int temperatures);

// Empty when a line of this rate carries the step in real time (baud 0: a line that nothing paces). Else a sentence.
std::string line_too_slow(int baud, int cells, int temperatures, sim::TimeNs step);

}  // namespace packbench::hil
