// What the defects do to a protection's row: it never trips, or with another level, delay or action.
#pragma once

#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/profile.h"

namespace packbench::firmware {

ProtectionRow spoiled(ProtectionRow row, Fault fault, DefectSet defects);
// The defect keeps the row as it is in the profile, whatever the circumstances.
bool adjusts_not(Fault fault, DefectSet defects);
Action spoiled_action(Action action, Fault fault, DefectSet defects);

}  // namespace packbench::firmware
