// The vector table: 16 words of the processor, then one for each interrupt of the chip.
#pragma once

#include <cstddef>

extern "C" {
extern char packbench_stack_top[];  // from the linker script
[[noreturn]] void packbench_reset();
[[noreturn]] void packbench_fault();
void packbench_systick();
void packbench_line();  // the board's: the interrupt of its line
}

namespace packbench::firmware {

using Handler = void (*)();

template <std::size_t kInterrupts>
struct VectorTable {
  const void* stack_top;
  Handler processor[15];
  Handler interrupts[kInterrupts];
};

// Faults and interrupts that nobody enabled end in packbench_fault.
template <std::size_t kInterrupts>
constexpr VectorTable<kInterrupts> make_vectors(std::size_t line_interrupt) {
  VectorTable<kInterrupts> table{};
  table.stack_top = packbench_stack_top;
  for (Handler& handler : table.processor) handler = packbench_fault;
  for (Handler& handler : table.interrupts) handler = packbench_fault;
  table.processor[0] = packbench_reset;
  table.processor[14] = packbench_systick;
  table.interrupts[line_interrupt] = packbench_line;
  return table;
}

}  // namespace packbench::firmware
