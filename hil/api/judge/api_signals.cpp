#include "hil/api/judge/api_signals.h"

#include <limits>

namespace packbench::hil::api {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Division, not multiplication by 0.0001: the nearest double of the decimal.
double in_units(std::int64_t value, double per_unit) {
  return value == kNoReading ? kNone : static_cast<double>(value) / per_unit;
}

}  // namespace

void write_api_signals(const Record& record, double age_s, std::int64_t count, sim::Frame& frame) {
  using sim::Signal;
  frame[Signal::api_pack_voltage] = in_units(record.pack_dmV, 1e4);
  const auto cells = frame.array(Signal::api_cell_voltage);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = i < record.cell_dmV.size() ? in_units(record.cell_dmV[i], 1e4) : kNone;
  }
  frame[Signal::api_temperature] = in_units(record.temperature_mdegC, 1e3);
  frame[Signal::api_pack_current] = in_units(record.current_mA, 1e3);
  frame[Signal::api_soc] = in_units(record.soc_pctpct, 1e4);
  frame[Signal::api_ocv_soc] = in_units(record.ocv_soc_pctpct, 1e4);
  frame[Signal::api_soh] = in_units(record.soh_pctpct, 1e4);
  const auto state = sim::code_of(sim::Vocabulary::bms_state, record.bms_state);
  frame[Signal::api_bms_state] = state ? *state : kNone;
  frame[Signal::api_main_contactor_state] = record.main_contactor ? 1 : 0;
  frame[Signal::api_charger_contactor_state] = record.charger_contactor ? 1 : 0;
  frame[Signal::api_age] = age_s;
  frame[Signal::api_count] = static_cast<double>(count);
}

}  // namespace packbench::hil::api
