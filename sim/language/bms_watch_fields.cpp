#include "sim/language/bms_profile_sections.h"
#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

using W = BmsWatch;

Field<W> amp(const char* key, double W::*member, const char* description) {
  return field<W>(key, magnitude_A(), member, description);
}
Field<W> volt(const char* key, double W::*member, const char* description) {
  return field<W>(key, voltage(0, 5), member, description);
}
Field<W> time(const char* key, double W::*member, const char* description) {
  return field<W>(key, seconds(0, 2e6), member, description);
}
Field<W> count(const char* key, std::int64_t most, int W::*member, const char* description) {
  const auto store = [member](W& watch, std::int64_t value) { watch.*member = static_cast<int>(value); };
  return field<W>(key, Integer{0, most}, store, description);
}

}  // namespace

const FieldTable<BmsWatch>& bms_watch_fields() {
  static const FieldTable<W> table{
      "what is watched",
      {amp("high_current", &W::high_current_A, "above it a sagging cell is given more time"),
       time("high_current_delay", &W::high_current_delay_s, "the delay of cell_uv then"),
       count("board_sensor", 8, &W::board_sensor, "which temperature sensor sits on the board; 0: none"),
       amp("imbalance_current", &W::imbalance_current_A, "above it imbalance has the loaded warning level"),
       volt("imbalance_loaded_warn", &W::imbalance_loaded_warn_V, "that level"),
       volt("plateau_low", &W::plateau_low_V, "with a cell below this, too"),
       volt("plateau_high", &W::plateau_high_V, "and with a cell above this"),
       amp("stuck_current", &W::stuck_current_A, "a movement of the current that a cell must answer (v_stuck)"),
       count("stuck_samples", 60000, &W::stuck_samples, "so many equal samples make a cell's reading suspicious"),
       amp("step_current", &W::step_current_A, "a step of the current that the cells must answer (i_stuck)"),
       volt("step_voltage", &W::step_voltage_V, "a step of most cells that the current must answer"),
       amp("still_current", &W::still_current_A, "less than this is no answer of the current"),
       volt("still_voltage", &W::still_voltage_V, "less than this is no answer of a cell"),
       field<W>("runaway_rise", Amount{Dimension::temperature_difference, "3 K", 0, 200}, &W::runaway_rise_K,
                "ot_hard also trips on a faster rise than this"),
       time("runaway_time", &W::runaway_time_s, "in this time"),
       field<W>("runaway_above", temperature(), &W::runaway_above_degC, "from above this temperature"),
       amp("weld_current", &W::weld_current_A, "more current than this through open contactors is a weld"),
       amp("break_current", &W::break_current_A, "no soft opening breaks more current than this"),
       time("fuse_wait", &W::fuse_wait_s, "it waits so long for the fuse"),
       amp("short_bus_current", &W::short_bus_current_A, "precharging with more than this onto an empty bus"),
       time("short_bus_time", &W::short_bus_time_s, "after this time is a shorted bus"),
       time("sleep_after", &W::sleep_after_s, "sleep after this time without current and command"),
       time("sleep_undervoltage", &W::sleep_undervoltage_s, "sleep after this time in under-voltage")},
      {},
      {}};
  return table;
}

}  // namespace packbench::sim
