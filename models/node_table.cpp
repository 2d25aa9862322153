#include "models/node_table.h"

#include <algorithm>

#include "models/deterministic_math.h"

namespace packbench::models {
namespace {

double value_or_zero(const Curve& curve, double soc) { return curve.soc.empty() ? 0.0 : held_value(curve, soc); }

double kelvin(double degC) { return degC + 273.15; }

// Column `j` of a table with `columns` temperatures, at this SOC.
double column_at(const std::vector<double>& soc, const std::vector<double>& values, std::size_t columns, std::size_t j,
                 double at_soc) {
  Curve curve{soc, {}};
  for (std::size_t i = 0; i < soc.size(); ++i) curve.value.push_back(values[i * columns + j]);
  return held_value(curve, at_soc);
}

// Resistance over temperature at one SOC: Arrhenius between measured temperatures and beyond.
class Arrhenius {
 public:
  Arrhenius(const ResistanceMap& map, const std::vector<double>& ohm, double soc, std::optional<double> activation)
      : degC_(map.temperature_degC), activation_(activation) {
    for (std::size_t j = 0; j < degC_.size(); ++j) ohm_.push_back(column_at(map.soc, ohm, degC_.size(), j, soc));
  }

  double at(double degC) const {
    const std::size_t last = degC_.size() - 1;
    for (std::size_t j = 0; j <= last; ++j) {
      if (degC == degC_[j]) return ohm_[j];
    }
    if (activation_ && degC < degC_[0]) return from(0, *activation_, degC);
    if (activation_ && degC > degC_[last]) return from(last, *activation_, degC);
    if (last == 0) return ohm_[0];
    std::size_t j = 0;
    while (j + 2 <= last && degC > degC_[j + 1]) ++j;
    return from(j, activation_between(j), degC);
  }

 private:
  double from(std::size_t j, double activation_J_per_mol, double degC) const {
    return ohm_[j] *
           exp(activation_J_per_mol / kGasConstant_J_per_molK * (1.0 / kelvin(degC) - 1.0 / kelvin(degC_[j])));
  }
  double activation_between(std::size_t j) const {
    return kGasConstant_J_per_molK * log(ohm_[j] / ohm_[j + 1]) / (1.0 / kelvin(degC_[j]) - 1.0 / kelvin(degC_[j + 1]));
  }

