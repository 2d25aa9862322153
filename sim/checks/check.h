// Checks: what a scenario expects, judged online, each with a verdict and a signed margin.
//
// Verdict by kind, over the samples from `after` to `until_time` at which the formula has a value:
//   always      true at every one               never   false at every one
//   eventually  true at one of them, not later than `latest` if given
//   when_then   at each rising edge of `when` (the first judged sample counts as one where `when` is true already) an
//               obligation opens, also while others are open: `then` has to become true `earliest` .. `latest` after
//               it, bounds included. The reaction is the first sample from the trigger on at which `then` is true;
//               before `earliest` is a failure too. Triggers count up to `until_time`, reactions also behind it. An
//               obligation with its deadline behind the end of the run stays open and is not judged; one whose `then`
//               has no value at the last sample before its deadline is not judged either.
// Not judged at all (no sample, no value at any sample, no trigger, all obligations open): inconclusive, never a pass.
// Gaps (gaps.h), samples at which a signal of the formula had no value, let no check pass that they could have changed:
// always and never without a violation, eventually without a sample that holds, when_then with a trigger or an
// obligation that nobody saw, are inconclusive. A failure that was seen stays one.
//
// Margin: how far from failing; zero or positive passes, negative fails.
//   always, never         the least slack of the deciding comparison, in its unit
//   eventually            the greatest slack; with `latest` the time left to it, in ms
//   when_then             the time to the nearer bound, in ms, of the worst obligation; the value's slack is in
//   `detail`
// Words, sets, edges and equal numbers have no slack of their own: margin null where one of them decides. Mixed and/or:
// margin and unit of the deciding comparison, compared after division by a scale (sim/checks/margin_scale.h). A
// comparison that excludes its limit and sits on it fails by nothing: a failing margin is reported as -1e-9 at the
// least. A reaction that did not come by the end of the run is late by at least one step more: margin = deadline - end
// - step.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/checks/expression.h"
#include "sim/mark.h"
#include "sim/time.h"

namespace packbench::sim {

enum class Verdict { pass, fail, inconclusive, skipped };
std::string_view verdict_name(Verdict verdict);  // "pass", "fail", "inconclusive", "skipped"

// always: formula true at every sample. never: false at every sample. eventually: true at least once (by `within` if
// given). when_then: after each rising edge of `formula`, `then` becomes true inside [earliest, latest].
// telemetry_consistent: judged by hil (API against device report and truth), listed here so that one list has all.
enum class CheckKind { always, never, eventually, when_then, telemetry_consistent };

struct CheckSpec {
  std::string name;
  std::vector<std::string> requirement;
  CheckKind kind = CheckKind::always;
  Expression formula;         // always / never / eventually / when
  Expression then;            // when_then
  TimeNs earliest = 0;        // when_then: not before this, from the trigger (0 = no lower bound)
  TimeNs latest = 0;          // when_then, telemetry_consistent, eventually (0 there: end of run)
  std::string window_source;  // how earliest/latest came about, for the report: "0.5 s" or "trip(cell_ov): 2 s - 0.1 s
                              // .. 2 s + ..."
  TimeNs after = 0;           // judged only from this simulated time on, counted from the start of the phases
  std::optional<TimeNs> until_time;  // and only up to this, same origin
  Mark mark;
};

struct CheckResult {
  std::string name;
  std::vector<std::string> requirement;
  CheckKind kind = CheckKind::always;
  Verdict verdict = Verdict::inconclusive;
  std::optional<double> margin;      // positive or zero passes, negative fails
  std::string unit;                  // of margin, measured and limit
  std::optional<double> measured;    // the deciding value (worst value, or measured time for when_then)
  std::optional<double> limit;       // what it was compared with
  std::optional<double> worst_at_s;  // simulated time of the deciding sample, from the start of the run
  bool marginal = false;             // a pass with a margin below the measurement's resolution
  std::string detail;                // one sentence for people, with resolution where timing is judged
  std::string formula;               // as written
  struct Window {
    double from_s = 0;
    double to_s = 0;
  };
  std::vector<Window> windows;  // trigger .. deadline of the when_then occurrences (at most 50 kept), for the plots
};

// One verdict for all: fail before inconclusive before pass; skipped when all are skipped, inconclusive when there is
// none.
Verdict combine(std::span<const CheckResult> results);

// Evaluates all checks of a run that are formulas; telemetry_consistent specs are left out of results().
class CheckSet {
 public:
  // `step` is the exchange period: the resolution of times. Throws std::invalid_argument for a window that is negative
  // or ends before it begins, and for a check without a formula. Nothing allocates in step().
  // The checks from `prepared` on are a variant's: they sleep until the branch point.
  CheckSet(const std::vector<CheckSpec>& specs, const SignalLayout& layout, TimeNs step,
           std::size_t prepared = std::numeric_limits<std::size_t>::max());
  // Of a variant whose prepared run has come to its branch point: its checks after those of `other`.
  CheckSet(const CheckSet& other, const std::vector<CheckSpec>& own, const SignalLayout& layout, TimeNs step);
  ~CheckSet();
  CheckSet(CheckSet&&) noexcept;
  CheckSet& operator=(CheckSet&&) noexcept;

  // `after` and `until_time` count from here. Samples before are not judged, but `for`, `delta` and edges remember
  // them.
  void start_phases(TimeNs now);
  void step(TimeNs now, std::span<const double> frame);  // times must increase
  // The branch point: the variant's checks see this sample first, and `after` and `until_time` of them count from it.
  void start_branch(TimeNs now, std::span<const double> frame);
  Verdict so_far() const;  // for progress: fail as soon as one failed, inconclusive while nothing is judged, else pass
  // `now`: the time of the last sample. An obligation whose deadline lies beyond it is left open.
  std::vector<CheckResult> finish(TimeNs now);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
