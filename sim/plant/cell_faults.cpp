#include "sim/plant/cell_faults.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace packbench::sim {
namespace {

constexpr std::array<std::string_view, 7> kWords{
    "internal_short",      "self_discharge", "capacity_loss", "joint_resistance",
    "resistance_increase", "imbalance",      "heater"};

double ocv_V(const models::Pack& pack, const models::PackState& state, Eigen::Index cell) {
  Eigen::ArrayXd all;
  pack.cell_ocv(state, all);
  return std::max(all[cell], 0.1);
}

void check(CellFault fault, double value) {
  const bool finite = std::isfinite(value);
  const bool positive = fault == CellFault::internal_short || fault == CellFault::resistance_factor;
  const bool share = fault == CellFault::capacity_loss;
  if (finite && (!positive || value > 0.0) && (!share || (value >= 0.0 && value < 1.0))) return;
  throw std::invalid_argument("The value of the cell fault '" + std::string(kWords[static_cast<std::size_t>(fault)]) +
                              "' makes no sense.");
}

}  // namespace

std::optional<CellFault> cell_fault(std::string_view word) {
  const auto found = std::ranges::find(kWords, word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<CellFault>(found - kWords.begin());
}

void CellFaultEffect::begin(const models::Pack& pack, models::PackState& state) {
  check(fault_, value_);
  if (fault_ == CellFault::internal_short) conductance_S_ = 1.0 / value_ / pack.parallel();
  if (fault_ == CellFault::self_discharge) {
    conductance_S_ =
        value_ / ocv_V(pack, state, static_cast<Eigen::Index>(position_) * pack.parallel()) / pack.parallel();
  }
  apply(pack, state, true);
}

void CellFaultEffect::end(const models::Pack& pack, models::PackState& state) const { apply(pack, state, false); }

void CellFaultEffect::apply(const models::Pack& pack, models::PackState& state, bool begins) const {
  const int members = pack.parallel();
  const double sign = begins ? 1.0 : -1.0;
  for (int m = 0; m < members; ++m) {
    const Eigen::Index k = static_cast<Eigen::Index>(position_) * members + m;
    switch (fault_) {
      case CellFault::internal_short:
      case CellFault::self_discharge:
        state.internal_S[k] = std::max(state.internal_S[k] + sign * conductance_S_, 0.0);
        break;
      case CellFault::capacity_loss:
        state.capacity_Ah[k] *= begins ? 1.0 - value_ : 1.0 / (1.0 - value_);
        break;
      case CellFault::joint_resistance:
        state.joint_ohm[k] = std::max(state.joint_ohm[k] + sign * value_ * members, 0.0);
        break;
      case CellFault::resistance_factor:
        state.resistance_factor[k] *= begins ? value_ : 1.0 / value_;
        break;
      case CellFault::imbalance:
        if (begins) state.soc[k] += value_;
        break;
      case CellFault::heater:
        state.heater_W[k] = std::max(state.heater_W[k] + sign * value_ / members, 0.0);
        break;
    }
  }
}

}  // namespace packbench::sim
