// Any text as a scenario file: every problem has a sentence and a place in a file, or the scenario can be run.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/language/scenario_reader.h"
#include "tests/fuzz/require.h"

namespace {

using namespace packbench::sim;
using packbench::fuzz::require;

const std::filesystem::path kFile = std::filesystem::path(SCENARIOS_DIR) / "fuzz.yaml";

void check_problems(const Problems& problems, const std::string& text) {
  const auto lines = std::count(text.begin(), text.end(), '\n') + std::count(text.begin(), text.end(), '\r') + 1;
  require(!problems.empty());
  for (const Problem& problem : problems) {
    require(!problem.what.empty());
    require(!problem.mark.file.empty());
    require(problem.mark.line >= 0 && problem.mark.column >= 0);
    if (problem.mark.file == kFile) require(problem.mark.line <= lines + 1);
  }
}

void check_scenario(const Scenario& scenario) {
  require(!scenario.name.empty());
  require(!scenario.phases.empty());
  require(scenario.step > 0 && scenario.plant_step > 0 && scenario.telemetry_period > 0);
  require(scenario.step % scenario.plant_step == 0);
  require(std::isfinite(scenario.duration_s()) && scenario.duration_s() >= 0);
  for (const Phase& phase : scenario.phases) {
    require(std::isfinite(phase.current_A) && std::isfinite(phase.power_W));
    require(phase.until.empty() || phase.limit.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto result = read_scenario_text(text, kFile, {}, SCENARIOS_DIR);
  if (const auto* problems = std::get_if<Problems>(&result)) {
    check_problems(*problems, text);
  } else {
    check_scenario(std::get<Scenario>(result));
  }
  return 0;
}
