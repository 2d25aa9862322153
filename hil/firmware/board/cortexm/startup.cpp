// From reset to main_loop(): floating-point unit, vector table, .data and .bss. Memory in .noinit keeps what it has.
#include "hil/firmware/board/cortexm/main_loop.h"
#include "hil/firmware/board/cortexm/processor.h"
#include "hil/firmware/board/cortexm/vectors.h"

extern "C" {

extern const std::uint32_t packbench_vectors_at[], packbench_data_from[];
extern std::uint32_t packbench_data_begin[], packbench_data_end[], packbench_bss_begin[], packbench_bss_end[];

void packbench_reset() {
  using namespace packbench::firmware;
  cpacr() = cpacr() | kCpacrFullAccess;
  system_control().VTOR = reinterpret_cast<std::uint32_t>(packbench_vectors_at);
  set_bits(system_control().CCR, kCcrDivisionByZeroTraps);  // as on the host, and not 0 without a word
  barrier();
  const std::uint32_t* from = packbench_data_from;
  for (std::uint32_t* to = packbench_data_begin; to != packbench_data_end; ++to) *to = *from++;
  for (std::uint32_t* to = packbench_bss_begin; to != packbench_bss_end; ++to) *to = 0;
  main_loop();
}

// The compiler's library comes here when 64 bits are divided by zero.
[[noreturn]] void __aeabi_ldiv0() { packbench_fault(); }
[[noreturn]] void __aeabi_idiv0() { packbench_fault(); }
}
