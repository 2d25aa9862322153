#include "vectors_c.h"

#include <string.h>

static const packlink_hello_t hello = {1, 0, PACKLINK_LOCKSTEP, 15, 4};
static const packlink_measurements_t measurements = {81985529216486895u,
                                                     3,
                                                     2,
                                                     true,
                                                     false,
                                                     true,
                                                     99123,
                                                     PACKLINK_NO_VOLTAGE32,
                                                     -50000,
                                                     {33041, 65535, 0},
                                                     {25125, PACKLINK_NO_TEMPERATURE}};
static const packlink_tick_t tick = {100000};
static const packlink_command_t command = {PACKLINK_SET_SOC, 8000};
static const packlink_config_t config = {1, 3, 4, {0, 1, 254, 255}};
static const packlink_ident_t ident = {
    1, 0, 10, 15, 24, 2, 7, "packbench-reference-bms", "1.2.3", "0123456789abcdef0123456789abcdef01234567"};
static const packlink_status_t status = {770,
                                         12345678900u,
                                         3,
                                         1,
                                         8012,
                                         PACKLINK_NO_PERCENT,
                                         0,
                                         4,
                                         true,
                                         false,
                                         true,
                                         16385,
                                         4294967297u,
                                         2,
                                         4294967296u,
                                         0,
                                         100000,
                                         -1,
                                         2,
                                         1,
                                         66001,
                                         -50000,
                                         {33000, 33001},
                                         {-12500},
                                         9};
static const packlink_tick_done_t tick_done = {65535, 100000, 0};
static const packlink_actuators_t actuators = {true, true, false, 8388609, 10000, 20000, 0, UINT64_MAX};
static const packlink_text_t text = {12, "hello, bench"};
static const packlink_nack_t nack = {PACKLINK_CONFIG, 513, 7, "Refused"};
static const packlink_config_ack_t config_ack = {2, true, 3735928559u};
static const packlink_defect_t defect = {"no-cell-ov", true};
static const packlink_inject_t inject = {PACKLINK_INJECT_RESET, 2};

#define ROW(message, sequence) \
  if (strcmp(name, #message) == 0) return packlink_encode_##message(buffer, size, sequence, &message);

size_t vectors_c_encode(const char* name, uint8_t* buffer, size_t size) {
  ROW(hello, 1)
  ROW(measurements, 770)
  ROW(tick, 65535)
  ROW(command, 4)
  ROW(config, 5)
  ROW(ident, 6)
  ROW(status, 7)
  ROW(tick_done, 8)
  ROW(actuators, 9)
  ROW(text, 10)
  ROW(nack, 11)
  ROW(config_ack, 12)
  ROW(defect, 13)
  ROW(inject, 14)
  return 0;
}

#define CASE(number, message)                                                  \
  case number: {                                                               \
    packlink_##message##_t decoded;                                            \
    if (!packlink_decode_##message(frame, &decoded)) return 0;                 \
    return packlink_encode_##message(buffer, size, frame->sequence, &decoded); \
  }

size_t vectors_c_again(const packlink_frame_t* frame, uint8_t* buffer, size_t size) {
  switch (frame->type) {
    CASE(PACKLINK_HELLO, hello)
    CASE(PACKLINK_MEASUREMENTS, measurements)
    CASE(PACKLINK_TICK, tick)
    CASE(PACKLINK_COMMAND, command)
    CASE(PACKLINK_CONFIG, config)
    CASE(PACKLINK_IDENT, ident)
    CASE(PACKLINK_STATUS, status)
    CASE(PACKLINK_TICK_DONE, tick_done)
    CASE(PACKLINK_ACTUATORS, actuators)
    CASE(PACKLINK_TEXT, text)
    CASE(PACKLINK_NACK, nack)
    CASE(PACKLINK_CONFIG_ACK, config_ack)
    CASE(PACKLINK_DEFECT, defect)
    CASE(PACKLINK_INJECT, inject)
    default:
      return 0;
  }
}

bool vectors_c_accepts(const packlink_frame_t* frame, size_t payload_size) {
  uint8_t buffer[PACKLINK_MAX_FRAME];
  packlink_frame_t cut = *frame;
  cut.payload_size = payload_size;
  return vectors_c_again(&cut, buffer, sizeof buffer) != 0;
}
