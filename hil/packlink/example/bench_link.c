#include "bench_link.h"

#include <string.h>

#define TASK_US 10000u

static packlink_decoder_t decoder;
static packlink_measurements_t seen;
static packlink_actuators_t out;
static packlink_status_t status;
static uint64_t now_us;
static uint16_t sequence;
static uint8_t frame[PACKLINK_MAX_FRAME];

static void start(void) {
  memset(&seen, 0, sizeof seen);
  memset(&out, 0, sizeof out);
  memset(&status, 0, sizeof status);
  status.soc_pctpct = status.ocv_soc_pctpct = status.soh_pctpct = PACKLINK_NO_PERCENT;
  status.first_fault = PACKLINK_NO_FAULT;
  now_us = 0;
  bms_reset();
}

static void send_ident(void) {
  static const packlink_ident_t ident = {PACKLINK_VERSION_MAJOR,
                                         PACKLINK_VERSION_MINOR,
                                         TASK_US / 1000,
                                         PACKLINK_CAP_LOCKSTEP | PACKLINK_CAP_ACTUATORS,
                                         PACKLINK_MAX_CELLS,
                                         0,
                                         1,
                                         "board-1",
                                         "my BMS 1.0",
                                         "build 1"};
  bench_link_send(frame, packlink_encode_ident(frame, sizeof frame, sequence++, &ident));
}

/* After every tick, in this order. */
static void answer(uint16_t tick_sequence) {
  const packlink_tick_done_t done = {tick_sequence, now_us, 0};
  status.uptime_us = now_us;
  status.cells = seen.cells;
  status.temperatures = seen.temperatures;
  status.pack_dmV = seen.pack_dmV;
  status.current_mA = seen.current_mA;
  memcpy(status.cell_dmV, seen.cell_dmV, sizeof seen.cell_dmV);
  memcpy(status.temperature_mdegC, seen.temperature_mdegC, sizeof seen.temperature_mdegC);
  bench_link_send(frame, packlink_encode_actuators(frame, sizeof frame, sequence++, &out));
  bench_link_send(frame, packlink_encode_status(frame, sizeof frame, sequence++, &status));
  bench_link_send(frame, packlink_encode_tick_done(frame, sizeof frame, sequence++, &done));
}

static void refuse(const packlink_frame_t* received, const char* why) {
  packlink_nack_t nack = {received->type, received->sequence, 0, ""};
  nack.length = (uint8_t)strlen(strncpy(nack.why, why, sizeof nack.why - 1));
  bench_link_send(frame, packlink_encode_nack(frame, sizeof frame, sequence++, &nack));
}

static void take(const packlink_measurements_t* readings, uint16_t measured) {
  if (seen.cells != 0 && readings->time_us <= seen.time_us) return; /* it comes twice, or late */
  seen = *readings;
  status.measurement_sequence = measured;
}

static void on_frame(const packlink_frame_t* received) {
  packlink_hello_t hello;
  packlink_measurements_t readings;
  packlink_command_t command;
  packlink_tick_t tick;
  if (packlink_decode_hello(received, &hello)) { /* a new session of the bench */
    start();
    send_ident();
  } else if (packlink_decode_measurements(received, &readings)) {
    take(&readings, received->sequence);
  } else if (packlink_decode_command(received, &command)) {
    if (!bms_command(command.code, command.argument)) refuse(received, "This command is not known here.");
  } else if (packlink_decode_tick(received, &tick)) { /* one that is repeated runs no task and is answered again */
    for (; now_us + TASK_US <= tick.time_us; now_us += TASK_US) bms_task(now_us + TASK_US, &seen, &out, &status);
    answer(received->sequence);
  }
}

void bench_link_init(void) {
  packlink_decoder_init(&decoder);
  start();
}

void bench_link_feed(uint8_t byte) {
  packlink_frame_t received;
  if (packlink_decoder_feed(&decoder, byte, &received)) on_frame(&received);
}
