// The plant: cells, contactors, precharge path, load bus, charger and load, advanced in simulated time.
//
// Electrical picture: cells in series, shunt, node P. Main contactor (with the precharge path in parallel) from P to
// the load bus; charger contactor from P to the charger. Pack current = charger current - current into the bus. Both
// obey the contacts.
//
// Equations: node P in network.h, the bus in load_bus.h, the contacts in contacts.h, the cells in models/pack.h, drive
// phases in drive.h. Between sub-steps the current is held; at each sub-step, and at each change of a contact in
// between, node P is solved exactly, so that a charger in constant voltage holds its voltage at every sample.
//
// The load runs from the moment the main contacts close until its bus has fallen to 0 V; it starts again when they
// close again. So an unsupplied bus collapses, and a load that wants to run does not hinder the precharge. It feeds
// back only through closed main contacts: otherwise there is nothing that could take the current.
//
// Nothing allocates after construction, except when a fault of a cell begins, or a fault or drive target is invalid
// (std::invalid_argument). In a group of parallel cells, truth.* of a position is that of the group: capacity the sum,
// resistance the cells in parallel, state of charge weighted by capacity, the hottest core, the mean of the surfaces.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "models/pack.h"
#include "sim/language/scenario.h"
#include "sim/plant/energy_ledger.h"
#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::sim {

// What the outside world does during the next interval: set by the phases (phase_runner.h).
struct Stimulus {
  bool charger_connected = false;
  double charger_current_A = 0;  // constant-current limit
  double charger_power_W = 0;    // or constant-power limit (used when charger_is_power)
  bool charger_is_power = false;
  double charger_voltage_V = 0;  // constant-voltage limit at the charger's terminals
  double load_current_A = 0;     // constant current from the bus, positive discharges, negative feeds back
  double load_power_W = 0;       // or constant power (used when load_is_power)
  bool load_is_power = false;
};

// The outputs that the device drives, as ACTUATORS says.
struct Actuators {
  bool main = false, charger = false, precharge = false;
  std::uint32_t bleed = 0;  // bit i: cell i
};

// Faults of contactors and cells, set and cleared by the fault injector.
enum class ContactorFault { none, weld, fail_to_close, feedback_stuck_open, feedback_stuck_closed };
enum class Contactor { main, charger, precharge };

// Which quantities a drive phase holds at present (bit i: cell i).
struct DrivenQuantities {
  std::uint32_t cell_voltages = 0;
  std::uint32_t cell_temperatures = 0;
  bool pack_current = false;
  bool any() const { return cell_voltages != 0 || cell_temperatures != 0 || pack_current; }
};

class Plant {
 public:
  // At time 0: cells at rest, all contacts open, bus at 0 V. Throws std::invalid_argument for inconsistent parameters.
  explicit Plant(const Scenario& scenario);
  ~Plant();
  Plant(const Plant& other);  // goes on from the same state
  Plant(Plant&&) noexcept;

  void set_stimulus(const Stimulus& stimulus);
  void set_actuators(const Actuators& actuators);  // from now on; contacts follow after pickup and dropout
  // drive: overrides a terminal quantity until cleared; the energy balance is suspended meanwhile.
  void drive(std::span<const DriveTarget> targets, TimeNs started);
  void clear_drive();

  // Faults. Several of one contactor may be active together; `none` clears all of them.
  void set_fault(Contactor contactor, ContactorFault fault, bool active = true);
  void set_precharge_resistor_open(bool open);
  void set_bus_short(std::optional<double> short_ohm);   // nothing: no short
  void set_ambient(std::optional<double> ambient_degC);  // nothing: the scenario's
  void set_coolant(std::optional<double> coolant_degC);  // nothing: the scenario's
  // A fault of a cell (cell_faults.h, by its word in the catalogue), or of every cell, begins or ends. Throws
  // std::invalid_argument for an unknown word, a cell that is not there, or an end without a beginning.
  void set_cell_fault(std::string_view kind, std::optional<int> cell, double value, bool active);

  void advance(TimeNs to);  // in sub-steps of scenario.plant_step; throws std::logic_error when `to` lies in the past
  void sample(Frame& frame) const;  // writes every truth.* signal
  // What sensing needs beside truth.*: positions of auxiliary contacts, the charger's presence, the air at the board,
  // and which quantities are driven (those are measured without error, so that truth, sensed and driven agree).
  struct Feedback {
    bool main = false, charger = false, charger_present = false;
    double ambient_degC = 25.0;
    DrivenQuantities driven;
  };
  Feedback feedback() const;
  // Where the energy went so far; suspended while something is driven.
  const EnergyBalance& energy() const;
  // Which ends of the cell's claimed range the pack is beyond now: models::outside::Bit or-ed, 0 inside.
  unsigned outside_validity() const;
  TimeNs now() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
