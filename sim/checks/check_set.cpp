#include <optional>
#include <stdexcept>
#include <variant>

#include "sim/checks/check.h"
#include "sim/checks/reaction_judge.h"
#include "sim/checks/sample_judge.h"

namespace packbench::sim {
namespace {

using Judge = std::variant<SampleJudge, ReactionJudge>;

// A judge with the span of time in which samples are judged.
struct Watched {
  TimeNs after;
  std::optional<TimeNs> until_time;
  Judge judge;

  bool judges(TimeNs since_start) const { return since_start >= after && (!until_time || since_start <= *until_time); }
};

Judge judge_for(const CheckSpec& spec, const SignalLayout& layout, TimeNs step) {
  const bool reaction = spec.kind == CheckKind::when_then;
  if (spec.formula.empty() || (reaction && spec.then.empty()))
    throw std::invalid_argument("check '" + spec.name + "' has no formula");
  if (reaction) return ReactionJudge(spec, layout, step);
  return SampleJudge(spec, layout, step);
}

}  // namespace

struct CheckSet::Data {
  std::vector<Watched> checks;
  std::optional<TimeNs> start;
};

CheckSet::CheckSet(const std::vector<CheckSpec>& specs, const SignalLayout& layout, TimeNs step)
    : data_(std::make_unique<Data>()) {
  if (step <= 0) throw std::invalid_argument("the step of the checks must be above zero");
  for (const CheckSpec& spec : specs) {
    if (spec.kind == CheckKind::telemetry_consistent) continue;
    data_->checks.push_back({spec.after, spec.until_time, judge_for(spec, layout, step)});
  }
}
CheckSet::~CheckSet() = default;
CheckSet::CheckSet(CheckSet&&) noexcept = default;
CheckSet& CheckSet::operator=(CheckSet&&) noexcept = default;

void CheckSet::start_phases(TimeNs now) { data_->start = now; }

void CheckSet::step(TimeNs now, std::span<const double> frame) {
  for (Watched& check : data_->checks) {
    const bool judged = data_->start && now >= *data_->start && check.judges(now - *data_->start);
    std::visit([&](auto& judge) { judge.step(now, frame, judged); }, check.judge);
  }
}

Verdict CheckSet::so_far() const {
  Verdict verdict = Verdict::inconclusive;
  for (const Watched& check : data_->checks) {
    if (std::visit([](const auto& judge) { return judge.failed(); }, check.judge)) return Verdict::fail;
    if (std::visit([](const auto& judge) { return judge.judged_something(); }, check.judge)) verdict = Verdict::pass;
  }
  return verdict;
}

std::vector<CheckResult> CheckSet::finish(TimeNs now) {
  std::vector<CheckResult> results;
  results.reserve(data_->checks.size());
  for (Watched& check : data_->checks) {
    results.push_back(std::visit([&](auto& judge) { return judge.finish(now); }, check.judge));
  }
  return results;
}

}  // namespace packbench::sim
