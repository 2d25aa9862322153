// One measuring channel: a gain and an offset drawn once per seed, noise of its own stream, and the converter's steps.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/random.h"

namespace packbench::sim {

// To the nearest multiple of `step`; `step` 0 leaves the value alone.
double quantised(double value, double step);

// Fixed point of the wire: the double nearest to n / per_unit, so that it is found again exactly on the other side.
double on_wire(double value, double per_unit);

class Channel {
 public:
  Channel(double gain, double offset, double noise_sigma, models::Stream noise)
      : gain_(gain), offset_(offset), noise_sigma_(noise_sigma), noise_(noise) {}

  // Gain and offset normal with the given sigmas, clipped.
  static Channel normal(std::uint64_t seed, std::string_view name, std::uint64_t index, double gain_sigma,
                        double gain_clip, double offset_sigma, double offset_clip, double noise_sigma);
  // Gain and offset uniform within their largest values.
  static Channel uniform(std::uint64_t seed, std::string_view name, std::uint64_t index, double gain_max,
                         double offset_max, double noise_sigma);

  // Before the converter. Draws one number of the noise.
  double measure(double value) { return (1.0 + gain_) * value + offset_ + noise_.normal(0.0, noise_sigma_); }

  double gain() const { return gain_; }
  double offset() const { return offset_; }

 private:
  double gain_, offset_, noise_sigma_;
  models::Stream noise_;
};

}  // namespace packbench::sim
