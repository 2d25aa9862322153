// The catalogue of signals: one table makes the frame layout, the trace, the checks' name space, `list --signals`
// and the scenario schema.
//
// A frame is one row of doubles, all signals of one sample time, laid out by a SignalLayout for a cell count and a
// temperature count. Every signal is a double: numbers in the unit of the table; contactors, flags and coded words as
// their code (sim/vocabulary.h); sets of faults as a bit mask (bit = code, exact up to 52). NaN means "no value yet".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/vocabulary.h"

namespace packbench::sim {

inline constexpr int kMaxCells = 24;
inline constexpr int kMaxTemperatures = 8;

enum class Group { truth, sensed, device, api, link };
inline constexpr int kGroupCount = 5;

enum class Shape { scalar, per_cell, per_temperature };

// number: a quantity with a unit. code: one word of a vocabulary. set: a bit mask of words of a vocabulary.
enum class SignalKind { number, code, set };

// clang-format off
//                 group   name                  shape           kind    vocabulary   unit    description
#define PACKBENCH_SIGNALS(X) \
  X(truth, cell_voltage,        per_cell,        number, none,         "V",    "terminal voltage of each cell") \
  X(truth, cell_ocv,            per_cell,        number, none,         "V",    "open-circuit voltage of each cell") \
  X(truth, cell_soc,            per_cell,        number, none,         "1",    "state of charge of each cell, may leave 0..1") \
  X(truth, cell_temperature,    per_cell,        number, none,         "degC", "temperature of each cell, at its surface") \
  X(truth, cell_core_temperature, per_cell,      number, none,         "degC", "temperature in the middle of each cell; cell_temperature is that of its surface") \
  X(truth, cell_current,        per_cell,        number, none,         "A",    "current through the electrodes of each cell: without what its bleed resistor and its own leaks take") \
  X(truth, cell_plating,        per_cell,        number, none,         "Ah",   "charge put into each cell faster than its plating limit allows, so far") \
  X(truth, cell_reacted,        per_cell,        number, none,         "1",    "share of each cell that has decomposed, by heat") \
  X(truth, cell_capacity,       per_cell,        number, none,         "Ah",   "capacity of each cell") \
  X(truth, cell_resistance,     per_cell,        number, none,         "ohm",  "instantaneous series resistance of each cell") \
  X(truth, soc,                 scalar,          number, none,         "1",    "pack SOC: dischargeable / (dischargeable + chargeable) charge") \
  X(truth, pack_voltage,        scalar,          number, none,         "V",    "voltage of the cell string") \
  X(truth, pack_current,        scalar,          number, none,         "A",    "current into the cell string, positive charges") \
  X(truth, load_current,        scalar,          number, none,         "A",    "current that the load takes from its bus, positive discharges") \
  X(truth, charger_current,     scalar,          number, none,         "A",    "current that the charger delivers") \
  X(truth, bus_voltage,         scalar,          number, none,         "V",    "voltage of the load bus") \
  X(truth, heat,                scalar,          number, none,         "W",    "heat generated in all cells") \
  X(truth, main_contactor,      scalar,          code,   contactor,    "1",    "main contactor, the contacts themselves") \
  X(truth, charger_contactor,   scalar,          code,   contactor,    "1",    "charger contactor, the contacts themselves") \
  X(truth, precharge_contactor, scalar,          code,   contactor,    "1",    "precharge contactor, the contacts themselves") \
  X(truth, bleed,               per_cell,        code,   on_off,       "1",    "bleed resistor of each cell") \
  X(sensed, cell_voltage,       per_cell,        number, none,         "V",    "cell voltage as measured and put on the wire") \
  X(sensed, pack_voltage,       scalar,          number, none,         "V",    "pack voltage as measured") \
  X(sensed, pack_current,       scalar,          number, none,         "A",    "pack current as measured") \
  X(sensed, temperature,        per_temperature, number, none,         "degC", "temperature sensors as measured") \
  X(sensed, bus_voltage,        scalar,          number, none,         "V",    "bus voltage as measured") \
  X(sensed, main_feedback,      scalar,          code,   contactor,    "1",    "auxiliary contact of the main contactor") \
  X(sensed, charger_feedback,   scalar,          code,   contactor,    "1",    "auxiliary contact of the charger contactor") \
  X(sensed, charger_present,    scalar,          code,   on_off,       "1",    "a charger is connected") \
  X(device, state,              scalar,          code,   bms_state,    "1",    "state as reported") \
  X(device, soc,                scalar,          number, none,         "1",    "state of charge as reported") \
  X(device, ocv_soc,            scalar,          number, none,         "1",    "state of charge from open-circuit voltage, as reported") \
  X(device, soh,                scalar,          number, none,         "1",    "state of health as reported, 0 while unknown") \
  X(device, main_contactor,     scalar,          code,   contactor,    "1",    "main contactor as reported by the application") \
  X(device, charger_contactor,  scalar,          code,   contactor,    "1",    "charger contactor as reported by the application") \
  X(device, precharge_contactor,scalar,          code,   contactor,    "1",    "precharge contactor as reported by the application") \
  X(device, main_drive,         scalar,          code,   contactor,    "1",    "main contactor output as driven") \
  X(device, charger_drive,      scalar,          code,   contactor,    "1",    "charger contactor output as driven") \
  X(device, precharge_drive,    scalar,          code,   contactor,    "1",    "precharge contactor output as driven") \
  X(device, balancing,          per_cell,        code,   on_off,       "1",    "balancing of each cell as reported") \
  X(device, faults,             scalar,          set,    fault,        "1",    "active faults") \
  X(device, warnings,           scalar,          set,    fault,        "1",    "active warnings") \
  X(device, latched_faults,     scalar,          set,    fault,        "1",    "latched faults") \
  X(device, first_fault,        scalar,          code,   fault,        "1",    "first fault since the last clear; none: there is no fault") \
  X(device, charge_limit,       scalar,          number, none,         "A",    "charge current limit as reported") \
  X(device, discharge_limit,    scalar,          number, none,         "A",    "discharge current limit as reported") \
  X(device, cell_voltage,       per_cell,        number, none,         "V",    "cell voltage as the device holds it") \
  X(device, pack_voltage,       scalar,          number, none,         "V",    "pack voltage as the device holds it") \
  X(device, pack_current,       scalar,          number, none,         "A",    "pack current as the device holds it") \
  X(device, temperature,        per_temperature, number, none,         "degC", "temperatures as the device holds them") \
  X(device, uptime,             scalar,          number, none,         "s",    "time since the device's boot, by its own clock") \
  X(device, boot_count,         scalar,          number, none,         "1",    "boots so far") \
  X(device, reset_reason,       scalar,          code,   reset_reason, "1",    "reason of the last reset") \
  X(device, rx_errors,          scalar,          number, none,         "1",    "frames that the device refused") \
  X(api, pack_voltage,          scalar,          number, none,         "V",    "pack voltage from the Device API") \
  X(api, cell_voltage,          per_cell,        number, none,         "V",    "cell voltages from the Device API") \
  X(api, temperature,           scalar,          number, none,         "degC", "temperature from the Device API") \
  X(api, pack_current,          scalar,          number, none,         "A",    "pack current from the Device API") \
  X(api, soc,                   scalar,          number, none,         "1",    "state of charge from the Device API") \
  X(api, ocv_soc,               scalar,          number, none,         "1",    "OCV state of charge from the Device API") \
  X(api, soh,                   scalar,          number, none,         "1",    "state of health from the Device API") \
  X(api, bms_state,             scalar,          code,   bms_state,    "1",    "state from the Device API") \
  X(api, main_contactor_state,  scalar,          code,   contactor,    "1",    "main contactor from the Device API") \
  X(api, charger_contactor_state, scalar,        code,   contactor,    "1",    "charger contactor from the Device API") \
  X(api, age,                   scalar,          number, none,         "s",    "simulated time since the device's report behind the newest record") \
  X(api, count,                 scalar,          number, none,         "1",    "records of this run that the API holds") \
  X(link, frames_sent,          scalar,          number, none,         "1",    "frames sent to the device") \
  X(link, frames_received,      scalar,          number, none,         "1",    "valid frames received from the device") \
  X(link, crc_errors,           scalar,          number, none,         "1",    "damaged frames received from the device") \
  X(link, lost,                 scalar,          number, none,         "1",    "frames dropped by line faults") \
  X(link, repeated,             scalar,          number, none,         "1",    "ticks that had to be repeated") \
  X(link, delayed,              scalar,          number, none,         "1",    "frames delayed by line faults")
// clang-format on

enum class Signal : int {
#define PACKBENCH_ENUM(group, name, shape, kind, vocabulary, unit, description) group##_##name,
  PACKBENCH_SIGNALS(PACKBENCH_ENUM)
#undef PACKBENCH_ENUM
};

struct SignalSpec {
  Signal id;
  Group group;
  std::string_view name;  // without the group: "cell_voltage"
  Shape shape;
  SignalKind kind;
  Vocabulary vocabulary;
  std::string_view unit;
  std::string_view description;

