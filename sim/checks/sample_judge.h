// Judges `always`, `never` and `eventually`: one formula, the worst (or best) sample so far.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/checks/check.h"
#include "sim/checks/evaluator.h"
#include "sim/checks/gaps.h"

namespace packbench::sim {

class SampleJudge {
 public:
  SampleJudge(const CheckSpec& spec, const SignalLayout& layout, TimeNs step);

  // `judged`: the sample lies between `after` and `until_time`.
  void step(TimeNs now, std::span<const double> frame, bool judged);
  bool failed() const;
  bool judged_something() const { return known_ > 0; }
  CheckResult finish(TimeNs now) const;

 private:
  bool is_eventually() const { return spec_.kind == CheckKind::eventually; }
  bool has_deadline() const { return is_eventually() && spec_.latest > 0; }
  TimeNs deadline() const { return *first_judged_ + spec_.latest; }
  void remember(const Scored& value);
  bool undecided(Verdict verdict) const;
  void conclude_always(CheckResult& result) const;
  void conclude_eventually(CheckResult& result) const;
  void conclude_by_deadline(CheckResult& result, TimeNs now) const;

  CheckSpec spec_;
  TimeNs step_;
  Evaluator evaluator_;
  Gaps gaps_;
  Scored deciding_;           // always, never: the worst, as truth of "good"; eventually: the best
  std::int64_t known_ = 0;    // judged samples with a value
  std::int64_t unknown_ = 0;  // and without
  std::int64_t bad_ = 0;      // always, never: failing samples
  TimeNs first_bad_ = 0;
  TimeNs last_seen_ = 0;
  std::optional<TimeNs> first_judged_;
  std::optional<TimeNs> first_good_;
};

}  // namespace packbench::sim
