#include "fmi/library/model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

namespace packbench::fmi {
namespace {

constexpr std::size_t kOne = 1;

std::span<const double> current(const State& state) { return {&state.inputs.pack_current_A, kOne}; }

void copy(const Eigen::ArrayXd& from, std::span<double> to) { std::copy(from.begin(), from.end(), to.begin()); }

void to_K(std::span<double> degC) {
  for (double& value : degC) value += kZero_degC;
}

std::string expected(const Variable& variable) {
  const std::string unit = variable.unit == "1" ? "" : fmt::format(" {}", variable.unit);
  if (std::isfinite(variable.max)) return fmt::format("{} to {}{}", variable.min, variable.max, unit);
  return std::isfinite(variable.min) ? fmt::format("{}{} or more", variable.min, unit) : "a number";
}

bool finite(const models::PackState& pack) {
  return pack.soc.isFinite().all() && pack.core_degC.isFinite().all() && pack.surface_degC.isFinite().all() &&
         pack.hysteresis.isFinite().all();
}

}  // namespace

Model::Model(PackFile file)
    : file_(std::move(file)), layout_{file_.pack.cells, file_.pack.parallel}, pack_(file_.pack) {}

State Model::start() const {
  State state;
  state.parameters = file_.start;
  state.inputs.ambient_K = state.inputs.coolant_K = file_.start.temperature_K;
  state.inputs.bleed.assign(layout_.elements(Shape::per_position), 0);
  state.inputs.external_heat_W.assign(layout_.elements(Shape::per_cell), 0.0);
  state.inputs.short_S = state.inputs.external_heat_W;
  initialize(state);
  return state;
}

void Model::initialize(State& state) const {
  const StartValues& start = state.parameters;
  state.pack = pack_.initial_state(start.soc, start.temperature_K - kZero_degC, start.seed);
  for (std::size_t cell = 0; cell < layout_.elements(Shape::per_cell); ++cell) {
    const auto index = static_cast<Eigen::Index>(cell);
    state.pack.heater_W[index] = state.inputs.external_heat_W[cell];
    state.pack.internal_S[index] += state.inputs.short_S[cell];
  }
}

void Model::get(const State& state, const Variable& variable, std::span<double> values) const {
  switch (variable.reference) {
    case Reference::time:
      values[0] = state.time_s;
      return;
    case Reference::initial_soc:
      values[0] = state.parameters.soc;
      return;
    case Reference::initial_temperature:
      values[0] = state.parameters.temperature_K;
      return;
    case Reference::pack_current:
      values[0] = state.inputs.pack_current_A;
      return;
    case Reference::ambient_temperature:
      values[0] = state.inputs.ambient_K;
      return;
    case Reference::coolant_temperature:
      values[0] = state.inputs.coolant_K;
      return;
    case Reference::external_heat:
      std::ranges::copy(state.inputs.external_heat_W, values.begin());
      return;
    case Reference::short_conductance:
      std::ranges::copy(state.inputs.short_S, values.begin());
      return;
    case Reference::pack_soc:
      values[0] = pack_.pack_soc(state.pack, 0);
      return;
    default:
      get_cells(state, variable.reference, values);
  }
}

void Model::get_cells(const State& state, Reference output, std::span<double> values) const {
  Eigen::ArrayXd cells;
  switch (output) {
    case Reference::pack_voltage:
      pack_.cell_voltage(state.pack, current(state), state.inputs.bleed, cells);
      values[0] = std::accumulate(cells.begin(), cells.end(), 0.0);
      return;
    case Reference::cell_voltage:
      pack_.cell_voltage(state.pack, current(state), state.inputs.bleed, cells);
      return copy(cells, values);
    case Reference::cell_current:
      pack_.cell_current(state.pack, current(state), state.inputs.bleed, cells);
      return copy(cells, values);
    case Reference::cell_soc:
      return copy(state.pack.soc, values);
    case Reference::heat:
      return copy(state.pack.heat_W, values);
    case Reference::surface_temperature:
      copy(state.pack.surface_degC, values);
      return to_K(values);
    case Reference::core_temperature:
      copy(state.pack.core_degC, values);
      return to_K(values);
    default:
      throw std::logic_error("a variable without a value");
  }
}

void Model::get(const State& state, const Variable& variable, std::span<std::uint64_t> values) const {
  switch (variable.reference) {
    case Reference::seed:
      values[0] = state.parameters.seed;
      return;
    case Reference::outside_validity:
      values[0] = pack_.outside_validity(state.pack, 0, state.inputs.pack_current_A);
      return;
    case Reference::bleed:
      std::ranges::copy(state.inputs.bleed, values.begin());
      return;
    default:
      throw std::logic_error("a variable without a value");
  }
}

void Model::check(const Variable& variable, std::span<const double> values) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]) && values[i] >= variable.min && values[i] <= variable.max) continue;
    const std::string place = values.size() > 1 ? fmt::format(" in element {}", i + 1) : "";
    throw std::invalid_argument(fmt::format("the variable '{}' cannot be {}{} (expected {})", variable.name, values[i],
                                            place, expected(variable)));
  }
}

void Model::set(State& state, const Variable& variable, std::span<const double> values) const {
  switch (variable.reference) {
    case Reference::initial_soc:
      state.parameters.soc = values[0];
      return;
    case Reference::initial_temperature:
      state.parameters.temperature_K = values[0];
      return;
    case Reference::pack_current:
      state.inputs.pack_current_A = values[0];
      return;
    case Reference::ambient_temperature:
      state.inputs.ambient_K = values[0];
      return;
    case Reference::coolant_temperature:
      state.inputs.coolant_K = values[0];
      return;
    case Reference::external_heat:
      set_heat(state, values);
      return;
    case Reference::short_conductance:
      set_shorts(state, values);
      return;
    default:
      throw std::logic_error("a variable that cannot be set");
  }
}

void Model::set_heat(State& state, std::span<const double> heat_W) const {
  std::ranges::copy(heat_W, state.inputs.external_heat_W.begin());
  std::ranges::copy(heat_W, state.pack.heater_W.begin());
}

// Only the difference: the pack's own damage and self-discharge stand in the same conductance.
void Model::set_shorts(State& state, std::span<const double> short_S) const {
  for (std::size_t cell = 0; cell < short_S.size(); ++cell) {
    state.pack.internal_S[static_cast<Eigen::Index>(cell)] += short_S[cell] - state.inputs.short_S[cell];
    state.inputs.short_S[cell] = short_S[cell];
  }
}

void Model::set(State& state, const Variable& variable, std::span<const std::uint64_t> values) const {
  switch (variable.reference) {
    case Reference::seed:
      state.parameters.seed = values[0];
      return;
    case Reference::bleed:
      std::ranges::transform(values, state.inputs.bleed.begin(), [](std::uint64_t on) { return on != 0 ? 1 : 0; });
      return;
    default:
      throw std::logic_error("a variable that cannot be set");
  }
}

void Model::step(State& state, double step_s) const {
  const Inputs& in = state.inputs;
  pack_.step(state.pack, current(state), in.bleed, {in.ambient_K - kZero_degC, in.coolant_K - kZero_degC}, step_s);
  if (!finite(state.pack))
    throw std::runtime_error("the pack left the numbers in this step (an input is far beyond what a pack can bear)");
}

}  // namespace packbench::fmi
