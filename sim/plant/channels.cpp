#include "sim/plant/channels.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace packbench::sim {
namespace {

models::Stream stream(std::uint64_t seed, std::string_view name, std::string_view part, std::uint64_t index) {
  return {seed, "sensing." + std::string(name) + "." + std::string(part), index};
}

double clipped_normal(models::Stream source, double sigma, double clip) {
  return std::clamp(source.normal(0.0, sigma), -clip, clip);
}

}  // namespace

double quantised(double value, double step) { return step > 0.0 ? std::nearbyint(value / step) * step : value; }

double on_wire(double value, double per_unit) { return std::nearbyint(value * per_unit) / per_unit + 0.0; }

Channel Channel::normal(std::uint64_t seed, std::string_view name, std::uint64_t index, double gain_sigma,
                        double gain_clip, double offset_sigma, double offset_clip, double noise_sigma) {
  return {clipped_normal(stream(seed, name, "gain", index), gain_sigma, gain_clip),
          clipped_normal(stream(seed, name, "offset", index), offset_sigma, offset_clip), noise_sigma,
          stream(seed, name, "noise", index)};
}

Channel Channel::uniform(std::uint64_t seed, std::string_view name, std::uint64_t index, double gain_max,
                         double offset_max, double noise_sigma) {
  return {stream(seed, name, "gain", index).uniform(-gain_max, gain_max),
          stream(seed, name, "offset", index).uniform(-offset_max, offset_max), noise_sigma,
          stream(seed, name, "noise", index)};
}

}  // namespace packbench::sim
