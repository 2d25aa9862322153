#include <algorithm>
#include <stdexcept>

#include "sim/plant/plant_data.h"

namespace packbench::sim {
namespace {

models::PackParameters pack_parameters(const Scenario& scenario) {
  models::PackParameters parameters = scenario.pack_profile.pack;
  if (!scenario.pack.spread) parameters.spread = {0, 0, 0};
  if (scenario.pack.ageing_acceleration) parameters.cell.ageing.acceleration = *scenario.pack.ageing_acceleration;
  return parameters;
}

void validate(const PlantParameters& parameters, TimeNs plant_step) {
  if (plant_step <= 0) throw std::invalid_argument("The plant's step must be positive.");
  if (!(parameters.precharge_ohm > 0.0)) throw std::invalid_argument("The precharge resistance must be positive.");
  if (!(parameters.bus_capacitance_F > 0.0))
    throw std::invalid_argument("The capacitance of the load bus must be positive.");
  if (!(parameters.bus_bleed_ohm > 0.0))
    throw std::invalid_argument("The bleed resistance of the load bus must be positive.");
}

}  // namespace

Plant::Data::Data(const Scenario& scenario)
    : parameters(scenario.pack_profile.plant),
      pack(pack_parameters(scenario)),
      state(pack.initial_state(scenario.pack.soc, scenario.pack.temperature_degC, scenario.pack.spread_seed)),
      plant_step(scenario.plant_step),
      scenario_ambient_degC(scenario.pack.ambient_degC.value_or(scenario.pack.temperature_degC)),
      ambient_degC(scenario_ambient_degC),
      scenario_coolant_degC(scenario.pack.coolant_degC.value_or(scenario_ambient_degC)),
      coolant_degC(scenario_coolant_degC),
      contacts{Contacts(parameters.main, parameters.feedback_delay_s),
               Contacts(parameters.charger, parameters.feedback_delay_s),
               Contacts(parameters.precharge, parameters.feedback_delay_s)},
      bleed(static_cast<std::size_t>(pack.cells()), 0),
      drive(pack.cells()),
      shown_V(Eigen::ArrayXd::Zero(pack.cells())),
      scratch(Eigen::ArrayXd::Zero(pack.cells())),
      of_cells(Eigen::ArrayXd::Zero(state.soc.size())),
      energy(pack) {
  validate(parameters, plant_step);
  energy.begin(state);
}

// A driven cell is a voltage source without resistance: it takes the place of the cell's own share of the string.
void Plant::Data::drive_cells_in(StringSource& string, int current_sign) {
  const double sign = current_sign;
  const std::array<double, 1> one{sign}, two{2.0 * sign};
  pack.cell_voltage(state, one, bleed, shown_V);
  pack.cell_voltage(state, two, bleed, scratch);
  for (int i = 0; i < pack.cells(); ++i) {
    if ((drive.quantities().cell_voltages >> i & 1u) == 0) continue;
    string.emf_V += drive.cell_voltage_V(i, now) - (2.0 * shown_V[i] - scratch[i]);
    string.resistance_ohm -= (scratch[i] - shown_V[i]) * sign;
  }
  if (string.resistance_ohm < 1e-9) string.resistance_ohm = 0.0;
}

StringSource Plant::Data::string_source(int current_sign) {
  const models::Pack::Source own = pack.source(state, 0, current_sign, bleed);
  StringSource string{own.emf_V, own.resistance_ohm};
  if (drive.quantities().cell_voltages != 0) drive_cells_in(string, current_sign);
  return string;
}

OutsideLoad Plant::Data::outside() const {
  if (main_closed()) {
    return {leak_S(), stimulus.load_is_power ? 0.0 : stimulus.load_current_A,
            stimulus.load_is_power ? stimulus.load_power_W : 0.0};
  }
  if (precharging()) return {1.0 / parameters.precharge_ohm, -bus_V / parameters.precharge_ohm, 0.0};
  return {};
}

ChargerLimits Plant::Data::charger() const {
  return {stimulus.charger_current_A, stimulus.charger_power_W, stimulus.charger_voltage_V, stimulus.charger_is_power,
          stimulus.charger_connected && of(Contactor::charger).closed()};
}

double Plant::Data::load_beside_open_main() const {
  if (!load_runs || bus_V <= 0.0) return 0.0;
  return std::max(stimulus.load_is_power ? stimulus.load_power_W / bus_V : stimulus.load_current_A, 0.0);
}

void Plant::Data::settle() {
  if (settled) return;
  const int first_sign = point.pack_A < 0.0 ? -1 : 1;
  for (const int sign : {first_sign, -first_sign}) {
    source = string_source(sign);
    account_string();
    point = solve_node(source, outside(), charger());
    if (point.pack_A == 0.0 || (point.pack_A > 0.0) == (sign > 0)) break;
  }
  if (main_closed()) {
    const OutsideLoad load = outside();
    const double power_A = load.power_W == 0.0 ? 0.0 : load.power_W / point.node_V;
    load_A = point.starved ? point.out_A - load.conductance_S * point.node_V : load.current_A + power_A;
  } else {
    load_A = load_beside_open_main();
  }
  if (drive.quantities().pack_current) {
    point.pack_A = drive.pack_current_A(now);
    point.node_V = source.emf_V + source.resistance_ohm * point.pack_A;
  }
  if (main_closed()) {
    bus_V = point.node_V;
    load_runs = true;
  }
  settled = true;
}

void Plant::Data::show_cells() {
  settle();
  const std::array<double, 1> current{point.pack_A};
  pack.cell_voltage(state, current, bleed, shown_V);
  for (int i = 0; i < pack.cells(); ++i) {
    if (drive.quantities().cell_voltages >> i & 1u) shown_V[i] = drive.cell_voltage_V(i, now);
  }
}

double Plant::Data::pack_voltage_V() const {
  double sum = 0;
  for (int i = 0; i < pack.cells(); ++i) sum += shown_V[i];
  return sum;
}

BusFeed Plant::Data::bus_feed() const {
  BusFeed feed{0.0, 0.0, leak_S(), load_A};
  if (!precharging()) return feed;
  const bool stiff = point.mode == ChargerMode::constant_voltage;
  feed.emf_V = stiff ? point.node_V : source.emf_V + source.resistance_ohm * point.charger_A;
  feed.conductance_S = 1.0 / (parameters.precharge_ohm + (stiff ? 0.0 : source.resistance_ohm));
  return feed;
}

// The mean current into the open bus during the interval.
double Plant::Data::advance_open_bus(double dt_s) {
  const BusInterval bus = advance_bus(bus_V, bus_feed(), parameters.bus_capacitance_F, dt_s);
  bus_V = bus.end_V;
  if (bus.collapsed) load_runs = false;
  return bus.mean_feed_A;
}

void Plant::Data::sub_step(TimeNs until) {
  settle();
  const double dt_s = to_seconds(until - now);
  std::array<double, 1> current{point.pack_A};
  if (!main_closed()) {
    const double feed_A = advance_open_bus(dt_s);
    const bool free = !drive.quantities().pack_current && point.mode != ChargerMode::constant_voltage;
    if (free) current[0] = point.charger_A - feed_A;
  }
  const double bleeding_W = bleed_W();
  pack.step(state, current, bleed, {ambient_degC, coolant_degC}, dt_s);
  now = until;
  hold_temperatures();
  settled = false;
  if (drive.quantities().any()) return;
  energy.heat(state, current[0], bleeding_W, dt_s);
  interval = {true, source.emf_V + source.resistance_ohm * current[0], current[0], dt_s};
}

// The sub-step that has just ended, between the voltages at its two ends; `source` is that of its current's direction.
void Plant::Data::account_string() {
  if (!interval.open) return;
  interval.open = false;
  const double end_V = source.emf_V + source.resistance_ohm * interval.current_A;
  energy.at_terminals((interval.begin_V + end_V) / 2.0 * interval.current_A * interval.dt_s);
}

double Plant::Data::bleed_W() {
  if (std::ranges::none_of(bleed, [](std::uint8_t on) { return on != 0; })) return 0.0;
  const std::array<double, 1> current{point.pack_A};
  pack.cell_voltage(state, current, bleed, scratch);
  double power_W = 0;
  for (int i = 0; i < pack.cells(); ++i) {
    if (bleed[static_cast<std::size_t>(i)] != 0) power_W += scratch[i] * scratch[i] / pack.parameters().bleed_ohm;
  }
  return power_W;
}

void Plant::Data::close_energy() {
  settle();
  if (drive.quantities().any()) {
    interval.open = false;
    energy.begin(state);
  } else {
    energy.close(state, point.pack_A);
  }
}

void Plant::Data::hold_temperatures() {
  const std::uint32_t driven = drive.quantities().cell_temperatures;
  const int members = pack.parallel();
  for (int i = 0; driven >> i != 0 && i < pack.cells(); ++i) {
    if ((driven >> i & 1u) == 0) continue;
    state.core_degC.segment(i * members, members) = drive.cell_temperature_degC(i, now);
    state.surface_degC.segment(i * members, members) = drive.cell_temperature_degC(i, now);
  }
}

void Plant::Data::update_contacts() {
  for (Contacts& contactor : contacts) {
    if (contactor.next_change() > now) continue;
    contactor.update(now);
    settled = false;
  }
}

TimeNs Plant::Data::next_contact_change() const {
  TimeNs next = kNever;
  for (const Contacts& contactor : contacts) next = std::min(next, contactor.next_change());
  return next;
}

}  // namespace packbench::sim
