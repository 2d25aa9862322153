// What a plant holds, and the circuit's part of its step (plant_circuit.cpp). Private to the plant.
#pragma once

#include <vector>

#include "sim/plant/cell_faults.h"
#include "sim/plant/contacts.h"
#include "sim/plant/drive.h"
#include "sim/plant/load_bus.h"
#include "sim/plant/network.h"
#include "sim/plant/plant.h"

namespace packbench::sim {

struct Plant::Data {
  explicit Data(const Scenario& scenario);

  Contacts& of(Contactor contactor) { return contacts[static_cast<std::size_t>(contactor)]; }
  const Contacts& of(Contactor contactor) const { return contacts[static_cast<std::size_t>(contactor)]; }
  bool main_closed() const { return of(Contactor::main).closed(); }
  bool precharging() const { return !main_closed() && of(Contactor::precharge).closed() && !resistor_open; }
  double leak_S() const { return 1.0 / parameters.bus_bleed_ohm + (short_ohm ? 1.0 / *short_ohm : 0.0); }

  StringSource string_source(int current_sign);
  void drive_cells_in(StringSource& source, int current_sign);
  OutsideLoad outside() const;
  ChargerLimits charger() const;
  double load_beside_open_main() const;
  BusFeed bus_feed() const;

  void settle();      // node P at the present state
  void show_cells();  // into shown_V, the driven ones included
  void update_contacts();
  TimeNs next_contact_change() const;
  void sub_step(TimeNs until);
  double advance_open_bus(double dt_s);
  void hold_temperatures();
  void account_string();
  double bleed_W();
  void close_energy();
  template <class Pick>
  void put(Frame& frame, Signal signal, Pick pick) const;
  void sample_cells(Frame& frame);
  double pack_voltage_V() const;

  PlantParameters parameters;
  models::Pack pack;
  models::PackState state;
  TimeNs now = 0, plant_step;
  double scenario_ambient_degC, ambient_degC;
  double scenario_coolant_degC, coolant_degC;
  Stimulus stimulus;
  std::array<Contacts, 3> contacts;
  std::vector<std::uint8_t> bleed;
  Drive drive;
  bool resistor_open = false;
  std::optional<double> short_ohm;
  bool load_runs = false;
  double bus_V = 0;

  // Solution of node P, valid while `settled`.
  bool settled = false;
  OperatingPoint point;
  StringSource source;
  double load_A = 0;
  Eigen::ArrayXd shown_V, scratch;  // of positions
  Eigen::ArrayXd of_cells;          // of every cell

  std::vector<CellFaultEffect> cell_faults;  // in force
  EnergyLedger energy;
  // The last sub-step's, until the voltage at its end is known.
  struct Interval {
    bool open = false;
    double begin_V = 0, current_A = 0, dt_s = 0;
  } interval;
};

}  // namespace packbench::sim
