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

// One place in the results.
struct Place {
  const sim::Scenario* scenario;
  std::string device;
  std::size_t index;
};

// What one worker does in one go: a run, or variants that share their preparation.
using Job = std::vector<Place>;

std::string command_of(const Place& place, const SessionOptions& session) {
  std::string text = fmt::format("{} {}", session.base_command, shell_quoted(place.scenario->file.string()));
  if (place.scenario->branch_point) text += " --filter " + shell_quoted(place.scenario->name);
  if (!place.device.empty()) text += " --device " + shell_quoted(place.device);
  return text;
}

BenchOptions options_of(const Place& place, const SessionOptions& session) {
  BenchOptions options = session.bench;
  options.device = place.device;
  options.command = command_of(place, session);
  if (!session.out.empty()) options.trace_directory = session.out / "traces";
  options.trace_name = fmt::format("{:03}-{}-{}", place.index + 1, slug(place.scenario->name),
                                   place.device.empty() ? "plant" : slug(place.device));
  return options;
}

bool share_preparation(const Place& a, const Place& b) {
  return a.scenario->branch_point && b.scenario->branch_point && a.scenario->file == b.scenario->file &&
         a.scenario->branch_point->prepared == b.scenario->branch_point->prepared && a.device == b.device;
}

// The places one after the other, and neighbours that share their preparation together, in `parts` jobs.
void add_jobs(const std::vector<Place>& places, std::size_t parts, std::vector<Job>& jobs) {
  for (std::size_t i = 0; i < places.size();) {
    std::size_t end = i + 1;
    while (end < places.size() && share_preparation(places[i], places[end])) ++end;
    const std::size_t each = (end - i + parts - 1) / parts;
    for (; i < end; i += std::min(each, end - i))
      jobs.emplace_back(places.begin() + static_cast<std::ptrdiff_t>(i),
                        places.begin() + static_cast<std::ptrdiff_t>(std::min(i + each, end)));
  }
}

// Variants of one scenario stand together for each device, but their places are scenario by scenario, device by device.
std::vector<Job> jobs_of(const std::vector<sim::Scenario>& scenarios, const SessionOptions& options) {
  std::vector<Job> jobs;
  std::vector<Place> group;
  const auto flush = [&] {
    std::ranges::stable_sort(group, {}, [](const Place& place) { return place.index; });
    for (std::size_t d = 0; d < options.devices.size(); ++d) {
      std::vector<Place> places;
      std::ranges::copy_if(group, std::back_inserter(places),
                           [&](const Place& place) { return place.index % options.devices.size() == d; });
      add_jobs(places, options.variants ? static_cast<std::size_t>(options.jobs) : places.size(), jobs);
    }
    group.clear();
  };
  for (std::size_t s = 0; s < scenarios.size(); ++s) {
    const Place next{&scenarios[s], options.devices.front(), s * options.devices.size()};
    if (!group.empty() && !share_preparation(group.front(), next)) flush();
    for (std::size_t d = 0; d < options.devices.size(); ++d)
      group.push_back({&scenarios[s], options.devices[d], s * options.devices.size() + d});
  }
  flush();
  return jobs;
}

// Workers take the next job until none is left or a signal came.
class Workers {
 public:
  Workers(const std::vector<Job>& jobs, const SessionOptions& options) : jobs_(jobs), options_(options) {
    std::size_t places = 0;
    for (const Job& job : jobs) places += job.size();
    results_.resize(places);
  }

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
        const auto turn = my_turn(jobs_[index].front().device);
        if (stopped()) return;
        run_job(jobs_[index]);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
        error_flag_ = true;
      }
    }
  }

  void run_job(const Job& job) {
    const Place& first = job.front();
    if (job.size() == 1) return keep(first.index, options_.run(*first.scenario, options_of(first, options_)));
    std::vector<VariantRun> variants;
    for (const Place& place : job) variants.push_back({*place.scenario, options_of(place, options_)});
    options_.variants(variants, [&](std::size_t i, RunResult result) { keep(job[i].index, std::move(result)); });
  }

  void keep(std::size_t index, RunResult result) {
    if (!result.trace_file.empty())
      result.trace = std::filesystem::path(result.trace_file).lexically_relative(options_.out).generic_string();
    const std::lock_guard lock(mutex_);
    if (options_.finished) options_.finished(result);
    results_[index] = std::move(result);
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
  const std::vector<Job> jobs = jobs_of(scenarios, options);
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
