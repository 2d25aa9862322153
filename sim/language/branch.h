// Variants of a prepared run: `branch:` of a scenario.
//
// The phases of the scenario are the preparation; each variant goes on from where they end, with phases, faults and
// checks of its own beside those of the scenario. A variant is a run of its own, named "SCENARIO / VARIANT": what it
// gives is what a run of preparation and variant in one gives, whether or not the preparation was carried out for it
// anew. What belongs to the variant begins at the branch point: its faults' `at`, its checks' `after` and `before`
// count from there, and its formulas see nothing from before it.
//
// A variant with parameters (`with: {cell: [1..15], value: [10 mV, 20 mV]}`) stands for one variant for each
// combination, the last parameter changing first; ${cell} in its keys and texts is replaced.
#pragma once

#include "sim/language/field_table.h"
#include "sim/language/scenario.h"

namespace packbench::sim {

struct VariantList {
  std::vector<Variant> variants;
};

const FieldTable<VariantList>& branch_fields();
std::vector<FieldInfo> variant_keys();

// What a scenario file stands for: one run, or one for each variant.
std::vector<Scenario> runs_of(Scenario scenario);

}  // namespace packbench::sim
