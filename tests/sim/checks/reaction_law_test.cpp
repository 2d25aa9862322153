// The online judge of reactions against the definition, applied to the whole trace.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>

#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {
namespace {

struct Expected {
  Verdict verdict = Verdict::inconclusive;
  std::optional<TimeNs> margin;
  std::size_t triggers = 0;
};

bool yes(double v) { return v > 0.5; }
bool no(double v) { return v <= 0.5; }

// Margin of one obligation; nothing when it cannot be judged. `at[k]` are the sample times.
std::optional<TimeNs> judge(TimeNs earliest, TimeNs latest, std::size_t trigger, const std::vector<TimeNs>& at,
                            const std::vector<double>& then) {
  const TimeNs t0 = at[trigger];
  std::size_t reaction = trigger;
  while (reaction < at.size() && !yes(then[reaction])) ++reaction;
  const bool came = reaction < at.size();
  if (came && at[reaction] <= t0 + latest) {
    const TimeNs time = at[reaction] - t0;
    return earliest > 0 ? std::min(time - earliest, latest - time) : latest - time;
  }
  if (at.back() < t0 + latest) return std::nullopt;
  std::size_t last_in_time = trigger;
  while (last_in_time + 1 < at.size() && at[last_in_time + 1] <= t0 + latest) ++last_in_time;
  if (!no(then[last_in_time])) return std::nullopt;
  return t0 + latest - (came ? at[reaction] : at.back() + kStep);
}

// Samples at which the trigger is unknown and could have been one: any but up to 5 s, and up to half, at the beginning.
bool trigger_unseen(const std::vector<TimeNs>& at, const std::vector<double>& when) {
  const auto known = [](double v) { return yes(v) || no(v); };
  const auto first = std::ranges::find_if(when, known) - when.begin();
  const auto known_samples = std::ranges::count_if(when, known);
  const bool later = known_samples < static_cast<std::ptrdiff_t>(when.size()) - first;
  return later || first > known_samples || (first > 0 && at[static_cast<std::size_t>(first) - 1] > 5 * kSecond);
}

// The time for the reaction was up, and whether it came by then is not known.
bool obligation_unseen(TimeNs latest, std::size_t trigger, const std::vector<TimeNs>& at,
                       const std::vector<double>& then) {
  bool last_known = false;
  for (std::size_t k = trigger; k < at.size() && at[k] <= at[trigger] + latest; ++k) {
    if (yes(then[k])) return false;
    last_known = no(then[k]);
  }
  return at.back() >= at[trigger] + latest && !last_known;
}

Expected by_definition(TimeNs earliest, TimeNs latest, const std::vector<TimeNs>& at, const std::vector<double>& when,
                       const std::vector<double>& then) {
  Expected expected;
  bool was_yes = false, unseen = trigger_unseen(at, when);
  for (std::size_t k = 0; k < at.size(); ++k) {
    const bool rises = yes(when[k]) && !was_yes;
    if (yes(when[k]) || no(when[k])) was_yes = yes(when[k]);
    if (!rises) continue;
    ++expected.triggers;
    unseen = unseen || obligation_unseen(latest, k, at, then);
    const auto margin = judge(earliest, latest, k, at, then);
    if (margin && (!expected.margin || *margin < *expected.margin)) expected.margin = margin;
  }
  if (unseen && expected.margin && *expected.margin >= 0) expected.margin.reset();
  if (expected.margin) expected.verdict = *expected.margin >= 0 ? Verdict::pass : Verdict::fail;
  return expected;
}

RC_GTEST_PROP(WhenThenLaw, OnlineAndWholeTraceJudgementAgree, ()) {
  const auto length = static_cast<std::size_t>(*rc::gen::inRange(1, 30));
  const auto value = rc::gen::weightedElement<double>({{6, 0.0}, {3, 1.0}, {1, kNaN}});
  const auto when = *rc::gen::container<std::vector<double>>(length, value);
  const auto then = *rc::gen::container<std::vector<double>>(length, value);
  const auto gaps = *rc::gen::container<std::vector<int>>(length, rc::gen::inRange(1, 4));
  const TimeNs earliest = *rc::gen::inRange(0, 5) * 50 * kMillisecond;
  const TimeNs latest = earliest + *rc::gen::inRange(0, 9) * 50 * kMillisecond;

  std::vector<TimeNs> at;
  std::vector<Sample> trace;
  for (std::size_t k = 0; k < length; ++k) {
    at.push_back(k == 0 ? 0 : at.back() + gaps[k] * 50 * kMillisecond);
    trace.push_back({at.back(), frame_with({{Signal::truth_soc, when[k]}, {Signal::device_soc, then[k]}})});
  }
  CheckSpec check = spec(CheckKind::when_then, "truth.soc > 0.5");
  check.then = parsed("device.soc > 0.5");
  check.earliest = earliest;
  check.latest = latest;

  const CheckResult result = judged(check, trace);
  const Expected expected = by_definition(earliest, latest, at, when, then);
  RC_ASSERT(result.verdict == expected.verdict);
  RC_ASSERT(result.windows.size() == expected.triggers);
  RC_ASSERT(result.margin.has_value() == expected.margin.has_value());
  if (expected.margin) RC_ASSERT(*result.margin == static_cast<double>(*expected.margin) * 1e-6);
}

}  // namespace
}  // namespace packbench::sim::test
