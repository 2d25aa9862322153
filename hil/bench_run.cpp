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

std::unique_ptr<api::Telemetry> open_telemetry(const sim::Scenario& scenario, const BenchOptions& options) {
  if (!options.api) return nullptr;
  return std::make_unique<api::Telemetry>(scenario, api::TelemetryOptions{.seed = scenario.seed,
                                                                          .remote_url = options.remote_api,
                                                                          .board_id = options.board_id,
                                                                          .paced = options.speed > 0});
}

sim::SignalLayout layout_of(const sim::Scenario& scenario) {
  return {scenario.pack_profile.pack.cells, scenario.pack_profile.sensing.temperatures};
}

}  // namespace

BenchRun::BenchRun(const sim::Scenario& scenario, const BenchOptions& options, std::unique_ptr<DeviceUnderTest> device)
    : scenario_(scenario),
      options_(options),
      device_(std::move(device)),
      layout_(layout_of(scenario)),
      frame_(layout_),
      plant_(scenario),
      sensing_(scenario, scenario.seed),
      faults_(scenario, layout_),
      phases_(scenario, layout_),
      checks_(formula_checks(scenario), layout_, scenario.step),
      trace_(layout_, options.trace_directory, options.trace_name,
             {.scenario = scenario.name, .device = options.device, .attributes = {}}, options.trace),
      telemetry_(open_telemetry(scenario, options)),
      startup_(scenario, *device_),
      pacer_(options.speed, options.interrupted),
      watch_(scenario.step) {}

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

void BenchRun::inject_elsewhere(const sim::FaultSpec& fault, bool active) {
  device_->line_fault(fault, active);
  if (fault.target == sim::FaultTarget::machine && active) watch_.reset_due();
  if (fault.target == sim::FaultTarget::line && fault.channel == "from_device") watch_.line_fault(active);
}

void BenchRun::send_phase_commands() {
  while (phases_seen_ < phases_.records().size()) {
    for (const sim::DeviceCommand code : scenario_.phases[phases_seen_].send) {
      device_->command(static_cast<packlink_command_code_t>(code), 0);
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
