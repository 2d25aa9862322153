// Which quantities may be added, multiplied, divided and differentiated, and what comes out.
//
// A temperature in degC is a point, not a size: two of them have a difference in K, a difference may be added to one,
// and nothing else. Charge is in Ah and time in s, so products of both carry a factor.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/quantity.h"

namespace packbench::sim {

struct Product {
  Dimension dimension;
  double factor = 1;  // result = factor * (left op right)
};

std::optional<Dimension> sum_of(Dimension left, Dimension right);
std::optional<Dimension> difference_of(Dimension left, Dimension right);
std::optional<Product> product_of(Dimension left, Dimension right);
std::optional<Product> quotient_of(Dimension left, Dimension right);
Dimension delta_of(Dimension dimension);
std::optional<Dimension> rate_of(Dimension dimension);

// Dimension of a signal's unit in the catalogue ("V", "degC", "1").
Dimension dimension_of_unit(std::string_view unit);

// "a voltage (V)", "a temperature difference (K)", "a plain number".
std::string describe(Dimension dimension);

}  // namespace packbench::sim
