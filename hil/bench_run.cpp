#include "hil/bench_run.h"

#include <utility>

namespace packbench::hil {
namespace {

std::vector<sim::CheckSpec> formula_checks(const sim::Scenario& scenario) {
  std::vector<sim::CheckSpec> specs;
  for (const sim::CheckSpec& spec : scenario.expect) {
    if (spec.kind != sim::CheckKind::telemetry_consistent) specs.push_back(spec);
  }
  return specs;
}

// A variant has no checks of the Device API, so every check is a formula.
std::size_t prepared_checks(const sim::Scenario& scenario) {
  return scenario.branch_point ? scenario.branch_point->checks : scenario.expect.size();
}

std::vector<sim::CheckSpec> own_checks(const sim::Scenario& scenario) {
  return {scenario.expect.begin() + static_cast<std::ptrdiff_t>(prepared_checks(scenario)), scenario.expect.end()};
}

sim::TraceInfo trace_info(const sim::Scenario& scenario, const BenchOptions& options) {
  return {.scenario = scenario.name, .device = options.device, .attributes = {}};
}

std::unique_ptr<api::Telemetry> open_telemetry(const sim::Scenario& scenario, const BenchOptions& options) {
  if (!options.api || scenario.branch_point) return nullptr;
  return std::make_unique<api::Telemetry>(scenario, api::TelemetryOptions{.seed = scenario.seed,
                                                                          .remote_url = options.remote_api,
                                                                          .ca_file = options.remote_ca,
                                                                          .verify_remote = options.verify_remote,
                                                                          .board_id = options.board_id,
                                                                          .speed = options.speed});
}

sim::SignalLayout layout_of(const sim::Scenario& scenario) {
  return {scenario.pack_profile.pack.cells, scenario.pack_profile.sensing.temperatures};
}

}  // namespace

BenchRun::BenchRun(const sim::Scenario& scenario, const BenchOptions& options, DeviceUnderTest& device)
    : scenario_(scenario),
      options_(options),
      device_(device),
      layout_(layout_of(scenario)),
      frame_(layout_),
      plant_(scenario),
      sensing_(scenario, scenario.seed),
      faults_(scenario, layout_),
      phases_(scenario, layout_),
      checks_(formula_checks(scenario), layout_, scenario.step, prepared_checks(scenario)),
      trace_(layout_, options.trace_directory, options.trace_name, trace_info(scenario, options), options.trace),
      telemetry_(open_telemetry(scenario, options)),
      startup_(scenario, device_),
      pacer_(options.speed, options.interrupted),
      watch_(scenario.step) {}

BenchRun::BenchRun(const sim::Scenario& scenario, const BenchOptions& options, const BenchRun& prepared)
    : scenario_(scenario),
      options_(options),
      device_(prepared.device_),
      layout_(prepared.layout_),
      frame_(prepared.frame_),
      plant_(prepared.plant_),
      sensing_(scenario, prepared.sensing_),
      faults_(scenario, layout_, prepared.faults_, sensing_),
      phases_(scenario, layout_, prepared.phases_),
      checks_(prepared.checks_, own_checks(scenario), layout_, scenario.step),
      trace_(prepared.trace_, layout_, options.trace_directory, options.trace_name, trace_info(scenario, options),
             options.trace),
      startup_(prepared.startup_),
      pacer_(options.speed, options.interrupted),
      report_(prepared.report_),
      watch_(prepared.watch_),
      summary_(prepared.summary_),
      device_log_(prepared.device_log_),
      phases_seen_(prepared.phases_seen_),
      observed_(true),
      running_(prepared.running_),
      start_failed_(prepared.start_failed_),
      phases_start_(prepared.phases_start_),
      now_(prepared.now_),
      steps_(prepared.steps_) {}

void BenchRun::begin_phases_when_ready(sim::TimeNs now) {
  if (running_ || start_failed_) return;
  const Startup::State state = startup_.step(now, report_, frame_);
  start_failed_ = state == Startup::State::failed;
  if (state != Startup::State::ready) return;
  running_ = true;
  phases_start_ = now;
  phases_.start(now);
  faults_.start(now);
  checks_.start_phases(now);
  if (telemetry_) telemetry_->start_phases(now);
  inject_faults(now);
}

void BenchRun::branch_when_reached(sim::TimeNs now) {
  if (branched_ || !scenario_.branch_point || phases_.records().size() <= scenario_.branch_point->phases) return;
  branched_ = true;
  faults_.start_branch(now, frame_, sensing_, plant_,
                       [this](const sim::FaultSpec& fault, bool active) { inject_elsewhere(fault, active); });
  checks_.start_branch(now, frame_.values());
}

void BenchRun::inject_elsewhere(const sim::FaultSpec& fault, bool active) {
  if (fault.target == sim::FaultTarget::cloud) {
    if (telemetry_) telemetry_->set_outage(active);
    return;
  }
  const bool of_machine = fault.target == sim::FaultTarget::machine;
  of_machine ? device_.machine_fault(fault, active) : device_.line_fault(fault, active);
  if (of_machine ? fault.kind == "stop" : fault.channel == "from_device") watch_.silence_due(active);
}

void BenchRun::send_phase_commands() {
  while (phases_seen_ < phases_.records().size()) {
    for (const sim::DeviceCommand code : scenario_.phases[phases_seen_].send) {
      device_.command(static_cast<packlink_command_code_t>(code), 0);
      if (code == sim::DeviceCommand::reset) watch_.reset_due();
    }
    ++phases_seen_;
  }
}

void BenchRun::show_progress() {
  for (std::string& text : report_.texts) {
    if (device_log_.size() < 20) device_log_.push_back(std::move(text));
  }
  report_.texts.clear();
  if (!options_.progress) return;
  options_.progress({.scenario = scenario_.name,
                     .phase = running_ ? phases_.current_label() : "start",
                     .sim_s = sim::to_seconds(now_),
                     .total_s = sim::to_seconds(phases_start_) + scenario_.duration_s(),
                     .so_far = checks_.so_far()});
}

}  // namespace packbench::hil
