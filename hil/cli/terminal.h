// What a person at a terminal sees of a run: a progress line while it goes on, a line per run, a summary. Colours and
// the progress line only on a terminal.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "hil/bench.h"
#include "hil/run_result.h"

namespace packbench::hil {

class Terminal {
 public:
  Terminal(std::size_t runs, bool several_at_once);

  void progress(const Progress& progress);  // redraws at most ten times a second
  void finished(const RunResult& result);
  void summary(const SessionResult& session) const;

 private:
  using Clock = std::chrono::steady_clock;

  void clear_line() const;
  std::string paint(sim::Verdict verdict, const std::string& text) const;

  std::size_t runs_;
  bool several_;
  bool live_;     // stderr is a terminal
  bool colours_;  // stdout is a terminal
  std::size_t done_ = 0;
  std::mutex mutex_;
  std::string current_;
  Clock::time_point drawn_{};
  Clock::time_point started_{};
};

}  // namespace packbench::hil
