/* The bench's side of a firmware: bytes in, answers out. Copy it with packlink.h, packlink.c and messages.h.
 *
 * Yours to write: bench_link_send, and the three functions of the BMS. bench_link_feed is called for every received
 * byte, from the main loop; a tick makes it run the BMS up to the tick's time and send the answers. */
#ifndef BENCH_LINK_H
#define BENCH_LINK_H

#include "packlink.h"

void bench_link_init(void);
void bench_link_feed(uint8_t byte);

/* Yours: all bytes out, in order; may block. */
void bench_link_send(const uint8_t* bytes, size_t size);

/* Yours: as after a power-on, at time zero of the bench's clock. */
void bms_reset(void);
/* Yours: a command of the bench; true when it was done. */
bool bms_command(uint8_t code, uint32_t argument);
/* Yours: the 10 ms task at this time. `seen` are the newest readings in place of the front end's (seen->cells is 0
 * before the first ones), `out` the outputs as really driven, `status` what the application knows. */
void bms_task(uint64_t now_us, const packlink_measurements_t* seen, packlink_actuators_t* out,
              packlink_status_t* status);

#endif
