// Files that the build put into the program.
#pragma once

#include <string_view>

namespace packbench::fmi {

std::string_view embedded_library();   // packbench_pack.so
std::string_view embedded_licences();  // of packbench and of what the library contains

}  // namespace packbench::fmi
