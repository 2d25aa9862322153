#include <algorithm>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "hil/bench_run.h"
#include "hil/frames.h"
#include "hil/judgement.h"
#include "hil/words.h"

namespace packbench::hil {
namespace {

using sim::Verdict;

// An emulated device that crashes or stalls has misbehaved; a real board behind a port may just have lost its cable.
bool emulated(std::string_view uri) { return !uri.starts_with("serial:") && !uri.starts_with("pty:"); }

// A check on api.* that held until the API was lost has not been judged to the end.
void reopen_checks_on_api(std::vector<sim::CheckResult>& checks, const std::string& trouble) {
  for (sim::CheckResult& check : checks) {
    if (check.verdict != Verdict::pass || check.formula.find("api.") == std::string::npos) continue;
    check.verdict = Verdict::inconclusive;
    check.detail += "; then the Device API was lost: " + trouble;
  }
}

// What was waited for could still have come, had the run not been cut short.
void reopen_what_was_waited_for(std::vector<sim::CheckResult>& checks, const std::vector<sim::CheckSpec>& specs,
                                sim::TimeNs judged) {
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const sim::CheckSpec& spec = specs[i];
    const bool waits = spec.kind == sim::CheckKind::eventually && spec.latest == 0;
    if (!waits || (spec.until_time && *spec.until_time <= judged) || checks[i].verdict != Verdict::fail) continue;
    checks[i].verdict = Verdict::inconclusive;
    checks[i].detail += "; then the run was cut short";
  }
}

void fail(RunResult& result, const std::string& why) {
  result.verdict = Verdict::fail;
  result.reason = why;
}

}  // namespace

BenchRun::Ending BenchRun::Ending::by_signal() {
  Ending ending;
  ending.interrupted = true;
  return ending;
}

BenchRun::Ending BenchRun::Ending::skipped(const std::string& lack) {
  Ending ending;
  ending.lack = lack;
  return ending;
}

RunResult describe_run(const sim::Scenario& scenario, const BenchOptions& options) {
  RunResult result;
  result.scenario = scenario.name;
  result.file = scenario.file.string();
  result.scenario_sha256 = scenario.sha256;
  result.requirement = scenario.requirement;
  result.tags = scenario.tags;
  result.description = scenario.description;
  result.device = options.device;
  result.profile_sha256 = scenario.bms_profile.sha256;
  result.defect = options.defect;
  result.seed = scenario.seed;
  result.step_s = sim::to_seconds(scenario.step);
  result.cells = scenario.pack_profile.pack.cells;
  result.command = options.command;
  return result;
}

RunResult not_opened(const sim::Scenario& scenario, const BenchOptions& options, const std::string& error,
                     Verdict verdict) {
  RunResult result = describe_run(scenario, options);
  result.verdict = verdict;
  result.reason = error;
  for (const sim::CheckSpec& spec : scenario.expect) {
    result.checks.push_back(unjudged(spec, verdict, "the run did not begin"));
  }
  return result;
}

RunResult BenchRun::finish(const Ending& ending) {
  RunResult result = describe_run(scenario_, options_);
  result.sim_s = sim::to_seconds(now_);
  result.steps = steps_;
  result.overruns = overruns_;
  result.phases_start_s = sim::to_seconds(phases_start_);
  judge_checks(result);
  judge_run(ending, result);
  describe_device(result);
  if (summary_.any) {
    summary_.finish(scenario_.pack_profile.pack.cell.validity, plant_.energy());
    result.pack = summary_;
  }
  tear_down(ending);
  finish_trace(trace_, result);
  result.wall_s = pacer_.elapsed_s();
  result.phases = phases_.records();
  result.faults = faults_.events();
  return result;
}

void finish_trace(sim::Trace& trace, RunResult& result) {
  try {
    trace.finish();
    result.trace_file = trace.h5_file().string();
  } catch (const std::system_error& error) {
    result.trace_error = error.what();
  }
  result.trace_hash = trace.hash();
  result.plots = trace.plot();
}

void BenchRun::describe_device(RunResult& result) const {
  const packlink_ident_t& ident = device_.ident();
  result.firmware =
      fmt::format("{} {}", static_cast<const char*>(ident.firmware), static_cast<const char*>(ident.build_id));
  result.link = device_.counters();
  if (report_.has_status && report_.status.first_fault != PACKLINK_NO_FAULT) {
    result.first_fault = sim::word_of(sim::Vocabulary::fault, report_.status.first_fault);
  }
  if ((ident.capabilities & PACKLINK_CAP_CONFIG) == 0) {
    result.notes.emplace_back(
        "The device takes no profile: its thresholds are its own, checks and time limits are those of the scenario's "
        "profile.");
  }
  if (!device_.lockstep()) result.notes.emplace_back("The device has no lockstep: the run was paced in real time.");
  result.evidence = evidence_name(device_.evidence());
  if (!emulated(options_.device)) {
    result.notes.emplace_back(
        "Contactor outputs are the firmware's own word (ACTUATORS); no external sense is configured.");
  }
  if (std::ranges::any_of(scenario_.phases,
                          [](const sim::Phase& phase) { return phase.kind == sim::PhaseKind::drive; })) {
    result.notes.emplace_back(kDrivenNote);
  }
  if (!api_trouble_.empty()) result.notes.push_back("Device API: " + api_trouble_);
  if (!options_.verify_remote && options_.remote_api.starts_with("https:"))
    result.notes.emplace_back("Device API: its certificate was not verified, as --insecure asks.");
  for (const std::string& line : device_log_) result.notes.push_back("device: " + line);
}

