// Charge and discharge current limits that the BMS reports to charger and load.
//
// Each is the profile's limit times the smallest taper: by cell voltage from 100 mV before the warning down to 0 at the
// trip, by temperature from the warning down to 0 at the trip. A path that is not allowed has the limit 0.
#pragma once

#include "hil/firmware/core/profile.h"

namespace packbench::firmware {

std::int32_t charge_limit_mA(const Profile& profile, const Summary& summary);
std::int32_t discharge_limit_mA(const Profile& profile, const Summary& summary);

}  // namespace packbench::firmware
