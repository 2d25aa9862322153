#include "hil/stm32/peripheral.h"

#include <cstdio>

namespace packbench::hil::stm32 {

std::string hex(std::uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}

std::uint32_t Peripheral::no_register(std::uint32_t offset) {
  refuse("no register is modelled at offset " + hex(offset));
  return 0;
}

std::uint32_t Peripheral::only(const char* register_name, std::uint32_t value, std::uint32_t modelled) {
  if (value & ~modelled)
    refuse(std::string(register_name) + " = " + hex(value) +
           " sets bits that are not modelled: " + hex(value & ~modelled));
  return value;
}

void Peripheral::whole_words(unsigned size) {
  if (size != 4) refuse("an access of " + std::to_string(size) + " bytes where the manual asks for a word");
}

}  // namespace packbench::hil::stm32
