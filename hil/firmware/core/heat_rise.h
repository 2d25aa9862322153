// Thermal runaway before it is hot: a sensor that rises faster than the profile allows, from above its temperature.
//
//   (T(t) - T(t - age)) / age > runaway_rise / runaway_time,   T(t - age) > runaway_above,   age >= runaway_time
//   and in each of two parts of that time more than a quarter of runaway_rise: a jump in one sample is no rise
//
// The past is kept every sixth of runaway_time, so that noise of a sample counts against the whole rise.
#pragma once

#include "hil/firmware/core/measurement.h"
#include "hil/firmware/core/watch_rules.h"

namespace packbench::firmware {

class HeatRise {
 public:
  void reset() { *this = HeatRise{}; }
  void step(const Measurement& measurement, const WatchRules& rules);
  bool runaway() const { return runaway_; }

 private:
  static constexpr int kPast = 8;
  struct Sample {
    std::uint64_t time_us = 0;
    std::int32_t temperature_mdegC[kMaxTemperatures] = {};
    bool taken = false;
  };
  const Sample* sample_older_than(std::uint64_t time_us, const Sample* newer) const;
  bool rises(const Sample& past, const Sample& middle, const Measurement& now, const WatchRules& rules) const;
  void remember(const Measurement& measurement, const WatchRules& rules);

  Sample past_[kPast];  // newest first
  bool runaway_ = false;
};

}  // namespace packbench::firmware
