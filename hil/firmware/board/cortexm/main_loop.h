// The firmware on a processor of its own: bytes from the ring into the firmware, sleep in between.
#pragma once

namespace packbench::firmware {

[[noreturn]] void main_loop();

}  // namespace packbench::firmware
