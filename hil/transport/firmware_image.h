// Where the firmware images are that the build made.
#pragma once

#include <string>

namespace packbench::hil {

// The file "packbench-NAME.elf" next to packbench itself, or in ../firmware as the build leaves it; empty when there is
// none. `executable` is packbench (empty: the running program).
std::string find_firmware_image(const std::string& name, const std::string& executable);

}  // namespace packbench::hil
