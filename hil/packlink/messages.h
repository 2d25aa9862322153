/* packlink messages as plain structs: what crosses the wire between bench and device, in fixed-point units.
 *
 * C99, no heap, no OS. Frames and the layout of each payload: packlink.h and README.md in this folder.
 * Units: _dmV 0.1 mV, _mA, _mdegC, _pctpct 0.01 %, _us simulated microseconds. Positive current charges.
 * A reading that a sensor does not give is a reserved value, never 0. */
#ifndef PACKLINK_MESSAGES_H
#define PACKLINK_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PACKLINK_VERSION_MAJOR 1
#define PACKLINK_VERSION_MINOR 0
#define PACKLINK_MAX_CELLS 24
#define PACKLINK_MAX_TEMPERATURES 8
#define PACKLINK_NO_VOLTAGE 0xFFFFu       /* cell, 16 bit */
#define PACKLINK_NO_VOLTAGE32 0xFFFFFFFFu /* pack, bus, 32 bit */
#define PACKLINK_NO_CURRENT INT32_MIN
#define PACKLINK_NO_TEMPERATURE INT32_MIN
#define PACKLINK_NO_PERCENT 0xFFFFu
#define PACKLINK_NO_FAULT 0xFFu

typedef enum {
  PACKLINK_HELLO = 0x01,
  PACKLINK_MEASUREMENTS = 0x02,
  PACKLINK_TICK = 0x03,
  PACKLINK_COMMAND = 0x04,
  PACKLINK_CONFIG = 0x05,
  PACKLINK_IDENT = 0x81,
  PACKLINK_STATUS = 0x82,
  PACKLINK_TICK_DONE = 0x83,
  PACKLINK_ACTUATORS = 0x84,
  PACKLINK_TEXT = 0x85,
  PACKLINK_NACK = 0x86,
  PACKLINK_CONFIG_ACK = 0x87
  /* 0xF0..0xFF: test-only messages, packlink_test.h */
} packlink_type_t;

typedef enum { PACKLINK_LOCKSTEP = 0, PACKLINK_FREE_RUNNING = 1 } packlink_mode_t;

typedef struct {
  uint8_t version_major, version_minor;
  uint8_t mode; /* packlink_mode_t */
  uint8_t cells, temperatures;
} packlink_hello_t;

typedef struct {
  uint64_t time_us;
  uint8_t cells, temperatures;
  bool main_feedback, charger_feedback, charger_present;
  uint32_t pack_dmV, bus_dmV;
  int32_t current_mA;
  uint16_t cell_dmV[PACKLINK_MAX_CELLS];
  int32_t temperature_mdegC[PACKLINK_MAX_TEMPERATURES];
} packlink_measurements_t;

typedef struct {
  uint64_t time_us;
} packlink_tick_t;

typedef enum {
  PACKLINK_ENABLE = 1,
  PACKLINK_DISABLE = 2,
  PACKLINK_CLEAR_LATCHED = 3,
  PACKLINK_EMERGENCY_STOP = 4,
  PACKLINK_RESET = 5,
  PACKLINK_SET_SOC = 6
} packlink_command_code_t;

typedef struct {
  uint8_t code;
  uint32_t argument; /* SET_SOC: 0.01 % */
} packlink_command_t;

/* The BMS profile in parts, 0 .. parts-1 in this order, each answered by CONFIG_ACK or NACK. A repeated part is
 * acknowledged again; part 0 starts anew. A profile is taken only while no contactor is driven closed. */
typedef struct {
  uint8_t part, parts;
  uint8_t length;
  uint8_t data[200];
} packlink_config_t;

typedef struct {
  uint8_t part;   /* the part that is acknowledged */
  bool complete;  /* profile whole, consistent and in force */
  uint32_t crc32; /* packlink_crc32 over all profile bytes received so far */
} packlink_config_ack_t;

#define PACKLINK_CAP_LOCKSTEP 1u
#define PACKLINK_CAP_CONFIG 2u
#define PACKLINK_CAP_TEST_MESSAGES 4u
#define PACKLINK_CAP_ACTUATORS 8u

typedef struct {
  uint8_t version_major, version_minor;
  uint16_t control_period_ms;
  uint32_t capabilities;
  uint8_t max_cells;
  uint8_t reset_reason;
  uint32_t boot_count;
  char device_id[25]; /* zero-terminated */
  char firmware[17];
  char build_id[41];
} packlink_ident_t;

/* What the application reports. */
typedef struct {
  uint16_t measurement_sequence; /* that this status rests on */
  uint64_t uptime_us;
  uint32_t boot_count;
  uint8_t reset_reason;
  uint16_t soc_pctpct, ocv_soc_pctpct, soh_pctpct;
  uint8_t state; /* sim/vocabulary.h bms_state */
  bool main_contactor, charger_contactor, precharge_contactor;
  uint32_t balancing;                        /* bit i: cell i */
  uint64_t faults, warnings, latched_faults; /* bit: code of the fault */
  uint8_t first_fault;                       /* code or PACKLINK_NO_FAULT */
  int32_t charge_limit_mA, discharge_limit_mA;
  uint8_t cells, temperatures;
  uint32_t pack_dmV;
  int32_t current_mA;
  uint16_t cell_dmV[PACKLINK_MAX_CELLS];
  int32_t temperature_mdegC[PACKLINK_MAX_TEMPERATURES];
  uint16_t rx_errors;
} packlink_status_t;

/* Outputs as driven, from the board-support layer, with the task time of the last change of each. */
typedef struct {
  bool main, charger, precharge;
  uint32_t bleed;
  uint64_t main_changed_us, charger_changed_us, precharge_changed_us, bleed_changed_us;
} packlink_actuators_t;

typedef struct {
  uint16_t tick_sequence;
  uint64_t device_time_us;
  uint32_t spent_us; /* processing time in the device, 0 when it cannot tell */
} packlink_tick_done_t;

typedef struct {
  uint8_t length;
  char text[200];
} packlink_text_t;

typedef struct {
  uint8_t refused_type;
  uint16_t refused_sequence;
  uint8_t length;
  char why[80];
} packlink_nack_t;

#ifdef __cplusplus
}
#endif

#endif
