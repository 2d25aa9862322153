/* Does what it is told over the line: requests of nine bytes (a letter, an address, a value), so that a test can put
   its hands on every register as a firmware would. */
#include "chip.h"

static volatile u8 ring[4096];
static volatile u32 in, out;
volatile u32 line_errors, ticks, faults;
__attribute__((section(".noinit"))) volatile u32 kept;
u32 counter;
const u32 constant = 0x11111111;

void line_handler(void) {
  u32 status = STATUS;
#ifndef BOARD_F405
  if (status & 1 << 3) REG(USART + 0x20) = 1 << 3;
#endif
  if (status & 1 << 3) line_errors++;
  if (status & 1 << 5 || status & 1 << 3) ring[in++ % sizeof ring] = (u8)RECEIVED;
}

void systick_handler(void) { ticks++; }
void fault_handler(void) {
  faults++;
  REG(0xE000ED0C) = 0x05FA0004;
  for (;;) {
  }
}

static u8 get(void) {
  for (;;) {
    __asm__ volatile("cpsid i" ::: "memory");
    if (in != out) break;
    __asm__ volatile("wfi\n\tcpsie i" ::: "memory");
  }
  __asm__ volatile("cpsie i" ::: "memory");
  return ring[out++ % sizeof ring];
}

static u32 get_word(void) {
  u32 word = get();
  word |= (u32)get() << 8;
  word |= (u32)get() << 16;
  return word | (u32)get() << 24;
}

static void put_word(u32 word) {
  for (int i = 0; i < 4; ++i) put((u8)(word >> 8 * i));
}

__attribute__((noinline)) void work(u32 rounds) {
  for (volatile u32 i = 0; i < rounds; ++i) {
  }
}

/* Its branch goes one way or the other as the caller likes. */
__attribute__((noinline)) u32 choose(u32 value) {
  if (value == 7) {
    work(1);
    return counter += 100;
  }
  return counter += 1;
}

/* Some bytes' time with interrupts off: what comes meanwhile is not read. */
__attribute__((noinline)) void deaf(void) {
  __asm__ volatile("cpsid i" ::: "memory");
  work(20000);
  __asm__ volatile("cpsie i" ::: "memory");
}

void reset(void) {
  counter = in = out = line_errors = ticks = faults = 0;
  start_line();
  for (;;) {
    u8 what = get();
    u32 address = get_word(), value = get_word(), answer = 0;
    switch (what) {
      case 'r':
        answer = REG(address);
        break;
      case 'w':
        REG(address) = value;
        break;
      case 'h':
        *(volatile unsigned short*)address = (unsigned short)value;
        break;
      case 'c':
        answer = choose(value);
        break;
      case 'k':
        answer = *(const volatile u32*)&constant;
        break;
      case 'l':
        work(value);
        break;
      case 'x':
        ((void (*)(void))(address | 1))();
        break;
      case 's':
        __asm__ volatile("svc 0");
        break;
      case 'u':
        __asm__ volatile("udf 0");
        break;
      default:
        break;
    }
    put_word(answer);
  }
}

VECTORS
