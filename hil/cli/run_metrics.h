// What `packbench run` counts, for a monitor: a file that is written anew after every run.
//
//   hil_scenarios_total{verdict}   scenarios judged, once on each device: pass, fail, inconclusive, skipped
//   hil_step_overruns_total        steps that ended after their real time; only --realtime and --speed pace a run
//   uart_frames_total{dir,result}  dir out, in; good, damaged
//
// Of one call of `packbench run`: they begin at 0 with it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "hil/run_result.h"

namespace packbench::hil {

class RunMetrics {
 public:
  // An empty name: nothing is written.
  explicit RunMetrics(std::filesystem::path file) : file_(std::move(file)) {}

  // Counts a run, and writes unless the file is a stream.
  void add(const RunResult& result);
  // Writes for the last time; empty, or why it could not be done, then or before.
  [[nodiscard]] std::string finish();

  std::string text() const;

 private:
  void write();

  std::filesystem::path file_;
  std::array<std::int64_t, 4> verdicts_{};  // by Verdict
  std::int64_t overruns_ = 0;
  std::uint64_t sent_ = 0, received_ = 0, damaged_ = 0;
  std::string trouble_;
};

}  // namespace packbench::hil
