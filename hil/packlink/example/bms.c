/* The smallest BMS that the bench can test: contactors with precharge, over-voltage, under-voltage, a silent line.
 * Yours takes its place. */
#include "bench_link.h"

enum { STANDBY = 1, PRECHARGE = 2, IDLE = 3, FAULT = 8 }; /* words of device.state, counted from 0 */
enum { CELL_OV = 0, CELL_UV = 2, COMM_LOSS = 28 };        /* words of device.faults, counted from 0 */

static bool enabled;
static uint64_t well_us[2]; /* since when the cells are beyond neither limit: over, under */

void bms_reset(void) {
  enabled = false;
  well_us[0] = well_us[1] = 0;
}

bool bms_command(uint8_t code, uint32_t argument) {
  (void)argument; /* SET_SOC: this BMS counts no charge */
  if (code == PACKLINK_ENABLE) enabled = true;
  if (code == PACKLINK_DISABLE) enabled = false;
  return code == PACKLINK_ENABLE || code == PACKLINK_DISABLE || code == PACKLINK_SET_SOC;
}

static void trip(packlink_status_t* status, uint8_t fault, bool tripped) {
  if (!tripped) return;
  if (status->faults == 0) status->first_fault = fault;
  status->faults |= UINT64_C(1) << fault;
}

static bool tripped(const packlink_status_t* status, uint8_t fault) { return status->faults >> fault & 1u; }

static bool for_two_seconds(bool beyond, uint64_t* since_us, uint64_t now_us) {
  if (!beyond) *since_us = now_us;
  return now_us - *since_us >= 2000000;
}

static void drive(bool* output, uint64_t* changed_us, bool closed, uint64_t now_us) {
  if (*output != closed) *changed_us = now_us;
  *output = closed;
}

void bms_task(uint64_t now_us, const packlink_measurements_t* seen, packlink_actuators_t* out,
              packlink_status_t* status) {
  bool over = false, under = false;
  for (int i = 0; i < seen->cells; ++i) {
    over = over || seen->cell_dmV[i] > 36500;
    under = under || seen->cell_dmV[i] < 28000;
  }
  trip(status, CELL_OV, for_two_seconds(over, &well_us[0], now_us));
  trip(status, CELL_UV, for_two_seconds(under, &well_us[1], now_us));
  trip(status, COMM_LOSS, now_us > seen->time_us + 500000);

  const bool discharge = enabled && !tripped(status, CELL_UV) && !tripped(status, COMM_LOSS);
  const bool charge = enabled && seen->charger_present && !tripped(status, CELL_OV) && !tripped(status, COMM_LOSS);
  const bool charged = seen->bus_dmV + 10000 > seen->pack_dmV; /* within 1 V */
  const bool main_closes = discharge && (out->main || (out->precharge && charged));
  drive(&out->main, &out->main_changed_us, main_closes, now_us);
  drive(&out->precharge, &out->precharge_changed_us,
        discharge && (!out->main || now_us < out->main_changed_us + 100000), now_us);
  drive(&out->charger, &out->charger_changed_us, charge && (out->charger || out->main), now_us);

  status->main_contactor = out->main;
  status->charger_contactor = out->charger;
  status->precharge_contactor = out->precharge;
  status->state = status->faults != 0 ? FAULT : out->precharge ? PRECHARGE : out->main ? IDLE : STANDBY;
}