  std::string full_name() const;  // "truth.cell_voltage"
};

std::string_view group_name(Group group);

// All signals, in the order of the table; index = static_cast<int>(id).
std::span<const SignalSpec> signal_table();
const SignalSpec& spec_of(Signal id);
// By full name ("truth.cell_voltage").
std::optional<Signal> find_signal(std::string_view full_name);

// Where each signal lies in a frame of `cells` cells and `temperatures` sensors.
// Throws std::invalid_argument when cells is outside 1..24 or temperatures outside 0..8.
class SignalLayout {
 public:
  SignalLayout(int cells, int temperatures);

  int cells() const { return cells_; }
  int temperatures() const { return temperatures_; }
  int size() const { return size_; }
  int offset(Signal id) const { return offsets_[static_cast<std::size_t>(id)]; }
  int count(Signal id) const;

 private:
  int cells_;
  int temperatures_;
  int size_ = 0;
  std::vector<int> offsets_;
};

// One row of values, all NaN at first.
class Frame {
 public:
  explicit Frame(const SignalLayout& layout);

  const SignalLayout& layout() const { return layout_; }
  std::span<const double> values() const { return values_; }
  double& operator[](Signal id) { return values_[static_cast<std::size_t>(layout_.offset(id))]; }
  double operator[](Signal id) const { return values_[static_cast<std::size_t>(layout_.offset(id))]; }
  std::span<double> array(Signal id);
  std::span<const double> array(Signal id) const;
  void forget(Group group);  // sets every value of the group to NaN

 private:
  SignalLayout layout_;
  std::vector<double> values_;
};

}  // namespace packbench::sim
