#include "sim/language/branch.h"

#include <algorithm>

namespace packbench::sim {
namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

Scenario run_of(const Scenario& prepared, const Variant& variant) {
  Scenario run = prepared;
  run.branch_point = BranchPoint{prepared.name, prepared.phases.size(), prepared.faults.size(), prepared.expect.size()};
  run.name += " / " + variant.name;
  append(run.phases, variant.phases);
  append(run.faults, variant.faults);
  append(run.expect, variant.expect);
  if (std::ranges::find(run.expect, run.caught_by, &CheckSpec::name) == run.expect.end()) {
    run.defect.clear();
    run.caught_by.clear();
  }
  return run;
}

}  // namespace

std::vector<Scenario> runs_of(Scenario scenario) {
  if (scenario.variants.empty()) return {std::move(scenario)};
  const std::vector<Variant> variants = std::move(scenario.variants);
  scenario.variants.clear();
  std::vector<Scenario> runs;
  for (const Variant& variant : variants) runs.push_back(run_of(scenario, variant));
  return runs;
}

}  // namespace packbench::sim
