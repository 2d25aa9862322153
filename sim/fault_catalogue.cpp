#include "sim/fault_catalogue.h"

#include <algorithm>
#include <array>

namespace packbench::sim {
namespace {

using enum FaultTarget;
using enum FaultValue;
using D = Dimension;

// clang-format off
constexpr std::array kTable{
  FaultKind{sensor, "cell_voltage", true,  "offset",   required, D::voltage,      "adds a constant to the reading"},
  FaultKind{sensor, "cell_voltage", true,  "gain",     required, D::one,          "multiplies the reading by 1 + value"},
  FaultKind{sensor, "cell_voltage", true,  "drift",    required, D::voltage_rate, "adds an offset that grows at this rate from the start of the fault"},
  FaultKind{sensor, "cell_voltage", true,  "stuck",    required, D::voltage,      "reads this value"},
  FaultKind{sensor, "cell_voltage", true,  "frozen",   FaultValue::none, D::one,  "keeps the last reading"},
  FaultKind{sensor, "cell_voltage", true,  "spike",    required, D::voltage,      "reads this value at one sample, and as before afterwards"},
  FaultKind{sensor, "cell_voltage", true,  "noise",    required, D::voltage,      "adds normally distributed noise of this standard deviation"},
  FaultKind{sensor, "cell_voltage", true,  "open_wire", FaultValue::none, D::one, "breaks the sense wire at the upper end of the cell: it reads 0 V and the cell above reads the sum of both"},
  FaultKind{sensor, "cell_voltage", true,  "dropout",  FaultValue::none, D::one,  "gives no reading"},
  FaultKind{sensor, "pack_current", false, "offset",   required, D::current,      "adds a constant to the reading"},
  FaultKind{sensor, "pack_current", false, "gain",     required, D::one,          "multiplies the reading by 1 + value"},
  FaultKind{sensor, "pack_current", false, "stuck",    required, D::current,      "reads this value"},
  FaultKind{sensor, "pack_current", false, "frozen",   FaultValue::none, D::one,  "keeps the last reading"},
  FaultKind{sensor, "pack_current", false, "reversed", FaultValue::none, D::one,  "reads with the opposite sign, as a shunt that is wired the wrong way round"},
  FaultKind{sensor, "pack_current", false, "dropout",  FaultValue::none, D::one,  "gives no reading"},
  FaultKind{sensor, "temperature",  true,  "ntc_open", FaultValue::none, D::one,  "breaks the thermistor's wire: reads below -40 degC"},
  FaultKind{sensor, "temperature",  true,  "ntc_short", FaultValue::none, D::one, "shorts the thermistor: reads above 120 degC"},
  FaultKind{sensor, "temperature",  true,  "offset",   required, D::temperature_difference, "adds a constant to the reading"},
  FaultKind{sensor, "temperature",  true,  "stuck",    required, D::temperature,  "reads this value"},
  FaultKind{sensor, "temperature",  true,  "frozen",   FaultValue::none, D::one,  "keeps the last reading"},
  FaultKind{sensor, "temperature",  true,  "dropout",  FaultValue::none, D::one,  "gives no reading"},
  FaultKind{sensor, "pack_voltage", false, "offset",   required, D::voltage,      "adds a constant to the reading"},
  FaultKind{sensor, "pack_voltage", false, "gain",     required, D::one,          "multiplies the reading by 1 + value"},
  FaultKind{sensor, "pack_voltage", false, "dropout",  FaultValue::none, D::one,  "gives no reading"},
  FaultKind{sensor, "bus_voltage",  false, "offset",   required, D::voltage,      "adds a constant to the reading"},
  FaultKind{sensor, "bus_voltage",  false, "gain",     required, D::one,          "multiplies the reading by 1 + value"},
  FaultKind{sensor, "bus_voltage",  false, "dropout",  FaultValue::none, D::one,  "gives no reading"},

#define PACKBENCH_LINE_FAULTS(channel) \
  FaultKind{line, channel, false, "drop",      FaultValue::none, D::one, "loses frames, by `pattern` (keep, drop, keep, drop ...) or by `probability`"}, \
  FaultKind{line, channel, false, "corrupt",   required, D::one,         "flips each bit of a frame with this probability (a bit error rate)"}, \
  FaultKind{line, channel, false, "delay",     required, D::time,        "lets frames leave this much later"}, \
  FaultKind{line, channel, false, "duplicate", FaultValue::none, D::one, "sends frames twice, by `pattern` or `probability`"}, \
  FaultKind{line, channel, false, "truncate",  FaultValue::none, D::one, "cuts frames short, by `pattern` or `probability`"}, \
  FaultKind{line, channel, false, "garbage",   FaultValue::none, D::one, "puts random bytes between the frames"}, \
  FaultKind{line, channel, false, "silence",   FaultValue::none, D::one, "loses every frame"}
  PACKBENCH_LINE_FAULTS("to_device"),
  PACKBENCH_LINE_FAULTS("from_device"),
#undef PACKBENCH_LINE_FAULTS

  FaultKind{actuator, "main",      false, "weld",                  FaultValue::none, D::one, "contacts stay closed once they are closed"},
  FaultKind{actuator, "main",      false, "fail_to_close",         FaultValue::none, D::one, "contacts do not close when driven"},
  FaultKind{actuator, "main",      false, "feedback_stuck_open",   FaultValue::none, D::one, "the auxiliary contact always says open"},
  FaultKind{actuator, "main",      false, "feedback_stuck_closed", FaultValue::none, D::one, "the auxiliary contact always says closed"},
  FaultKind{actuator, "charger",   false, "weld",                  FaultValue::none, D::one, "contacts stay closed once they are closed"},
  FaultKind{actuator, "charger",   false, "fail_to_close",         FaultValue::none, D::one, "contacts do not close when driven"},
  FaultKind{actuator, "charger",   false, "feedback_stuck_open",   FaultValue::none, D::one, "the auxiliary contact always says open"},
  FaultKind{actuator, "charger",   false, "feedback_stuck_closed", FaultValue::none, D::one, "the auxiliary contact always says closed"},
  FaultKind{actuator, "precharge", false, "weld",                  FaultValue::none, D::one, "contacts stay closed once they are closed"},
  FaultKind{actuator, "precharge", false, "fail_to_close",         FaultValue::none, D::one, "contacts do not close when driven"},

  FaultKind{plant, "pack",               false, "ambient", required, D::temperature,          "sets the temperature around the pack"},
  FaultKind{plant, "pack",               false, "coolant", required, D::temperature,          "sets the temperature of the coolant"},
  FaultKind{plant, "cell", true, "internal_short",      required, D::resistance, "shorts the electrodes inside the cell with this resistance; its heat stays in the core", 1e-5, 1e9},
  FaultKind{plant, "cell", true, "self_discharge",      required, D::current,    "leaks this current inside the cell, at the open-circuit voltage of the moment", 0, 1e4},
  FaultKind{plant, "cell", true, "capacity_loss",       required, D::one,        "takes away this share of the cell's capacity, with the charge in it", 0, 0.95},
  FaultKind{plant, "cell", true, "joint_resistance",    required, D::resistance, "adds this resistance to the cell's connection: it lies in the sensed voltage and heats the surface", 0, 1e3},
  FaultKind{plant, "cell", true, "resistance_increase", required, D::one,        "multiplies the cell's resistances by this factor", 1, 1e4},
  FaultKind{plant, "cell", true, "imbalance",           required, D::one,        "adds this to the cell's state of charge, once, when the fault begins", -1, 1},
  FaultKind{plant, "cell", true, "heater",              required, D::power,      "heats the cell's surface from outside with this power", 0, 1e6},
  FaultKind{plant, "precharge_resistor", false, "open",    FaultValue::none, D::one,          "breaks the precharge resistor: the bus cannot be precharged"},
  FaultKind{plant, "bus",                false, "short",   required, D::resistance,           "shorts the load bus with this resistance"},

  FaultKind{machine, "device", false, "reset",     FaultValue::none, D::one, "resets the device's processor once, by its reset pin"},
  FaultKind{machine, "device", false, "watchdog",  FaultValue::none, D::one, "resets the device's processor once, by its watchdog"},
  FaultKind{machine, "device", false, "brown_out", FaultValue::none, D::one, "resets the device's processor once, by a dip of its supply that takes all of its RAM"},
  FaultKind{machine, "device", false, "stop",      FaultValue::none, D::one, "the processor stands still and its outputs stay as they are, until `for` is over or its watchdog resets it after 0.5 s"},
  FaultKind{machine, "device", false, "clock_drift", required, D::one,   "the device's own clock runs fast (or slow, below 0) by this share: its delays and what it counts of charge with it", -0.1, 0.1},
  FaultKind{machine, "device", false, "bit_flip",  FaultValue::none, D::one, "flips the bit `bit` of the firmware's `variable`, once (packbench list --variables; on stm32: also `symbol:NAME+OFFSET` of the image, in RAM or flash)"},

#define PACKBENCH_PIN_FAULTS(channel) \
  FaultKind{machine, channel, false, "stuck_low",  FaultValue::none, D::one, "the output pin stays low: its contactor stays open"}, \
  FaultKind{machine, channel, false, "stuck_high", FaultValue::none, D::one, "the output pin stays high: its contactor stays closed"}
  PACKBENCH_PIN_FAULTS("main_pin"),
  PACKBENCH_PIN_FAULTS("charger_pin"),
  PACKBENCH_PIN_FAULTS("precharge_pin"),
#undef PACKBENCH_PIN_FAULTS

  FaultKind{cloud, "api", false, "outage", FaultValue::none, D::one, "cuts the bench's gateway off from the Device API: records wait, and go there in order when it is over"},
};
// clang-format on

constexpr std::array<std::string_view, 6> kTargetNames{"sensor", "line", "actuator", "plant", "machine", "cloud"};

}  // namespace

std::string_view target_name(FaultTarget target) { return kTargetNames[static_cast<std::size_t>(target)]; }

std::span<const FaultKind> fault_catalogue() { return kTable; }

const FaultKind* find_fault(FaultTarget target, std::string_view channel, std::string_view kind) {
  const auto found = std::ranges::find_if(
      kTable, [&](const FaultKind& row) { return row.target == target && row.channel == channel && row.kind == kind; });
  return found == kTable.end() ? nullptr : &*found;
}

}  // namespace packbench::sim
