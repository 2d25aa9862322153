// Makes stores of the firmware to RAM as fast as loads.
//
// Unicorn 2.0.1 treats every page as one that may hold translated code: for every store it locks pages and searches
// them for translations to forget. That is more than half of all the time that a run takes, and needless here, where
// RAM is never executable. The library reaches its own function that fills the table of pages through the dynamic
// linker and finds this one instead: it does the same, and then says of pages of RAM what the library says of a page
// without code. Flash stays as it is, so a store to it is still refused. Without this file all is the same and slower.
#include <dlfcn.h>

#include <cstdint>

extern "C" {

void tlb_set_dirty_arm(void* cpu, std::uint32_t address);

[[gnu::visibility("default")]] void tlb_set_page_with_attrs_arm(void* cpu, std::uint32_t address,
                                                                std::uint64_t physical, std::uint32_t attributes,
                                                                int rights, int mode, std::uint32_t size) {
  using Fill = void (*)(void*, std::uint32_t, std::uint64_t, std::uint32_t, int, int, std::uint32_t);
  static const Fill of_library = reinterpret_cast<Fill>(::dlsym(RTLD_NEXT, "tlb_set_page_with_attrs_arm"));
  of_library(cpu, address, physical, attributes, rights, mode, size);
  constexpr std::uint32_t kSram = 0x20000000, kSramEnd = 0x40000000;  // ARMv7-M's region for it
  if (address >= kSram && address < kSramEnd) tlb_set_dirty_arm(cpu, address);
}
}
