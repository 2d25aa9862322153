// Pack::initial_state: cells at rest, their capacity, SOC and resistance spread around the nominal values.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/pack.h"
#include "models/random.h"

namespace packbench::models {
namespace {

double cut(double sigmas) { return std::clamp(sigmas, -4.0, 4.0); }

double deviation(Stream& stream) { return cut(stream.normal()); }

// Sum over the members of each position, the least of all positions.
double least(const Eigen::ArrayXd& charge_Ah, int members) {
  double sum = std::numeric_limits<double>::infinity();
  for (Eigen::Index k = 0; k < charge_Ah.size(); k += members) sum = std::min(sum, charge_Ah.segment(k, members).sum());
  return sum;
}

// The offset to add to all SOC deviations of one pack so that its pack SOC is `target`: the root of
// (1 - target) dischargeable - target chargeable, which rises with the offset; halved until it no longer moves.
double offset_for(const Eigen::Ref<const Eigen::ArrayXd>& deviations,
                  const Eigen::Ref<const Eigen::ArrayXd>& capacity_Ah, int members, double target) {
  double low = -1.0, high = 2.0;
  while (true) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) return middle;
    const double dischargeable_Ah = least((middle + deviations) * capacity_Ah, members);
    const double chargeable_Ah = least((1.0 - middle - deviations) * capacity_Ah, members);
    ((1.0 - target) * dischargeable_Ah < target * chargeable_Ah ? low : high) = middle;
  }
}

}  // namespace

PackState Pack::at_rest(double temperature_degC) const {
  const CellParameters& cell = parameters_.cell;
  const Eigen::ArrayXd zero = Eigen::ArrayXd::Zero(size());
  PackState state;
  for (auto* array : {&state.soc, &state.rc_V[0], &state.rc_V[1], &state.rc_V[2], &state.hysteresis, &state.heater_W,
                      &state.capacity_Ah, &state.resistance_factor, &state.heat_W}) {
    *array = zero;
  }
  state.core_degC = state.surface_degC = zero + temperature_degC;
  state.internal_S = zero + (cell.self_discharge_ohm > 0 ? 1.0 / cell.self_discharge_ohm : 0.0);
  state.joint_ohm = zero + parameters_.joint_ohm;
  state.ocv_factor = zero + 1.0;
  return state;
}

PackState Pack::initial_state(double soc, double temperature_degC, std::uint64_t seed, std::uint64_t first_pack) const {
  if (!(soc >= 0.0 && soc <= 1.0)) throw std::invalid_argument("A pack can only start at an SOC of 0 to 100 %.");
  if (!(temperature_degC >= -60.0 && temperature_degC <= 150.0)) {
    throw std::invalid_argument("A pack can only start at a temperature of -60 to 150 degC.");
  }
  PackState state = at_rest(temperature_degC);
  const Spread& spread = parameters_.spread;
  const double own_share = std::sqrt(1.0 - spread.correlation * spread.correlation);
  for (int pack = 0; pack < packs_; ++pack) {
    Stream stream(seed, "pack.spread", first_pack + static_cast<std::uint64_t>(pack));
    const Eigen::Index first = static_cast<Eigen::Index>(pack) * pack_size();
    for (Eigen::Index k = first; k < first + pack_size(); ++k) {
      const double capacity = deviation(stream);
      state.capacity_Ah[k] = parameters_.cell.capacity_Ah * (1.0 + spread.capacity_sigma * capacity);
      state.soc[k] = spread.soc_sigma * deviation(stream);
      state.resistance_factor[k] =
          1.0 + spread.resistance_sigma * cut(spread.correlation * capacity + own_share * deviation(stream));
    }
    auto pack_soc = state.soc.segment(first, pack_size());
    const bool equal = spread.soc_sigma == 0.0 && spread.capacity_sigma == 0.0;
    pack_soc += equal ? soc : offset_for(pack_soc, state.capacity_Ah.segment(first, pack_size()), parallel(), soc);
  }
  rare_.begin(state);
  return state;
}

}  // namespace packbench::models
