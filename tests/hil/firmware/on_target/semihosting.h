// The debugger's services to a program on a bare processor: "Semihosting for AArch32 and AArch64", Arm 2.0.
#pragma once

#include <string>

namespace semihosting {

void write(const std::string& text);
[[noreturn]] void exit(int status);  // of the emulator's process

}  // namespace semihosting
