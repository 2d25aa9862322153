#include "hil/cli/unknown_variables.h"

#include <algorithm>

#include "hil/firmware/host/variables.h"
#include "sim/spelling.h"

namespace packbench::hil {
namespace {

sim::Problem unknown(const sim::FaultSpec& fault) {
  std::vector<std::string> names;
  for (const firmware::VariableKind& kind : firmware::variable_kinds()) names.push_back(kind.name);
  return {fault.mark, "faults", "the reference BMS has no variable '" + fault.variable + "'",
          sim::expected_one_of(fault.variable, names)};
}

}  // namespace

sim::Problems unknown_variables(const sim::Scenario& scenario) {
  sim::Problems problems;
  const auto& known = firmware::variable_kinds();
  for (const sim::FaultSpec& fault : scenario.faults) {
    if (fault.variable.empty() || fault.variable.starts_with("symbol:")) continue;  // of an image: told when it runs
    const auto kind = std::ranges::find(known, fault.variable, &firmware::VariableKind::name);
    if (kind == known.end())
      problems.push_back(unknown(fault));
    else if (fault.bit >= static_cast<int>(kind->bits))
      problems.push_back({fault.mark, "faults", "'" + fault.variable + "' has no bit " + std::to_string(fault.bit),
                          "expected 0 to " + std::to_string(kind->bits - 1)});
  }
  return problems;
}

}  // namespace packbench::hil