  const std::vector<double>& degC_;
  std::vector<double> ohm_;
  std::optional<double> activation_;
};

// The rate over temperature at one SOC.
Curve rate_curve(const CellParameters& cell, double soc) {
  if (cell.rate.empty()) return {{0.0}, {1.0}};
  Curve curve{cell.rate_degC, {}};
  for (std::size_t j = 0; j < cell.rate_degC.size(); ++j) {
    curve.value.push_back(column_at(cell.rate_soc, cell.rate, cell.rate_degC.size(), j, soc));
  }
  return curve;
}

std::vector<Arrhenius> resistances(const CellParameters& cell, double soc, Direction direction) {
  std::vector<Arrhenius> all;
  const auto add = [&](const ResistanceMap& map) {
    all.emplace_back(map, direction == Direction::charge ? map.charge_ohm : map.discharge_ohm, soc,
                     cell.activation_energy_J_per_mol);
  };
  add(cell.r0);
  for (const RcPair& pair : cell.pairs) add(pair.resistance);
  return all;
}

void fill_row(Node* row, const CellParameters& cell, double soc, Direction direction) {
  const Node same{held_value(cell.ocv_V, soc),
                  0.5 * value_or_zero(cell.hysteresis_V, soc),
                  value_or_zero(cell.entropy_V_per_K, soc),
                  {},
                  1.0};
  const std::vector<Arrhenius> ohms = resistances(cell, soc, direction);
  const Curve rate = rate_curve(cell, soc);
  for (int j = 0; j < NodeGrid::kRow; ++j) {
    const double degC = NodeGrid::kColdest_degC + j * NodeGrid::kStep_K;
    row[j] = same;
    for (std::size_t k = 0; k < ohms.size(); ++k) row[j].r_ohm[k] = ohms[k].at(degC);
    row[j].rate = held_value(rate, degC);
  }
}

double limited(double value, double most) {
  const double above = value > 0.0 ? value : 0.0;
  return above < most ? above : most;
}

struct Place {
  int index;
  double distance;  // 0..1
};

Place place(double held, int steps) {
  const int index = std::min(static_cast<int>(held), steps - 1);
  return {index, held - index};
}

Node between(const Node& a, const Node& b, double share) {
  const auto mix = [share](double x, double y) { return x + share * (y - x); };
  return {mix(a.ocv_V, b.ocv_V),
          mix(a.half_gap_V, b.half_gap_V),
          mix(a.entropy_V_per_K, b.entropy_V_per_K),
          {mix(a.r_ohm[0], b.r_ohm[0]), mix(a.r_ohm[1], b.r_ohm[1]), mix(a.r_ohm[2], b.r_ohm[2]),
           mix(a.r_ohm[3], b.r_ohm[3])},
          mix(a.rate, b.rate)};
}

}  // namespace

double held_value(const Curve& curve, double soc) {
  if (!(soc > curve.soc.front())) return curve.value.front();
  if (soc >= curve.soc.back()) return curve.value.back();
  const auto above =
      static_cast<std::size_t>(std::upper_bound(curve.soc.begin(), curve.soc.end(), soc) - curve.soc.begin());
  const double low = curve.soc[above - 1];
  const double fraction = (soc - low) / (curve.soc[above] - low);
  return curve.value[above - 1] + fraction * (curve.value[above] - curve.value[above - 1]);
}

NodeTable::NodeTable(const CellParameters& cell) {
  validate(cell);
  nodes_.resize(2 * NodeGrid::kSheet);
  for (const Direction direction : {Direction::discharge, Direction::charge}) {
    Node* sheet = nodes_.data() + (direction == Direction::charge ? NodeGrid::kSheet : 0);
    for (int i = 0; i <= NodeGrid::kSocSteps; ++i) {
      fill_row(sheet + i * NodeGrid::kRow, cell, static_cast<double>(i) / NodeGrid::kSocSteps, direction);
    }
  }
  low_slope_V_ = nodes_[NodeGrid::kRow].ocv_V - nodes_[0].ocv_V;
  high_slope_V_ =
      nodes_[NodeGrid::kSocSteps * NodeGrid::kRow].ocv_V - nodes_[(NodeGrid::kSocSteps - 1) * NodeGrid::kRow].ocv_V;
}

TablePoint<double> NodeTable::point(double soc, double core_degC, Direction direction) const {
  const double steps = soc * NodeGrid::kSocSteps;
  const double held = limited(steps, NodeGrid::kSocSteps);
  const Place row = place(held, NodeGrid::kSocSteps);
  const Place column =
      place(limited((core_degC - NodeGrid::kColdest_degC) * (1.0 / NodeGrid::kStep_K), NodeGrid::kTemperatureSteps),
            NodeGrid::kTemperatureSteps);
  const Node* corner = nodes_.data() + (direction == Direction::charge ? NodeGrid::kSheet : 0) +
                       row.index * NodeGrid::kRow + column.index;
  const Node node = between(between(corner[0], corner[1], column.distance),
                            between(corner[NodeGrid::kRow], corner[NodeGrid::kRow + 1], column.distance), row.distance);
  const double beyond = steps - held;
  return {node.ocv_V + beyond * (beyond < 0.0 ? low_slope_V_ : high_slope_V_),
          node.half_gap_V,
          node.entropy_V_per_K,
          {node.r_ohm[0], node.r_ohm[1], node.r_ohm[2], node.r_ohm[3]},
          node.rate};
}

double NodeTable::ocv_slope_V(double soc) const {
  const Place row = place(limited(soc * NodeGrid::kSocSteps, NodeGrid::kSocSteps), NodeGrid::kSocSteps);
  const Node* low = nodes_.data() + row.index * NodeGrid::kRow;
  return (low[NodeGrid::kRow].ocv_V - low[0].ocv_V) * NodeGrid::kSocSteps;
}

}  // namespace packbench::models
