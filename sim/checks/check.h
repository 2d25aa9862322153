// Checks: what a scenario expects, judged online, each with a verdict and a signed margin.
//
// Margin: how far from failing. One physical quantity: its slack in its unit. `within`: slack in ms. States and
// contactors: slack in time where an edge is involved, else null. Mixed and/or: margin and unit of the deciding atom, atoms
// compared after division by a scale (V 0.01, A 1, SOC 1 %, K 1, time one step). Never evaluated: inconclusive.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/checks/expression.h"
#include "sim/mark.h"
#include "sim/time.h"

namespace packbench::sim {

enum class Verdict { pass, fail, inconclusive, skipped };
std::string_view verdict_name(Verdict verdict);

// always: formula true at every sample. never: false at every sample. eventually: true at least once (by `within` if
// given). when_then: after each rising edge of `formula`, `then` becomes true inside [earliest, latest].
// telemetry_consistent: judged by hil (API against device report and truth), listed here so that one list has all.
enum class CheckKind { always, never, eventually, when_then, telemetry_consistent };

struct CheckSpec {
  std::string name;
  std::vector<std::string> requirement;
  CheckKind kind = CheckKind::always;
  Expression formula;   // always / never / eventually / when
  Expression then;      // when_then
  TimeNs earliest = 0;  // when_then: not before this, from the trigger (0 = no lower bound)
  TimeNs latest = 0;    // when_then, telemetry_consistent, eventually (0 there: end of run)
  std::string window_source;  // how earliest/latest came about, for the report: "0.5 s" or "trip(cell_ov): 2 s - 0.1 s .. 2 s + ..."
  TimeNs after = 0;     // judged only from this simulated time on, counted from the start of the phases
  std::optional<TimeNs> until_time;  // and only up to this, same origin
  Mark mark;
};

struct CheckResult {
  std::string name;
  std::vector<std::string> requirement;
  CheckKind kind = CheckKind::always;
  Verdict verdict = Verdict::inconclusive;
  std::optional<double> margin;    // positive or zero passes, negative fails
  std::string unit;                // of margin, measured and limit
  std::optional<double> measured;  // the deciding value (worst value, or measured time for when_then)
  std::optional<double> limit;     // what it was compared with
  std::optional<double> worst_at_s;  // simulated time of the deciding sample, from the start of the run
  bool marginal = false;           // a pass with a margin below the measurement's resolution
  std::string detail;              // one sentence for people, with resolution where timing is judged
  std::string formula;             // as written
  struct Window { double from_s = 0; double to_s = 0; };
  std::vector<Window> windows;     // trigger .. deadline of the when_then occurrences (at most 50 kept), for the plots
};

// Evaluates all checks of a run that are formulas; telemetry_consistent specs are left out of results().
class CheckSet {
 public:
  // `step` is the exchange period (timing resolution). `phases_start` is the simulated time that `after` counts from.
  CheckSet(std::vector<CheckSpec> specs, const SignalLayout& layout, TimeNs step);
  ~CheckSet();
  CheckSet(CheckSet&&) noexcept;
  CheckSet& operator=(CheckSet&&) noexcept;

  void start_phases(TimeNs now);  // samples before are not judged
  void step(TimeNs now, std::span<const double> frame);
  Verdict so_far() const;  // for progress: fail as soon as one failed
  // Closes open obligations: a when_then whose deadline lies beyond `now` is not counted as failed for that occurrence.
  std::vector<CheckResult> finish(TimeNs now);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
