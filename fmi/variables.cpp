#include "fmi/variables.h"

namespace packbench::fmi {
namespace {

using R = Reference;
using enum Shape;

struct Unit {
  std::string_view name, display;
};
constexpr Unit kNoUnit{"", ""}, kSecond{"s", ""}, kAmpere{"A", ""}, kVolt{"V", "mV"}, kShare{"1", "%"};
constexpr Unit kKelvin{"K", "degC"}, kWatt{"W", ""}, kSiemens{"S", "mS"};

constexpr double kNone = std::numeric_limits<double>::infinity();
// Wide enough for a fire, and still refuses degrees Celsius.
constexpr double kColdest_K = 173.15;
constexpr double kHottest_K = 2273.15;

// Far more than a pack can bear, and few enough for the model's sub-steps.
constexpr double kMostCurrent_A = 1e5;
constexpr double kMostHeat_W = 1e5;
constexpr double kMostShort_S = 1e4;

constexpr Variable variable(Causality causality, R reference, std::string_view name, Shape shape, Unit unit,
                            std::string_view description) {
  return {reference, name, Type::float64, causality, shape, unit.name, unit.display, description, -kNone, kNone, {}};
}

constexpr Variable parameter(R reference, std::string_view name, Unit unit, std::string_view description) {
  return variable(Causality::parameter, reference, name, scalar, unit, description);
}

constexpr Variable input(R reference, std::string_view name, Shape shape, Unit unit, std::string_view description) {
  return variable(Causality::input, reference, name, shape, unit, description);
}

constexpr Variable output(R reference, std::string_view name, Shape shape, Unit unit, std::string_view description) {
  return variable(Causality::output, reference, name, shape, unit, description);
}

constexpr Variable within(double min, double max, Variable variable) {
  variable.min = min;
  variable.max = max;
  return variable;
}

constexpr Variable as(Type type, Variable variable) {
  variable.type = type;
  return variable;
}

constexpr Variable acted_on_by(std::span<const R> inputs, Variable variable) {
  variable.depends_on = inputs;
  return variable;
}

constexpr R kCircuit[] = {R::pack_current, R::bleed, R::short_conductance};
constexpr R kCurrent[] = {R::pack_current};

constexpr Variable kVariables[] = {
    variable(Causality::independent, R::time, "time", scalar, kSecond, "Simulated time"),

    within(0, 1, parameter(R::initial_soc, "initial_soc", kShare, "State of charge of the pack at the start")),
    within(213.15, 423.15,
           parameter(R::initial_temperature, "initial_temperature", kKelvin, "Temperature of all cells at the start")),
    as(Type::uint64, parameter(R::seed, "seed", kNoUnit, "Seed of the spread between the cells")),

    within(-kMostCurrent_A, kMostCurrent_A,
           input(R::pack_current, "pack_current", scalar, kAmpere, "Current through the pack; positive charges")),
    within(kColdest_K, kHottest_K,
           input(R::ambient_temperature, "ambient_temperature", scalar, kKelvin, "Temperature around the cells")),
    within(kColdest_K, kHottest_K,
           input(R::coolant_temperature, "coolant_temperature", scalar, kKelvin, "Temperature of the coolant")),
    as(Type::boolean,
       input(R::bleed, "bleed", per_position, kNoUnit, "The bleed resistor across this position is switched on")),
    within(
        -kMostHeat_W, kMostHeat_W,
        input(R::external_heat, "external_heat", per_cell, kWatt,
              "Heat from outside into the cell's surface: a heater, or what a thermal model of its surroundings says")),
    within(0, kMostShort_S,
           input(R::short_conductance, "short_conductance", per_cell, kSiemens,
                 "Conductance of a short inside the cell, besides its self-discharge; 0 means none")),

    acted_on_by(kCircuit, output(R::pack_voltage, "pack_voltage", scalar, kVolt, "Sum of the cell voltages")),
    output(R::pack_soc, "pack_soc", scalar, kShare,
           "State of charge of the pack, by its weakest and its fullest position"),
    as(Type::uint32,
       acted_on_by(kCurrent, output(R::outside_validity, "outside_validity", scalar, kNoUnit,
                                    "Which limits of the measured range the cells are beyond: 1 SOC low, 2 SOC high, "
                                    "4 cold, 8 hot, 16 charge rate, 32 discharge rate, added up"))),
    acted_on_by(kCircuit, output(R::cell_voltage, "cell_voltage", per_position, kVolt,
                                 "Voltage that sense wires see across the position")),
    output(R::cell_soc, "cell_soc", per_cell, kShare, "State of charge of the cell; may leave 0 to 1"),
    acted_on_by(kCircuit, output(R::cell_current, "cell_current", per_cell, kAmpere,
                                 "Current at the terminals of the cell; positive charges")),
    output(R::surface_temperature, "surface_temperature", per_cell, kKelvin, "Temperature of the cell's surface"),
    output(R::core_temperature, "core_temperature", per_cell, kKelvin, "Temperature of the cell's core"),
    output(R::heat, "heat", per_cell, kWatt, "Heat generated in the cell, mean of the last step"),
};

}  // namespace

std::size_t Layout::elements(Shape shape) const {
  const auto positions = static_cast<std::size_t>(cells);
  if (shape == Shape::scalar) return 1;
  return shape == Shape::per_position ? positions : positions * static_cast<std::size_t>(parallel);
}

std::span<const Variable> variables() { return kVariables; }

const Variable* find_variable(std::uint32_t reference) {
  for (const Variable& variable : kVariables) {
    if (static_cast<std::uint32_t>(variable.reference) == reference) return &variable;
  }
  return nullptr;
}

std::string_view type_name(Type type) {
  switch (type) {
    case Type::float64:
      return "Float64";
    case Type::uint32:
      return "UInt32";
    case Type::uint64:
      return "UInt64";
    case Type::boolean:
      return "Boolean";
  }
  return "";
}

}  // namespace packbench::fmi
