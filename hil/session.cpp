#include "hil/session.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "hil/pacer.h"
#include "hil/version.h"

namespace packbench::hil {
namespace {

// File name of a run's trace: letters, digits and dashes of scenario and device.
std::string slug(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain)
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.substr(0, 100);
}

struct Job {
  const sim::Scenario* scenario;
  std::string device;
};

BenchOptions options_of(const Job& job, std::size_t index, const SessionOptions& session) {
  BenchOptions options = session.bench;
  options.device = job.device;
  options.command = fmt::format("{} {}", session.base_command, shell_quoted(job.scenario->file.string()));
  if (!job.device.empty()) options.command += " --device " + shell_quoted(job.device);
  if (!session.out.empty()) options.trace_directory = session.out / "traces";
  options.trace_name =
      fmt::format("{:03}-{}-{}", index + 1, slug(job.scenario->name), job.device.empty() ? "plant" : slug(job.device));
  return options;
}

// Workers take the next job until none is left or a signal came.
class Workers {
 public:
  Workers(const std::vector<Job>& jobs, const SessionOptions& options)
      : jobs_(jobs), options_(options), results_(jobs.size()) {}

  std::vector<RunResult> run() {
    std::vector<std::thread> helpers;
    for (int i = 1; i < options_.jobs; ++i) helpers.emplace_back([this] { work(); });
    work();
    for (std::thread& helper : helpers) helper.join();
    if (error_) std::rethrow_exception(error_);
    std::vector<RunResult> done;
    for (auto& result : results_) {
      if (result) done.push_back(std::move(*result));
    }
    return done;
  }

 private:
  bool stopped() const {
    return error_flag_ || (options_.bench.interrupted != nullptr && *options_.bench.interrupted != 0);
  }

  // A port or a pty has room for one bench: runs on it take turns.
  std::unique_lock<std::mutex> my_turn(const std::string& device) {
    if (!device.starts_with("serial:") && !device.starts_with("pty:")) return {};
    std::unique_lock lock(mutex_);
    std::mutex& turn = turns_[device];
    lock.unlock();
    return std::unique_lock(turn);
  }

  void work() {
    for (std::size_t index = next_++; index < jobs_.size() && !stopped(); index = next_++) {
      try {
        const auto turn = my_turn(jobs_[index].device);
        if (stopped()) return;
        RunResult result = options_.run(*jobs_[index].scenario, options_of(jobs_[index], index, options_));
        if (!result.trace_file.empty())
          result.trace = std::filesystem::path(result.trace_file).lexically_relative(options_.out).generic_string();
        const std::lock_guard lock(mutex_);
        if (options_.finished) options_.finished(result);
        results_[index] = std::move(result);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
        error_flag_ = true;
      }
    }
  }

  const std::vector<Job>& jobs_;
  const SessionOptions& options_;
  std::vector<std::optional<RunResult>> results_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> error_flag_{false};
  std::mutex mutex_;
  std::map<std::string, std::mutex> turns_;
  std::exception_ptr error_;
};

}  // namespace

std::string shell_quoted(const std::string& word) {
  if (word.find_first_of(" \t\n'\"$&;|<>*?()[]{}~!`#\\") == std::string::npos && !word.empty()) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

SessionResult run_session(const std::vector<sim::Scenario>& scenarios, const SessionOptions& options) {
  std::vector<Job> jobs;
  for (const sim::Scenario& scenario : scenarios) {
    for (const std::string& device : options.devices) jobs.push_back({&scenario, device});
  }
  SessionResult session;
  session.packbench_version = kVersion;
  session.commit = kCommit;
  session.started = fmt::format("{:%Y-%m-%dT%H:%M:%S}Z",
                                fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
  const Pacer clock(0);
  session.runs = Workers(jobs, options).run();
  session.wall_s = clock.elapsed_s();
  if (options.bench.interrupted != nullptr && *options.bench.interrupted != 0) {
    session.interrupted = true;
    session.signal = *options.bench.interrupted;
  }
  return session;
}

std::string first_trace_error(const SessionResult& session) {
  const auto failed = std::ranges::find_if_not(session.runs, &std::string::empty, &RunResult::trace_error);
  return failed == session.runs.end() ? "" : failed->trace_error;
}

int exit_code_of(const SessionResult& session) {
  if (session.interrupted) return 128 + session.signal;
  const auto has = [&](sim::Verdict verdict) {
    return std::ranges::any_of(session.runs, [&](const RunResult& run) { return run.verdict == verdict; });
  };
  if (has(sim::Verdict::fail)) return 1;
  if (has(sim::Verdict::inconclusive)) return 2;
  return has(sim::Verdict::pass) ? 0 : 2;
}

}  // namespace packbench::hil
