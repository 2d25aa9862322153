// Pack::initial_state: cells at rest, their capacity, SOC and resistance spread around the nominal values.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/pack.h"
#include "models/random.h"

namespace packbench::models {
namespace {

double deviation(Stream& stream, double sigma) { return sigma * std::clamp(stream.normal(), -4.0, 4.0); }

// The offset to add to all SOC deviations of one pack so that its pack SOC is `target`: the root of
// (1 - target) dischargeable - target chargeable, which rises with the offset; halved until it no longer moves.
double offset_for(const Eigen::Ref<const Eigen::ArrayXd>& deviations,
                  const Eigen::Ref<const Eigen::ArrayXd>& capacity_Ah, double target) {
  double low = -1.0, high = 2.0;
  while (true) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) return middle;
    const double dischargeable_Ah = ((middle + deviations) * capacity_Ah).minCoeff();
    const double chargeable_Ah = ((1.0 - middle - deviations) * capacity_Ah).minCoeff();
    ((1.0 - target) * dischargeable_Ah < target * chargeable_Ah ? low : high) = middle;
  }
}

}  // namespace

PackState Pack::initial_state(double soc, double temperature_degC, std::uint64_t seed, std::uint64_t first_pack) const {
  if (!(soc >= 0.0 && soc <= 1.0)) throw std::invalid_argument("A pack can only start at an SOC of 0 to 100 %.");
  if (!(temperature_degC >= -60.0 && temperature_degC <= 150.0)) {
    throw std::invalid_argument("A pack can only start at a temperature of -60 to 150 degC.");
  }
  const Eigen::ArrayXd zero = Eigen::ArrayXd::Zero(size());
  PackState state{zero, zero, zero, zero, zero + temperature_degC, zero, zero, zero};
  const Spread& spread = parameters_.spread;
  for (int pack = 0; pack < packs_; ++pack) {
    Stream stream(seed, "pack.spread", first_pack + static_cast<std::uint64_t>(pack));
    const Eigen::Index first = static_cast<Eigen::Index>(pack) * cells();
    for (Eigen::Index k = first; k < first + cells(); ++k) {
      state.capacity_Ah[k] = parameters_.cell.capacity_Ah * (1.0 + deviation(stream, spread.capacity_sigma));
      state.soc[k] = deviation(stream, spread.soc_sigma);
      state.resistance_factor[k] = 1.0 + deviation(stream, spread.resistance_sigma);
    }
    auto pack_soc = state.soc.segment(first, cells());
    const bool equal = spread.soc_sigma == 0.0 && spread.capacity_sigma == 0.0;
    pack_soc += equal ? soc : offset_for(pack_soc, state.capacity_Ah.segment(first, cells()), soc);
  }
  return state;
}

}  // namespace packbench::models
