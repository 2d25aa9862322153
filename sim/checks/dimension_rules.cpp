#include "sim/checks/dimension_rules.h"

#include <array>
#include <stdexcept>

namespace packbench::sim {
namespace {

using D = Dimension;

struct Relation {
  D left, right, product;
  double factor = 1;  // product = factor * left * right
};

// Every product that has a dimension of its own; quotients follow by solving for a factor.
constexpr std::array kRelations{
    Relation{D::voltage, D::current, D::power},
    Relation{D::resistance, D::current, D::voltage},
    Relation{D::current, D::time, D::charge, 1.0 / 3600.0},
    Relation{D::frequency, D::time, D::one},
    Relation{D::voltage_rate, D::time, D::voltage},
    Relation{D::current_rate, D::time, D::current},
    Relation{D::temperature_rate, D::time, D::temperature_difference},
};

bool scales(D dimension) { return dimension != D::temperature; }

}  // namespace

std::optional<Dimension> sum_of(Dimension left, Dimension right) {
  if (left == D::temperature && right == D::temperature_difference) return D::temperature;
  if (left == D::temperature_difference && right == D::temperature) return D::temperature;
  if (left == right && left != D::temperature) return left;
  return std::nullopt;
}

std::optional<Dimension> difference_of(Dimension left, Dimension right) {
  if (left == D::temperature && right == D::temperature) return D::temperature_difference;
  if (left == D::temperature && right == D::temperature_difference) return D::temperature;
  if (left == right) return left;
  return std::nullopt;
}

std::optional<Product> product_of(Dimension left, Dimension right) {
  if (!scales(left) || !scales(right)) return std::nullopt;
  if (left == D::one) return Product{right};
  if (right == D::one) return Product{left};
  for (const Relation& relation : kRelations) {
    const bool straight = relation.left == left && relation.right == right;
    const bool swapped = relation.left == right && relation.right == left;
    if (straight || swapped) return Product{relation.product, relation.factor};
  }
  return std::nullopt;
}

std::optional<Product> quotient_of(Dimension left, Dimension right) {
  if (!scales(left) || !scales(right)) return std::nullopt;
  if (left == right) return Product{D::one};
  if (right == D::one) return Product{left};
  for (const Relation& relation : kRelations) {
    if (relation.product != left) continue;
    if (relation.left == right) return Product{relation.right, 1.0 / relation.factor};
    if (relation.right == right) return Product{relation.left, 1.0 / relation.factor};
  }
  return std::nullopt;
}

Dimension delta_of(Dimension dimension) { return dimension == D::temperature ? D::temperature_difference : dimension; }

std::optional<Dimension> rate_of(Dimension dimension) {
  if (dimension == D::charge) return std::nullopt;  // Ah per s would need its own factor; the current says it
  const auto rate = quotient_of(delta_of(dimension), D::time);
  return rate ? std::optional(rate->dimension) : std::nullopt;
}

Dimension dimension_of_unit(std::string_view unit) {
  if (unit == "V") return D::voltage;
  if (unit == "A") return D::current;
  if (unit == "W") return D::power;
  if (unit == "s") return D::time;
  if (unit == "Ah") return D::charge;
  if (unit == "ohm") return D::resistance;
  if (unit == "degC") return D::temperature;
  if (unit == "1") return D::one;
  throw std::logic_error("the signal catalogue has the unit '" + std::string(unit) + "' that formulas do not know");
}

std::string describe(Dimension dimension) {
  if (dimension == D::one) return "a plain number";
  return std::string(dimension_name(dimension)) + " (" + std::string(unit_of(dimension)) + ")";
}

}  // namespace packbench::sim
