// A firmware image as the linker made it: an ELF file for 32-bit ARM, its loaded bytes and its names.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace packbench::hil::stm32 {

struct ElfSegment {
  std::uint32_t address = 0;  // where a flash programmer puts it
  std::vector<std::uint8_t> bytes;
};

struct ElfSymbol {
  std::string name;  // as linked (mangled)
  std::uint32_t address = 0, size = 0;
};

class ElfImage {
 public:
  struct Loaded;
  static Loaded load(const std::string& path);

  const std::vector<ElfSegment>& segments() const { return segments_; }
  // By mangled or plain name.
  std::optional<ElfSymbol> find(const std::string& name) const;
  // Whether a variable or the stack lies there.
  bool uses(std::uint32_t begin, std::uint32_t size) const;
  // "Bms::task+0x12" for people; empty outside every function.
  std::string name_of(std::uint32_t code_address) const;

 private:
  std::vector<ElfSegment> segments_;
  std::map<std::uint32_t, ElfSymbol> functions_;  // by address
  std::map<std::string, ElfSymbol> objects_;      // by linked and by plain name
};

struct ElfImage::Loaded {
  ElfImage image;
  std::string error;  // a sentence; then there is no image
};

std::string plain_name(const std::string& linked_name);

}  // namespace packbench::hil::stm32
