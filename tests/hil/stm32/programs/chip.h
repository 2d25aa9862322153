/* What the programs share: start-up, and the line of either board at 921600 baud on the clock it has after reset. */
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;

#define REG(address) (*(volatile u32*)(address))

#ifdef BOARD_F405
#define USART 0x40011000u
#define LINE_IRQ 37
#define RECEIVED REG(USART + 0x04)
#define SENT REG(USART + 0x04)
#define STATUS REG(USART + 0x00)
#else
#define USART 0x40004800u
#define LINE_IRQ 39
#define RECEIVED REG(USART + 0x24)
#define SENT REG(USART + 0x28)
#define STATUS REG(USART + 0x1C)
#endif

void reset(void);
void line_handler(void);
void systick_handler(void);
void fault_handler(void);

static inline void start_line(void) {
#ifdef BOARD_F405
  REG(0x40023830) |= 1;      /* RCC_AHB1ENR: GPIOA */
  REG(0x40023844) |= 1 << 4; /* RCC_APB2ENR: USART1 */
  REG(0x40020024) = 0x770;   /* AFRH: PA9, PA10 */
  REG(0x40020000) = (REG(0x40020000) & ~(0xFu << 18)) | 0xAu << 18;
  REG(USART + 0x08) = 17; /* 16 MHz / 921600 */
  REG(USART + 0x0C) = 1 << 13 | 1 << 5 | 1 << 3 | 1 << 2;
#else
  REG(0x580244E0) |= 1 << 3;  /* RCC_AHB4ENR: GPIOD */
  REG(0x580244E8) |= 1 << 18; /* RCC_APB1LENR: USART3 */
  REG(0x58020C24) = 0x77;     /* AFRH: PD8, PD9 */
  REG(0x58020C00) = (REG(0x58020C00) & ~(0xFu << 16)) | 0xAu << 16;
  REG(USART + 0x0C) = 69; /* 64 MHz / 921600 */
  REG(USART + 0x00) = 1 << 5 | 1 << 3 | 1 << 2 | 1;
#endif
  REG(0xE000E100 + 4 * (LINE_IRQ / 32)) = 1u << (LINE_IRQ % 32);
}

static inline void put(u8 byte) {
  while (!(STATUS & 1 << 7)) {
  }
  SENT = byte;
}

/* Nothing enabled by default; a program defines the handlers that it has. */
#define VECTORS                                                                               \
  extern char stack_top[];                                                                    \
  __attribute__((section(".vectors"), used)) const void* const vectors[16 + LINE_IRQ + 1] = { \
      stack_top, reset, [3] = fault_handler, [15] = systick_handler, [16 + LINE_IRQ] = line_handler};
