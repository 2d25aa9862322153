// The symbols of a firmware image (ELF, 32 bits, little endian): where a tool finds a variable in the target's memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace packbench::hil {

struct ElfSymbol {
  std::uint32_t address = 0, size = 0;
};

// `image`: the bytes of the file. Nothing when it has no such symbol, or is no such file.
std::optional<ElfSymbol> find_symbol(const std::string& image, const std::string& name);

}  // namespace packbench::hil