void BenchRun::judge_checks(RunResult& result) {
  std::vector<sim::CheckResult> formulas = checks_.finish(now_);
  if (!api_trouble_.empty()) reopen_checks_on_api(formulas, api_trouble_);
  std::vector<sim::CheckSpec> cloud_specs;
  std::ranges::copy_if(scenario_.expect, std::back_inserter(cloud_specs),
                       [](const sim::CheckSpec& spec) { return spec.kind == sim::CheckKind::telemetry_consistent; });
  std::vector<sim::CheckResult> cloud;
  if (telemetry_ && api_trouble_.empty()) {
    cloud = telemetry_->judge(now_, cloud_specs);
    result.telemetry = telemetry_->summary();
  } else {
    for (const sim::CheckSpec& spec : cloud_specs) {
      cloud.push_back(telemetry_ ? unjudged(spec, Verdict::inconclusive, api_trouble_)
                                 : unjudged(spec, Verdict::skipped, "the Device API was switched off (--no-api)"));
    }
  }
  auto formula = formulas.begin();
  auto record = cloud.begin();
  for (const sim::CheckSpec& spec : scenario_.expect) {
    result.checks.push_back(std::move(spec.kind == sim::CheckKind::telemetry_consistent ? *record++ : *formula++));
  }
}

void BenchRun::judge_run(const Ending& ending, RunResult& result) const {
  if (!ending.lack.empty()) {
    result.verdict = Verdict::skipped;
    result.reason = ending.lack;
    for (sim::CheckResult& check : result.checks) check.verdict = Verdict::skipped;
    return;
  }
  const bool devices_fault =
      ending.trouble && ending.trouble->trouble != LinkTrouble::bench && emulated(options_.device);
  if (ending.interrupted || (ending.trouble && !devices_fault))
    reopen_what_was_waited_for(result.checks, scenario_.expect, now_ - phases_start_);
  result.verdict = sim::combine(result.checks);
  result.reason = reason_from_checks(result);
  for (const sim::PhaseRecord& phase : phases_.records()) {
    if (phase.ended_at_limit) cannot_judge(result, limit_reason(phase));
  }
  for (const std::string& why : faults_.never_injected()) cannot_judge(result, why);
  if (!api_trouble_.empty()) cannot_judge(result, api_trouble_);
  if (const std::string silence = watch_.trouble(); !silence.empty() && result.verdict != Verdict::fail) {
    emulated(options_.device) ? fail(result, silence) : cannot_judge(result, silence);
  }
  if (start_failed_) fail(result, startup_.failure());
  if (ending.interrupted) {
    result.interrupted = true;
    cannot_judge(result, fmt::format("interrupted after {:.1f} s of simulated time", result.sim_s));
  }
  if (!ending.trouble) return;
  const std::string why = fmt::format("at {:.3f} s: {}", result.sim_s, ending.trouble->what);
  devices_fault ? fail(result, why) : cannot_judge(result, why);
}

// The device is told to open its contactors, over a line without faults and with load and charger off, and is given the
// time for it: a device that outlives the run takes no new profile while one is closed.
void BenchRun::tear_down(const Ending& ending) {
  const bool lost = ending.trouble && ending.trouble->trouble != LinkTrouble::bench;
  if (lost || !ending.lack.empty()) return;
  for (const sim::FaultSpec& fault : scenario_.faults) {
    if (fault.target == sim::FaultTarget::line) device_.line_fault(fault, false);
    if (fault.target == sim::FaultTarget::machine) device_.machine_fault(fault, false);
  }
  plant_.clear_drive();
  plant_.set_stimulus({});
  device_.command(PACKLINK_DISABLE, 0);
  const sim::TimeNs end = now_ + std::max(sim::kSecond, 5 * scenario_.step);
  for (sim::TimeNs now = now_; now < end; now += scenario_.step) {
    const sim::TimeNs next = now + scenario_.step;
    if (device_.exchange(to_measurements(frame_, now), now, next, report_)) return;
    const packlink_actuators_t& driven = report_.actuators;
    if (!driven.main && !driven.charger && !driven.precharge) return;
    plant_.advance(next);
    plant_.set_actuators(to_actuators(driven));
    plant_.sample(frame_);
    sensing_.sample(next, plant_.feedback(), frame_);
  }
}

}  // namespace packbench::hil
