// Values that the variables of an exported pack have before anybody sets them.
#pragma once

#include <cstdint>

namespace packbench::fmi {

inline constexpr double kZero_degC = 273.15;  // in K

struct StartValues {
  double soc = 0.5;
  double temperature_K = 25.0 + kZero_degC;  // of the cells, of the ambient and of the coolant
  std::uint64_t seed = 1;

  friend bool operator==(const StartValues&, const StartValues&) = default;
};

}  // namespace packbench::fmi
