// Variants per second of one prepared state: a pack that was discharged to 50 %, and 500 ways to go on from there, each
// with another fault of a sensor for five seconds. Beside it the same variants with their preparation carried out anew.
#include <iostream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "hil/session.h"
#include "sim/language/branch.h"
#include "sim/language/scenario_reader.h"

namespace packbench::hil {
namespace {

constexpr char kScenario[] = R"(
scenario: half charge
pack: {soc: 52 %}
phases:
  - discharge: 0.5 C
    until: truth.soc <= 50 %
    limit: 10 min
branch:
  variants:
    - name: offset
      with: {cell: [1..10], millivolt: [1..50]}
      phases: [{discharge: 10 A, for: 5 s}]
      faults: [{sensor: "cell_voltage[${cell}]", kind: offset, value: "${millivolt} mV", at: 1 s}]
      expect: [{name: the load is served, always: truth.main_contactor == closed}]
)";

std::vector<sim::Scenario> variants(std::size_t most) {
  auto read = sim::read_scenario_text(kScenario, "benchmark.yaml");
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::runtime_error(problems->front().text());
  std::vector<sim::Scenario> runs = sim::runs_of(std::get<sim::Scenario>(std::move(read)));
  runs.resize(std::min(most, runs.size()));
  return runs;
}

void measure(const char* name, const std::string& device, std::size_t count, bool anew) {
  SessionOptions options;
  options.devices = {device};
  options.bench.executable = PACKBENCH_PROGRAM;
  if (anew) options.variants = nullptr;
  const SessionResult session = run_session(variants(count), options);
  for (const RunResult& run : session.runs)
    if (run.verdict != sim::Verdict::pass) throw std::runtime_error(run.reason);
  fmt::print("{:<44} {:>4} variants in {:>6.2f} s, {:>6.1f} ms each\n", name, session.runs.size(), session.wall_s,
             1e3 * session.wall_s / static_cast<double>(session.runs.size()));
}

}  // namespace
}  // namespace packbench::hil

int main() {
  using packbench::hil::measure;
  measure("inproc: from a snapshot", "inproc:", 500, false);
  measure("inproc: prepared anew for each", "inproc:", 50, true);
  measure("native: from a snapshot", "native:", 500, false);
}
