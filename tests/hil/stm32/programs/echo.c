/* Sends back every byte: the peer that the laws of a line ask for. */
#include "chip.h"

static volatile u8 ring[4096];
static volatile u32 in, out;

void line_handler(void) {
  if (STATUS & 1 << 5) ring[in++ % sizeof ring] = (u8)RECEIVED;
}

void systick_handler(void) {}
void fault_handler(void) {
  for (;;) {
  }
}

void reset(void) {
  in = out = 0;
  start_line();
  for (;;) {
    while (in != out) put(ring[out++ % sizeof ring]);
    __asm__ volatile("cpsid i" ::: "memory");
    if (in == out) __asm__ volatile("wfi" ::: "memory");
    __asm__ volatile("cpsie i" ::: "memory");
  }
}

VECTORS
