#include <algorithm>
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
  void step(TimeNs now, const std::optional<TimeNs>& start, std::span<const double> frame) {
    const bool judged = start && now >= *start && judges(now - *start);
    std::visit([&](auto& one) { one.step(now, frame, judged); }, judge);
  }
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
  void add(const std::vector<CheckSpec>& specs, const SignalLayout& layout, TimeNs step) {
    for (const CheckSpec& spec : specs) {
      if (spec.kind != CheckKind::telemetry_consistent)
        checks.push_back({spec.after, spec.until_time, judge_for(spec, layout, step)});
    }
  }

  std::vector<Watched> checks;
  std::size_t prepared = 0;  // the first so many are the scenario's, the rest a variant's
  std::optional<TimeNs> start, branch;
};

CheckSet::CheckSet(const std::vector<CheckSpec>& specs, const SignalLayout& layout, TimeNs step, std::size_t prepared)
    : data_(std::make_unique<Data>()) {
  if (step <= 0) throw std::invalid_argument("the step of the checks must be above zero");
  data_->add(specs, layout, step);
  data_->prepared = std::min(prepared, data_->checks.size());
}
CheckSet::CheckSet(const CheckSet& other, const std::vector<CheckSpec>& own, const SignalLayout& layout, TimeNs step)
    : data_(std::make_unique<Data>(*other.data_)) {
  data_->checks.erase(data_->checks.begin() + static_cast<std::ptrdiff_t>(data_->prepared), data_->checks.end());
  data_->add(own, layout, step);
}
CheckSet::~CheckSet() = default;
CheckSet::CheckSet(CheckSet&&) noexcept = default;
CheckSet& CheckSet::operator=(CheckSet&&) noexcept = default;

void CheckSet::start_phases(TimeNs now) { data_->start = now; }

void CheckSet::step(TimeNs now, std::span<const double> frame) {
  for (std::size_t i = 0; i < data_->checks.size(); ++i) {
    const bool of_variant = i >= data_->prepared;
    if (of_variant && !data_->branch) return;
    data_->checks[i].step(now, of_variant ? data_->branch : data_->start, frame);
  }
}

void CheckSet::start_branch(TimeNs now, std::span<const double> frame) {
  data_->branch = now;
  for (std::size_t i = data_->prepared; i < data_->checks.size(); ++i) data_->checks[i].step(now, now, frame);
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
