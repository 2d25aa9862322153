#include "hil/simulation.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "hil/bench_run.h"
#include "hil/judgement.h"
#include "hil/pacer.h"
#include "sim/plant/fault_label.h"
#include "sim/plant/passive_bms.h"

namespace packbench::hil {
namespace {

using sim::Verdict;

constexpr sim::TimeNs kReadyLimit = 15 * sim::kSecond;

bool needs_a_device(const sim::CheckSpec& spec) {
  return spec.kind == sim::CheckKind::telemetry_consistent || spec.formula.needs_a_device() ||
         spec.then.needs_a_device();
}

bool acts_on_the_pack(const sim::FaultSpec& fault) {
  using enum sim::FaultTarget;
  return fault.target == sensor || fault.target == actuator || fault.target == plant;
}

// How many of the first so many in a list stay.
template <class T, class Stays>
std::size_t left_of(const std::vector<T>& list, std::size_t first, Stays stays) {
  return static_cast<std::size_t>(
      std::count_if(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(first), stays));
}

// The scenario as far as it concerns the pack.
sim::Scenario of_the_pack(sim::Scenario scenario) {
  if (auto& branch = scenario.branch_point) {
    branch->faults = left_of(scenario.faults, branch->faults, acts_on_the_pack);
    branch->checks = left_of(scenario.expect, branch->checks, std::not_fn(needs_a_device));
  }
  std::erase_if(scenario.expect, needs_a_device);
  std::erase_if(scenario.faults, [](const sim::FaultSpec& fault) { return !acts_on_the_pack(fault); });
  return scenario;
}

class Simulation {
 public:
  Simulation(const sim::Scenario& scenario, const BenchOptions& options)
      : asked_(scenario),
        options_(options),
        scenario_(of_the_pack(scenario)),
        layout_(scenario.pack_profile.pack.cells, scenario.pack_profile.sensing.temperatures),
        frame_(layout_),
        plant_(scenario_),
        sensing_(scenario_, scenario_.seed),
        faults_(scenario_, layout_),
        phases_(scenario_, layout_),
        checks_(scenario_.expect, layout_, scenario_.step,
                scenario_.branch_point ? scenario_.branch_point->checks : scenario_.expect.size()),
        trace_(layout_, options.trace_directory, options.trace_name,
               {.scenario = scenario.name, .device = "", .attributes = {}}, options.trace),
        bms_(scenario.bms_profile),
        clock_(0) {}

  RunResult run();

 private:
  void observe(sim::TimeNs now);
  void begin_phases_when_ready(sim::TimeNs now);
  void branch_when_reached(sim::TimeNs now);
  bool interrupted() const { return options_.interrupted != nullptr && *options_.interrupted != 0; }
  RunResult finish(bool interrupted);
  void judge(bool interrupted, RunResult& result);
  void judge_checks(RunResult& result);
  void note_what_is_left_out(RunResult& result) const;

