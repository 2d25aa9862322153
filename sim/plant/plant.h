// The plant: cells, contactors, precharge path, load bus, charger and load, advanced in simulated time.
//
// Electrical picture: cells in series, shunt, node P. Main contactor (with the precharge path in parallel) from P to the load
// bus; charger contactor from P to the charger. Pack current = charger current - current into the bus. Both obey the contacts.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "models/pack.h"
#include "sim/language/scenario.h"
#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::sim {

// What the outside world does during the next interval: set by the phases (phase_runner.h).
struct Stimulus {
  bool charger_connected = false;
  double charger_current_A = 0;      // constant-current limit
  double charger_voltage_V = 0;      // constant-voltage limit at the charger's terminals
  double load_current_A = 0;         // constant current from the bus, positive discharges, negative feeds back
  double load_power_W = 0;           // or constant power (used when load_is_power)
  bool load_is_power = false;
};

// The outputs that the device drives, as ACTUATORS says.
struct Actuators {
  bool main = false, charger = false, precharge = false;
  std::uint32_t bleed = 0;           // bit i: cell i
};

// Faults of contactors and cells, set and cleared by the fault injector.
enum class ContactorFault { none, weld, fail_to_close, feedback_stuck_open, feedback_stuck_closed };
enum class Contactor { main, charger, precharge };

class Plant {
 public:
  Plant(const Scenario& scenario);
  ~Plant();
  Plant(Plant&&) noexcept;

  void set_stimulus(const Stimulus& stimulus);
  void set_actuators(const Actuators& actuators);   // from now on; contacts follow after pickup and dropout
  void set_fault(Contactor contactor, ContactorFault fault);
  // drive: overrides a terminal quantity until cleared; the energy balance is suspended meanwhile.
  void drive(std::span<const DriveTarget> targets, TimeNs started);
  void clear_drive();

  void advance(TimeNs to);             // in sub-steps of scenario.plant_step
  void sample(Frame& frame) const;     // writes every truth.* signal
  // Positions of auxiliary contacts, and the charger's presence, for sensing.
  struct Feedback { bool main, charger, charger_present; };
  Feedback feedback() const;
  TimeNs now() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
