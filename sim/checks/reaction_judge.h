// Judges `when ... then ... within`: obligations opened by triggers and closed by the first reaction.
//
// The first sample at which `then` is true is the reaction to every obligation open at that sample, so a queue of
// trigger times is all there is to remember. Of obligations behind their deadline only the oldest matters: it is the
// latest.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/checks/check.h"
#include "sim/checks/evaluator.h"
#include "sim/checks/gaps.h"

namespace packbench::sim {

class ReactionJudge {
 public:
  ReactionJudge(const CheckSpec& spec, const SignalLayout& layout, TimeNs step);

  void step(TimeNs now, std::span<const double> frame, bool judged);
  bool failed() const { return failed_ > 0; }
  bool judged_something() const { return passed_ + failed_ > 0; }
  CheckResult finish(TimeNs now);

 private:
  // An obligation that was judged: its slack to the nearer bound.
  struct Outcome {
    TimeNs slack = 0;
    TimeNs limit = 0;  // the bound that decided
    TimeNs trigger = 0;
    TimeNs at = 0;                   // sample of the reaction, or the deadline
    std::optional<TimeNs> reaction;  // none: it did not come
    Scored then;                     // the formula at the reaction
    bool already = false;            // it held before the trigger, too
  };

  bool rises(const Scored& when);
  void open(TimeNs trigger);
  void miss_deadlines(TimeNs before);
  void react(TimeNs now, const Scored& then);
  Outcome reaction_to(TimeNs trigger, TimeNs now, const Scored& then) const;
  void remember(const Outcome& outcome);
  void conclude(CheckResult& result) const;
  std::string unjudged_reason() const;
  std::string occurrences_text() const;

  CheckSpec spec_;
  TimeNs step_;
  Evaluator when_;
  Evaluator then_;
  Ring<TimeNs> open_;                 // trigger times, oldest first
  std::optional<TimeNs> overdue_;     // oldest trigger that failed and still has no reaction
  Truth last_when_ = Truth::unknown;  // last known one of the judged samples
  Truth last_then_ = Truth::unknown;  // of the sample before
  std::optional<Outcome> worst_;
  std::int64_t samples_ = 0;
  std::int64_t known_samples_ = 0;
  std::int64_t triggers_ = 0;
  std::int64_t passed_ = 0;
  std::int64_t failed_ = 0;
  std::int64_t unknown_ = 0;  // obligations that could not be judged
  std::int64_t already_ = 0;  // reactions that held before their trigger, too
  Gaps gaps_;                 // of the trigger
  std::vector<CheckResult::Window> windows_;
};

}  // namespace packbench::sim