  const sim::Scenario& asked_;
  const BenchOptions& options_;
  const sim::Scenario scenario_;
  sim::SignalLayout layout_;
  sim::Frame frame_;
  sim::Plant plant_;
  sim::Sensing sensing_;
  sim::FaultSchedule faults_;
  sim::PhaseRunner phases_;
  sim::CheckSet checks_;
  sim::Trace trace_;
  sim::PassiveBms bms_;
  sim::PackSummary summary_;
  Pacer clock_;
  bool running_ = false, branched_ = false;
  sim::TimeNs phases_start_ = 0, now_ = 0;
  std::int64_t steps_ = 0;
};

RunResult Simulation::run() {
  for (sim::TimeNs now = 0;; now += scenario_.step) {
    observe(now);
    if (interrupted()) return finish(true);
    if (running_ ? !phases_.step(now, frame_, plant_) : now > kReadyLimit) return finish(false);
    branch_when_reached(now);
    plant_.set_actuators(bms_.step(frame_));
    plant_.advance(now + scenario_.step);
  }
}

void Simulation::observe(sim::TimeNs now) {
  plant_.sample(frame_);
  begin_phases_when_ready(now);
  if (running_) faults_.step(now, frame_, sensing_, plant_, nullptr);
  sensing_.sample(now, plant_.feedback(), frame_);
  trace_.append(now, frame_.values());
  summary_.add(now, frame_, plant_.outside_validity());
  if (running_) checks_.step(now, frame_.values());
  ++steps_;
  now_ = now;
  if (!options_.progress) return;
  options_.progress({.scenario = scenario_.name,
                     .phase = running_ ? phases_.current_label() : "start",
                     .sim_s = sim::to_seconds(now),
                     .total_s = sim::to_seconds(phases_start_) + scenario_.duration_s(),
                     .so_far = checks_.so_far()});
}

void Simulation::begin_phases_when_ready(sim::TimeNs now) {
  if (running_) return;
  running_ = scenario_.start == sim::StartMode::power_on || bms_.ready(frame_);
  if (!running_) return;
  phases_start_ = now;
  phases_.start(now);
  faults_.start(now);
  checks_.start_phases(now);
}

void Simulation::branch_when_reached(sim::TimeNs now) {
  if (branched_ || !scenario_.branch_point || phases_.records().size() <= scenario_.branch_point->phases) return;
  branched_ = true;
  faults_.start_branch(now, frame_, sensing_, plant_, nullptr);
  checks_.start_branch(now, frame_.values());
}

RunResult Simulation::finish(bool interrupted) {
  RunResult result = describe_run(asked_, options_);
  result.simulated = true;
  result.device.clear();
  result.sim_s = sim::to_seconds(now_);
  result.steps = steps_;
  result.phases_start_s = sim::to_seconds(phases_start_);
  result.phases = phases_.records();
  result.faults = faults_.events();
  summary_.finish(scenario_.pack_profile.pack.cell.validity, plant_.energy());
  result.pack = summary_;
  note_what_is_left_out(result);
  judge(interrupted, result);
  finish_trace(trace_, result);
  result.wall_s = clock_.elapsed_s();
  return result;
}

void Simulation::judge_checks(RunResult& result) {
  std::vector<sim::CheckResult> judged = checks_.finish(now_);
  auto next = judged.begin();
  for (const sim::CheckSpec& spec : asked_.expect) {
    result.checks.push_back(needs_a_device(spec)
                                ? unjudged(spec, Verdict::skipped, "not judged: it needs a device, and there was none")
                                : std::move(*next++));
  }
}

void Simulation::judge(bool interrupted, RunResult& result) {
  judge_checks(result);
  result.verdict = result.checks.empty() ? Verdict::skipped : sim::combine(result.checks);
  result.reason = result.verdict == Verdict::skipped
                      ? "nothing was judged: the scenario has no check on the pack and its sensors alone"
                      : reason_from_checks(result);
  if (!running_) cannot_judge(result, "the load bus was not precharged within 15 s, so that the phases did not begin");
  for (std::size_t i = 0; i < result.phases.size(); ++i) {
    if (!result.phases[i].ended_at_limit) continue;
    cannot_judge(result,
                 asked_.phases[i].until.needs_a_device()
                     ? fmt::format("phase '{}' ended at its limit: its `until` needs a device, and there was none",
                                   result.phases[i].label)
                     : limit_reason(result.phases[i]));
  }
  for (const std::string& why : faults_.never_injected()) cannot_judge(result, why);
  if (!interrupted) return;
  result.interrupted = true;
  cannot_judge(result, fmt::format("interrupted after {:.1f} s of simulated time", result.sim_s));
}

void Simulation::note_what_is_left_out(RunResult& result) const {
  result.notes.emplace_back(
      "The pack was simulated alone: after the precharge both contactors stay closed, whatever happens, and nothing "
      "protects or balances the cells.");
  for (const sim::FaultSpec& fault : asked_.faults) {
    if (acts_on_the_pack(fault)) continue;
    result.notes.push_back(fmt::format("Left out, as there is no device: the fault '{}'.", sim::fault_label(fault)));
  }
  if (std::ranges::any_of(asked_.phases, [](const sim::Phase& phase) { return !phase.send.empty(); }))
    result.notes.emplace_back("Left out, as there is no device: the commands that phases send to it.");
  if (std::ranges::any_of(asked_.phases, [](const sim::Phase& phase) { return !phase.drive.empty(); }))
    result.notes.emplace_back(kDrivenNote);
}

}  // namespace

RunResult simulate_scenario(const sim::Scenario& scenario, const BenchOptions& options) {
  try {
    return Simulation(scenario, options).run();
  } catch (const std::system_error& error) {  // its trace could not be begun
    RunResult result = not_opened(scenario, options, error.what());
    result.simulated = true;
    result.device.clear();
    result.trace_error = error.what();
    return result;
  }
}

int simulation_exit_code_of(const SessionResult& session) {
  if (session.interrupted) return 128 + session.signal;
  if (std::ranges::count(session.runs, Verdict::fail, &RunResult::verdict) > 0) return 1;
  return std::ranges::count(session.runs, Verdict::inconclusive, &RunResult::verdict) > 0 ? 2 : 0;
}

}  // namespace packbench::hil
