#include "sim/language/bms_profile_sections.h"
#include "sim/language/value_types.h"

namespace packbench::sim {

const FieldTable<BmsWatch>& bms_watch_fields() {
  using W = BmsWatch;
  static const FieldTable<W> table{
      "what is watched",
      {field<W>("high_current", magnitude_A(), &W::high_current_A, "above it a sagging cell is given more time"),
       field<W>("high_current_delay", seconds(0, 3600), &W::high_current_delay_s, "the delay of cell_uv then")},
      {},
      {}};
  return table;
}

}  // namespace packbench::sim
