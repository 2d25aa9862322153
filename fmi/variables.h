// The variables of an exported pack: one list, from which the model description is written and which the library obeys.
//
// Units on the interface are SI: A, V, W, S and K; a state of charge is a share (1). Positive current charges.
// n = cells in series, m = cells in parallel. A variable per position is an array of n; a variable per cell is an array
// of n, or n x m (the members of a group next to each other) when m > 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace packbench::fmi {

enum class Reference : std::uint32_t {
  time = 0,
  // parameters, until initialization is left
  initial_soc = 1,
  initial_temperature = 2,
  seed = 3,
  // inputs, held during a step
  pack_current = 10,
  ambient_temperature = 11,
  coolant_temperature = 12,
  bleed = 13,
  external_heat = 14,
  short_conductance = 15,
  // outputs
  pack_voltage = 20,
  pack_soc = 21,
  outside_validity = 22,
  cell_voltage = 30,
  cell_soc = 31,
  cell_current = 32,
  surface_temperature = 33,
  core_temperature = 34,
  heat = 35,
};

enum class Type { float64, uint32, uint64, boolean };
enum class Causality { independent, parameter, input, output };
enum class Shape { scalar, per_position, per_cell };

struct Variable {
  Reference reference;
  std::string_view name;
  Type type;
  Causality causality;
  Shape shape;
  std::string_view unit;          // empty: none
  std::string_view display_unit;  // empty: the unit itself
  std::string_view description;
  double min, max;                        // what it can be set to; infinite: no limit
  std::span<const Reference> depends_on;  // outputs: the inputs that act on it at the same instant
};

// How many cells; what array variables are as long as.
struct Layout {
  int cells = 15;
  int parallel = 1;
  std::size_t elements(Shape shape) const;
};

std::span<const Variable> variables();                   // in the order of the model description; the time first
const Variable* find_variable(std::uint32_t reference);  // nullptr: there is none
std::string_view type_name(Type type);                   // as the standard writes it: "Float64"

}  // namespace packbench::fmi
