// The tables of keys of a BMS profile's sections `watch` and `charge`.
#pragma once

#include "sim/language/bms_profile.h"
#include "sim/language/field_table.h"

namespace packbench::sim {

const FieldTable<BmsWatch>& bms_watch_fields();
const FieldTable<BmsCharge>& bms_charge_fields();

}  // namespace packbench::sim
