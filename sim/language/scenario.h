// A scenario as one plain struct: the defaults below are the format's defaults, the file overrides them, `--set`
// overrides both, and an unknown key is an error. Reading is in scenario_reader.h. All values SI, times ns, cells
// 0-based.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/checks/check.h"
#include "sim/fault_catalogue.h"
#include "sim/language/bms_profile.h"
#include "sim/language/pack_profile.h"

namespace packbench::sim {

enum class StartMode { ready, power_on };

struct PackSetup {
  std::string profile = "lfp-15s-100ah";
  double soc = 0.5;
  double temperature_degC = 25.0;
  std::optional<double> ambient_degC;         // default: temperature_degC
  std::optional<double> coolant_degC;         // default: ambient
  std::optional<double> ageing_acceleration;  // the cell's own unless given
  std::uint64_t spread_seed = 1;
  bool spread = true;  // false: all cells equal
};

struct BmsSetup {
  std::string profile = "lfp-15s-100ah";
  // true_soc: SET_SOC to the pack's. unknown: no SET_SOC. value: this.
  enum class Soc { true_soc, unknown, value } soc_mode = Soc::true_soc;
  double soc = 0;
};

// A column of a current profile (CSV: time s, value) scaled to this pack. Positive charges inside the program.
struct CurrentProfile {
  std::filesystem::path file;
  double scale = 1.0;                  // multiplies the file's values (sign included: -1 for a discharge-positive file)
  std::optional<double> max_charge_A;  // clamp after scaling
  std::optional<double> max_discharge_A;
  int repeat = 1;
  std::vector<double> time_s;
  std::vector<double> current_A;  // already scaled and clamped
};

// Holds or ramps one terminal quantity of the plant: cell_voltage[i], all cell voltages, temperature, current.
struct DriveTarget {
  enum class Quantity { cell_voltage, cell_temperature, pack_current } quantity = Quantity::cell_voltage;
  std::optional<int> cell;  // nothing: all cells (values has 1 entry, or one per cell)
  std::vector<double> values;
  TimeNs ramp = 0;  // 0: at once; else linear from the present value
  Mark mark;
};

// Commands to the device at the start of a phase (`send: [enable]`); the values are packlink's.
enum class DeviceCommand : std::uint8_t { enable = 1, disable = 2, clear_latched = 3, emergency_stop = 4, reset = 5 };

enum class PhaseKind { rest, charge, discharge, power, profile, drive };

struct Phase {
  PhaseKind kind = PhaseKind::rest;
  double current_A = 0;  // charge, discharge: magnitude
  std::optional<double>
      voltage_V;                   // charge: constant-voltage limit of the charger for the pack (default: pack profile)
  double power_W = 0;              // power: positive charges
  std::optional<TimeNs> duration;  // `for:`, or the value of `rest:`
  Expression until;                // optional
  std::optional<TimeNs> limit;     // required with until
  bool limit_is_ok = false;
  CurrentProfile profile;
  std::vector<DriveTarget> drive;
  bool charger_connected = false;   // rest and drive may keep a charger connected
  std::vector<DeviceCommand> send;  // leave at the start of the phase
  std::string label;                // for reports: "charge 0.5 C", or given by `name:`
  Mark mark;
};

struct FaultSpec {
  FaultTarget target = FaultTarget::sensor;
  std::string channel;       // "cell_voltage", "pack_current", "temperature", "to_device", "main_contactor", ...
  std::optional<int> index;  // 0-based cell or sensor
  std::string kind;          // of the fault catalogue (sim/fault_catalogue.h)
  double value = 0;          // in the catalogue's dimension for this kind
  std::vector<int> pattern;  // keep, drop, keep, drop ...
  double probability = 1.0;
  std::string variable;            // bit_flip: of the firmware's list (packbench list --variables)
  int bit = 0;                     // bit_flip: 0 is the lowest
  std::optional<TimeNs> at;        // from the start of the phases
  Expression when;                 // or: at the first sample at which this holds
  std::optional<TimeNs> duration;  // default: to the end
  Mark mark;
};

// One of the runs that go on from the end of a scenario's phases (branch.h).
struct Variant {
  std::string name;
  std::vector<Phase> phases;
  std::vector<FaultSpec> faults;
  std::vector<CheckSpec> expect;
  Mark mark;
};

// In the run of a variant: how many of its phases, faults and checks are the prepared scenario's; the rest begin at the
// branch point, the end of the prepared phases.
struct BranchPoint {
  std::string prepared;  // the scenario's name
  std::size_t phases = 0, faults = 0, checks = 0;
};

struct Scenario {
  std::string name;
  std::filesystem::path file;
  std::string sha256;  // of the file's bytes
  std::string description;
  std::vector<std::string> requirement;
  std::vector<std::string> tags;
  PackSetup pack;
  BmsSetup bms;
  StartMode start = StartMode::ready;
  std::uint64_t seed = 1;
  TimeNs step = 100 * kMillisecond;
  TimeNs plant_step = 50 * kMillisecond;  // at most this where the file does not say: a whole part of `step`
  TimeNs telemetry_period = kSecond;
  std::string epoch = "2025-01-01T00:00:00Z";
  std::string defect;     // a defect of the reference BMS that this scenario catches, by `catches:`
  std::string caught_by;  // and the name of the check that must fail then
  std::vector<Phase> phases;
  std::vector<FaultSpec> faults;
  std::vector<CheckSpec> expect;
  std::vector<Variant> variants;            // of `branch:`; runs_of() makes runs of them
  std::optional<BranchPoint> branch_point;  // in the run of a variant

  PackProfile pack_profile;  // resolved
  BmsProfile bms_profile;    // resolved

  double duration_s() const;  // sum of durations and limits: an upper bound
};

}  // namespace packbench::sim
