/* The example as a program: bytes from stdin, answers to stdout.
 *
 *   cc -std=c99 -I.. main.c bench_link.c bms.c ../packlink.c -o example
 *   packbench run scenarios/protection/cell_overvoltage_trip.yaml --device "exec:./example"
 *
 * On a board the UART stands in place of the two streams: INTEGRATION.md. */
#include <stdio.h>

#include "bench_link.h"

void bench_link_send(const uint8_t* bytes, size_t size) {
  fwrite(bytes, 1, size, stdout);
  fflush(stdout);
}

int main(void) {
  setvbuf(stdin, NULL, _IONBF, 0);
  bench_link_init();
  for (int byte; (byte = getchar()) != EOF;) bench_link_feed((uint8_t)byte);
  return 0;
}
