#include "sim/plant/plant.h"

#include <algorithm>
#include <stdexcept>

#include "sim/plant/plant_data.h"

namespace packbench::sim {

Plant::Plant(const Scenario& scenario) : data_(std::make_unique<Data>(scenario)) {}
Plant::~Plant() = default;
Plant::Plant(const Plant& other) : data_(std::make_unique<Data>(*other.data_)) { data_->energy.belong_to(data_->pack); }
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

void Plant::set_coolant(std::optional<double> coolant_degC) {
  data_->coolant_degC = coolant_degC.value_or(data_->scenario_coolant_degC);
}

void Plant::set_cell_fault(std::string_view kind, std::optional<int> cell, double value, bool active) {
  Data& d = *data_;
  const auto fault = cell_fault(kind);
  if (!fault) throw std::invalid_argument("There is no fault '" + std::string(kind) + "' of a cell.");
  if (cell && (*cell < 0 || *cell >= d.pack.cells()))
    throw std::invalid_argument("A fault names a cell that the pack does not have.");
  d.close_energy();
  for (int position = cell.value_or(0); position <= cell.value_or(d.pack.cells() - 1); ++position) {
    if (active) {
      d.cell_faults.emplace_back(*fault, position, value).begin(d.pack, d.state);
      continue;
    }
    const auto ended = std::ranges::find_if(d.cell_faults, [&](const CellFaultEffect& one) {
      return one.fault() == *fault && one.position() == position && one.value() == value;
    });
    if (ended == d.cell_faults.end()) throw std::invalid_argument("A fault of a cell ends that has not begun.");
    ended->end(d.pack, d.state);
    d.cell_faults.erase(ended);
  }
  d.energy.begin(d.state);
  d.settled = false;
}

const EnergyBalance& Plant::energy() const { return data_->energy.balance(); }

unsigned Plant::outside_validity() const {
  const Data& d = *data_;
  return d.pack.outside_validity(d.state, 0, d.point.pack_A);
}

void Plant::drive(std::span<const DriveTarget> targets, TimeNs started) {
  Data& d = *data_;
  d.show_cells();
  const auto cells = static_cast<std::size_t>(d.pack.cells());
  std::array<double, kMaxCells> surface_degC{};
  const int members = d.pack.parallel();
  for (int i = 0; i < d.pack.cells(); ++i)
    surface_degC[static_cast<std::size_t>(i)] = d.state.surface_degC.segment(i * members, members).mean();
  d.drive.start(targets, started, {{d.shown_V.data(), cells}, {surface_degC.data(), cells}, d.point.pack_A});
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
  d.close_energy();
}

// One value per position, made of the values of its members.
template <class Pick>
void Plant::Data::put(Frame& frame, Signal signal, Pick pick) const {
  const std::span<double> out = frame.array(signal);
  const auto members = static_cast<Eigen::Index>(pack.parallel());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = pick(static_cast<Eigen::Index>(i) * members, members);
}

void Plant::Data::sample_cells(Frame& frame) {
  const std::array<double, 1> current{point.pack_A};
  using Index = Eigen::Index;
  const auto sum_of = [](const Eigen::ArrayXd& values) {
    return [&values](Index first, Index count) { return values.segment(first, count).sum(); };
  };
  const auto weighted = [this](const Eigen::ArrayXd& values) {
    return [this, &values](Index first, Index count) {
      if (count == 1) return values[first];
      const auto weight = state.capacity_Ah.segment(first, count);
      return (values.segment(first, count) * weight).sum() / weight.sum();
    };
  };
  put(frame, Signal::truth_cell_voltage, [this](Index first, Index count) { return shown_V[first / count]; });
  put(frame, Signal::truth_cell_soc, weighted(state.soc));
  put(frame, Signal::truth_cell_capacity, sum_of(state.capacity_Ah));
  put(frame, Signal::truth_cell_temperature,
      [this](Index first, Index count) { return state.surface_degC.segment(first, count).mean(); });
  put(frame, Signal::truth_cell_core_temperature,
      [this](Index first, Index count) { return state.core_degC.segment(first, count).maxCoeff(); });
  pack.cell_ocv(state, of_cells);
  put(frame, Signal::truth_cell_ocv, weighted(of_cells));
  pack.cell_resistance(state, current, of_cells);
  put(frame, Signal::truth_cell_resistance,
      [this](Index first, Index count) { return 1.0 / of_cells.segment(first, count).inverse().sum(); });
  put(frame, Signal::truth_cell_reacted,
      [this](Index first, Index count) { return 1.0 - state.ocv_factor.segment(first, count).minCoeff(); });
  put(frame, Signal::truth_cell_plating, [this](Index first, Index count) {
    return state.plated_Ah.size() == 0 ? 0.0 : state.plated_Ah.segment(first, count).sum();
  });
  put(frame, Signal::truth_cell_current, [this](Index first, Index count) {
    const Index position = first / count;
    const double joint_V = state.joint_ohm.segment(first, count).mean() * point.pack_A / static_cast<double>(count);
    const double bleed_S = bleed[static_cast<std::size_t>(position)] != 0 ? 1.0 / pack.parameters().bleed_ohm : 0.0;
    return point.pack_A - (shown_V[position] - joint_V) * (bleed_S + state.internal_S.segment(first, count).sum());
  });
}

void Plant::sample(Frame& frame) const {
  Data& d = *data_;
  d.show_cells();
  d.sample_cells(frame);
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
