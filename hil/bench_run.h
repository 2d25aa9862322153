// Everything that one run owns; bench.cpp is its loop, bench_run.cpp its beginning, bench_finish.cpp its end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hil/api/judge/telemetry.h"
#include "hil/bench.h"
#include "hil/device.h"
#include "hil/pacer.h"
#include "hil/report_watch.h"
#include "hil/startup.h"
#include "sim/checks/check.h"
#include "sim/plant/fault_schedule.h"
#include "sim/plant/phase_runner.h"
#include "sim/plant/plant.h"
#include "sim/plant/sensing.h"
#include "sim/trace/trace.h"

namespace packbench::hil {

class BenchRun {
 public:
  // `scenario`, `options` and `device` must outlive it.
  BenchRun(const sim::Scenario& scenario, const BenchOptions& options, DeviceUnderTest& device);
  // Another variant of the run that `prepared` has prepared: goes on where that one stopped.
  BenchRun(const sim::Scenario& scenario, const BenchOptions& options, const BenchRun& prepared);
  // From power-on to the end, or on from the branch point.
  RunResult run();

  // How the loop ended: by itself, by a signal, by trouble on the link, or before it began for lack of a capability.
  struct Ending {
    std::optional<DeviceError> trouble;
    bool interrupted = false;
    std::string lack;

    Ending() = default;
    Ending(const DeviceError& error) : trouble(error) {}  // NOLINT(google-explicit-constructor)
    static Ending by_signal();
    static Ending skipped(const std::string& lack);
  };
  // From power-on to the branch point; or how it ended before.
  std::optional<Ending> prepare();
  // What the device lacks for a variant of the run that this one prepares; empty when nothing.
  std::string lack_for(const sim::Scenario& variant) const;
  RunResult finish(const Ending& ending);

 private:
  std::optional<Ending> begin(std::span<const sim::FaultSpec> faults);
  // Steps to the end, or until the phases are held at the branch point: then nothing.
  std::optional<Ending> step_on();
  void observe(sim::TimeNs now);
  void begin_phases_when_ready(sim::TimeNs now);
  void inject_faults(sim::TimeNs now);
  void inject_elsewhere(const sim::FaultSpec& fault, bool active);
  bool advance_phases(sim::TimeNs now);
  void branch_when_reached(sim::TimeNs now);
  void send_phase_commands();
  void show_progress();
  bool interrupted() const { return options_.interrupted != nullptr && *options_.interrupted != 0; }

  void judge_checks(RunResult& result);
  void judge_run(const Ending& ending, RunResult& result) const;
  void describe_device(RunResult& result) const;
  void tear_down(const Ending& ending);

  const sim::Scenario& scenario_;
  const BenchOptions& options_;
  DeviceUnderTest& device_;
  sim::SignalLayout layout_;
  sim::Frame frame_;
  sim::Plant plant_;
  sim::Sensing sensing_;
  sim::FaultSchedule faults_;
  sim::PhaseRunner phases_;
  sim::CheckSet checks_;
  sim::Trace trace_;
  std::unique_ptr<api::Telemetry> telemetry_;
  Startup startup_;
  Pacer pacer_;
  DeviceReport report_;
  ReportWatch watch_;
  sim::PackSummary summary_;
  std::string api_trouble_;
  std::vector<std::string> device_log_;
  std::size_t phases_seen_ = 0;
  bool observed_ = false;  // the sample at now_ has been taken already: that of the branch point
  bool branched_ = false;  // the variant has begun
  bool running_ = false;   // the phases have begun
  bool start_failed_ = false;
  sim::TimeNs phases_start_ = 0;
  sim::TimeNs now_ = 0;
  std::int64_t steps_ = 0, overruns_ = 0;
};

// The result of a run that did not begin: its device, its trace or its API server could not be opened.
RunResult not_opened(const sim::Scenario& scenario, const BenchOptions& options, const std::string& error,
                     sim::Verdict verdict = sim::Verdict::inconclusive);

// What is known of a run before it begins.
RunResult describe_run(const sim::Scenario& scenario, const BenchOptions& options);

// Ends the trace and takes what it holds into the result: file, hash, plots, or the error that kept it from the disk.
void finish_trace(sim::Trace& trace, RunResult& result);

}  // namespace packbench::hil
