#include "hil/firmware/core/full.h"

namespace packbench::firmware {

void Full::step(std::uint64_t now_us, const Profile& profile, const Measurement& measurement, const Summary& summary,
                Flow flow) {
  const bool tapers = summary.max_cell_dmV >= profile.full_anchor_dmV && measurement.current_mA > 0 &&
                      measurement.current_mA < profile.full_anchor_mA;
  if (tapers && !tapering_) tapering_since_us_ = now_us;
  tapering_ = tapers;
  if (tapers && now_us - tapering_since_us_ >= std::uint64_t{profile.full_anchor_ms} * 1000) full_ = true;
  if (flow == Flow::discharging) full_ = false;
}

}  // namespace packbench::firmware
