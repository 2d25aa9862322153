// Charge and discharge current limits that the BMS reports to charger and load.
//
// Each is the profile's limit times the smallest taper: by voltage of the fullest or weakest cell from 100 mV before
// the warning down to 0 at the trip, by temperature from the warning down to 0 at the trip, by SOC from the profile's
// taper down to a twentieth when full or a fifth when empty (a wrong SOC must not strand a pack). After the full
// anchor the charge limit is 0. A path that is not allowed has the limit 0.
#pragma once

#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/profile.h"

namespace packbench::firmware {

struct LimitState {
  const Summary& summary;
  bool soc_known;
  std::int32_t soc_pctpct;
  bool full;  // since the full anchor
};

std::int32_t charge_limit_mA(const Profile& profile, const LimitState& state, DefectSet defects);
std::int32_t discharge_limit_mA(const Profile& profile, const LimitState& state, DefectSet defects);

}  // namespace packbench::firmware
