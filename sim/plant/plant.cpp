#include "sim/plant/plant.h"

#include <algorithm>
#include <stdexcept>

#include "sim/plant/plant_data.h"

namespace packbench::sim {

Plant::Plant(const Scenario& scenario) : data_(std::make_unique<Data>(scenario)) {}
Plant::~Plant() = default;
Plant::Plant(Plant&&) noexcept = default;

TimeNs Plant::now() const { return data_->now; }

void Plant::set_stimulus(const Stimulus& stimulus) {
  data_->stimulus = stimulus;
  data_->settled = false;
}

void Plant::set_actuators(const Actuators& actuators) {
  Data& d = *data_;
  d.of(Contactor::main).drive(actuators.main, d.now);
  d.of(Contactor::charger).drive(actuators.charger, d.now);
  d.of(Contactor::precharge).drive(actuators.precharge, d.now);
  for (std::size_t i = 0; i < d.bleed.size(); ++i) d.bleed[i] = actuators.bleed >> i & 1u;
  d.settled = false;
}

void Plant::set_fault(Contactor contactor, ContactorFault fault, bool active) {
  Contacts& faulty = data_->of(contactor);
  using enum ContactorFault;
  if (fault == none) {
    for (const ContactorFault each : {weld, fail_to_close, feedback_stuck_open, feedback_stuck_closed}) {
      faulty.set_fault(each, false, data_->now);
    }
  } else {
    faulty.set_fault(fault, active, data_->now);
  }
  data_->settled = false;
}

void Plant::set_precharge_resistor_open(bool open) {
  data_->resistor_open = open;
  data_->settled = false;
}

void Plant::set_bus_short(std::optional<double> short_ohm) {
  if (short_ohm && !(*short_ohm > 0.0)) throw std::invalid_argument("The resistance of a bus short must be positive.");
  data_->short_ohm = short_ohm;
  data_->settled = false;
}

void Plant::set_ambient(std::optional<double> ambient_degC) {
  data_->ambient_degC = ambient_degC.value_or(data_->scenario_ambient_degC);
}

void Plant::drive(std::span<const DriveTarget> targets, TimeNs started) {
  Data& d = *data_;
  d.show_cells();
  const auto cells = static_cast<std::size_t>(d.pack.cells());
  d.drive.start(targets, started, {{d.shown_V.data(), cells}, {d.state.surface_degC.data(), cells}, d.point.pack_A});
  d.hold_temperatures();
  d.settled = false;
}

void Plant::clear_drive() {
  data_->drive.clear();
  data_->settled = false;
}

void Plant::advance(TimeNs to) {
  Data& d = *data_;
  if (to < d.now) throw std::logic_error("The plant cannot go back in time.");
  d.update_contacts();
  while (d.now < to) {
    d.sub_step(std::min({to, d.now + d.plant_step, d.next_contact_change()}));
    d.update_contacts();
  }
}

void Plant::sample(Frame& frame) const {
  Data& d = *data_;
  d.show_cells();
  const auto put = [&](Signal signal, const Eigen::ArrayXd& values) {
    std::copy_n(values.data(), d.pack.cells(), frame.array(signal).begin());
  };
  const std::array<double, 1> current{d.point.pack_A};
  put(Signal::truth_cell_voltage, d.shown_V);
  put(Signal::truth_cell_soc, d.state.soc);
  put(Signal::truth_cell_temperature, d.state.surface_degC);
  put(Signal::truth_cell_capacity, d.state.capacity_Ah);
  d.pack.cell_ocv(d.state, d.scratch);
  put(Signal::truth_cell_ocv, d.scratch);
  d.pack.cell_resistance(d.state, current, d.scratch);
  put(Signal::truth_cell_resistance, d.scratch);
  std::ranges::copy(d.bleed, frame.array(Signal::truth_bleed).begin());

  frame[Signal::truth_soc] = d.pack.pack_soc(d.state, 0);
  frame[Signal::truth_pack_voltage] = d.pack_voltage_V();
  frame[Signal::truth_pack_current] = d.point.pack_A;
  frame[Signal::truth_load_current] = d.load_A;
  frame[Signal::truth_charger_current] = d.point.charger_A;
  frame[Signal::truth_bus_voltage] = d.main_closed() ? d.pack_voltage_V() : d.bus_V;
  frame[Signal::truth_heat] = d.state.heat_W.sum();
  frame[Signal::truth_main_contactor] = d.main_closed();
  frame[Signal::truth_charger_contactor] = d.of(Contactor::charger).closed();
  frame[Signal::truth_precharge_contactor] = d.of(Contactor::precharge).closed();
}

Plant::Feedback Plant::feedback() const {
  const Data& d = *data_;
  return {d.of(Contactor::main).feedback(), d.of(Contactor::charger).feedback(), d.stimulus.charger_connected,
          d.ambient_degC, d.drive.quantities()};
}

}  // namespace packbench::sim
