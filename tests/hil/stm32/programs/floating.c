/* Floating-point work in the main loop, interrupted by handlers that use the same registers. Every byte that comes
   starts a round of work; its result, the exception number that the handlers saw and their count are sent back. */
#include "chip.h"

volatile u32 rounds, seen_exception, handled;
volatile float handler_sum;

static u32 ipsr(void) {
  u32 value;
  __asm__ volatile("mrs %0, ipsr" : "=r"(value));
  return value;
}

void line_handler(void) {
  rounds += RECEIVED;
  seen_exception = ipsr();
  handler_sum = handler_sum * 0.5f + 3.0f;
}

void systick_handler(void) {
  float value = handler_sum;
  for (int i = 0; i < 4; ++i) value = value * 1.25f - 1.0f;
  handler_sum = value * 0.1f;
  handled++;
}

void fault_handler(void) {
  for (;;) {
  }
}

/* Keeps values in many registers over many blocks, with flags that an interrupt must not lose. */
__attribute__((noinline)) static float work(u32 seed) {
  float a = 1.0f, b = 2.0f, c = 3.0f, d = 4.0f, e = 5.0f, f = 6.0f;
  for (u32 i = 0; i < 500; ++i) {
    a = a * 0.99f + b * 0.01f;
    b = b * 0.98f + c * 0.02f;
    c = c * 0.97f + d * 0.03f;
    d = (i ^ seed) & 1 ? d * 0.96f + e * 0.04f : d + 0.25f;
    e = e > f ? e - 0.5f : e + f * 0.125f;
    f = f * 0.5f + a;
  }
  return a + b + c + d + e + f;
}

static void put_word(u32 word) {
  for (int i = 0; i < 4; ++i) put((u8)(word >> 8 * i));
}

void reset(void) {
#ifndef FPU_LEFT_OFF
  REG(0xE000ED88) |= 0xFu << 20;
#endif
  rounds = seen_exception = handled = 0;
  handler_sum = 1.0f;
  start_line();
  REG(0xE000E014) = 777; /* SysTick: an interrupt every 778 cycles */
  REG(0xE000E018) = 0;
  REG(0xE000E010) = 7;
  for (;;) {
    __asm__ volatile("cpsid i" ::: "memory");
    if (rounds == 0) __asm__ volatile("wfi" ::: "memory");
    __asm__ volatile("cpsie i" ::: "memory");
    if (rounds == 0) continue;
    u32 seed = rounds;
    rounds = 0;
    union {
      float number;
      u32 word;
    } result = {work(seed)};
    put_word(result.word);
    put_word(seen_exception);
    put_word(handled);
  }
}

VECTORS
