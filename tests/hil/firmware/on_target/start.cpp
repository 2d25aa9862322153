// From reset to the tests, on a machine whose memory the emulator has filled: floating-point unit, constructors, tests.
#include <sys/types.h>

#include <cstdint>

#include "gtest/gtest.h"
#include "hil/firmware/board/cortexm/processor.h"
#include "semihosting.h"

namespace semihosting {
namespace {

constexpr std::uint32_t kWrite0 = 0x04, kExitExtended = 0x20, kApplicationExit = 0x20026;

void call(std::uint32_t operation, const void* argument) {
  register std::uint32_t r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}

}  // namespace

void write(const std::string& text) { call(kWrite0, text.c_str()); }

void exit(int status) {
  const std::uint32_t block[2] = {kApplicationExit, static_cast<std::uint32_t>(status)};
  for (;;) call(kExitExtended, block);
}

}  // namespace semihosting

extern "C" {

extern char tests_stack_top[], tests_heap_begin[], tests_heap_end[];
void __libc_init_array();
void _init() {}
void* __dso_handle = nullptr;  // nothing is ever unloaded

void* _sbrk(std::ptrdiff_t size) {
  static char* end = tests_heap_begin;
  if (size > tests_heap_end - end) {
    semihosting::write("out of memory\n");
    semihosting::exit(3);
  }
  char* begin = end;
  end += size;
  return begin;
}

void tests_fault() {
  semihosting::write("the processor took a fault\n");
  semihosting::exit(2);
}

void __aeabi_ldiv0() { tests_fault(); }
void __aeabi_idiv0() { tests_fault(); }

void tests_reset() {
  using namespace packbench::firmware;
  cpacr() = cpacr() | kCpacrFullAccess;
  set_bits(system_control().CCR, kCcrDivisionByZeroTraps);
  barrier();
  __libc_init_array();
  semihosting::exit(testing::run_all_tests());
}

[[gnu::section(".vectors"), gnu::used]] const void* const tests_vectors[16] = {
    tests_stack_top,
    reinterpret_cast<const void*>(tests_reset),
    reinterpret_cast<const void*>(tests_fault),
    reinterpret_cast<const void*>(tests_fault),
    reinterpret_cast<const void*>(tests_fault),
    reinterpret_cast<const void*>(tests_fault),
    reinterpret_cast<const void*>(tests_fault),
};
}
