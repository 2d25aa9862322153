#include "sim/language/bms_profile_sections.h"
#include "sim/language/value_types.h"

namespace packbench::sim {

const FieldTable<BmsCharge>& bms_charge_fields() {
  using C = BmsCharge;
  static const FieldTable<C> table{
      "the charge rules",
      {field<C>("dead_band", magnitude_A(), &C::dead_band_A, "currents smaller than this are not counted")},
      {},
      {}};
  return table;
}

}  // namespace packbench::sim
