#include "sim/checks/reaction_judge.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "sim/checks/result_text.h"

namespace packbench::sim {
namespace {

constexpr std::size_t kMostWindows = 50;

TimeNs checked_latest(const CheckSpec& spec) {
  if (spec.earliest >= 0 && spec.latest >= spec.earliest) return spec.latest;
  throw std::invalid_argument("check '" + spec.name + "': its time window ends before it begins");
}

std::string times_text(std::int64_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

}  // namespace

ReactionJudge::ReactionJudge(const CheckSpec& spec, const SignalLayout& layout, TimeNs step)
    : spec_(spec),
      step_(step),
      when_(spec.formula, layout, step),
      then_(spec.then, layout, step),
      open_(window_capacity(checked_latest(spec), step)) {
  windows_.reserve(kMostWindows);
}

void ReactionJudge::step(TimeNs now, std::span<const double> frame, bool judged) {
  const Scored& when = when_.step(now, frame);
  const Scored& then = then_.step(now, frame);
  miss_deadlines(now);
  if (judged) gaps_.add(now, when.known(), !when.known() && when_.lacks_a_value(frame));
  if (judged && rises(when)) open(now);
  if (then.holds()) react(now, then);
  last_then_ = then.truth();
}

// From no (or nothing known yet) to yes; samples without a value in between change nothing.
bool ReactionJudge::rises(const Scored& when) {
  ++samples_;
  if (!when.known()) return false;
  ++known_samples_;
  const Truth before = std::exchange(last_when_, when.truth());
  return when.holds() && before != Truth::yes;
}

void ReactionJudge::open(TimeNs trigger) {
  ++triggers_;
  open_.push_back() = trigger;
  if (windows_.size() < kMostWindows) windows_.push_back({to_seconds(trigger), to_seconds(trigger + spec_.latest)});
}

// Obligations with a deadline before `before`: judged by `then` at the last sample that was in time.
void ReactionJudge::miss_deadlines(TimeNs before) {
  while (!open_.empty() && open_.front() + spec_.latest < before) {
    if (last_then_ == Truth::no) {
      ++failed_;
      if (!overdue_) overdue_ = open_.front();
    } else {
      ++unknown_;
    }
    open_.pop_front();
  }
}

void ReactionJudge::react(TimeNs now, const Scored& then) {
  if (overdue_) remember(reaction_to(*overdue_, now, then));
  overdue_.reset();
  for (; !open_.empty(); open_.pop_front()) {
    const Outcome outcome = reaction_to(open_.front(), now, then);
    ++(outcome.slack >= 0 ? passed_ : failed_);
    if (outcome.already) ++already_;
    remember(outcome);
  }
}

ReactionJudge::Outcome ReactionJudge::reaction_to(TimeNs trigger, TimeNs now, const Scored& then) const {
  const TimeNs reaction = now - trigger;
  const TimeNs to_latest = spec_.latest - reaction;
  const TimeNs to_earliest = reaction - spec_.earliest;
  const bool early = spec_.earliest > 0 && to_earliest < to_latest;
  return {.slack = early ? to_earliest : to_latest,
          .limit = early ? spec_.earliest : spec_.latest,
          .trigger = trigger,
          .at = now,
          .reaction = reaction,
          .then = then,
          .already = reaction == 0 && last_then_ == Truth::yes};
}

void ReactionJudge::remember(const Outcome& outcome) {
  if (!worst_ || outcome.slack < worst_->slack) worst_ = outcome;
}

CheckResult ReactionJudge::finish(TimeNs now) {
  miss_deadlines(now + 1);
  if (overdue_) {
    const TimeNs deadline = *overdue_ + spec_.latest;
    remember({.slack = deadline - now - step_,
              .limit = spec_.latest,
              .trigger = *overdue_,
              .at = deadline,
              .reaction = std::nullopt,
              .then = {},
              .already = false});
    overdue_.reset();
  }
  CheckResult result = result_of(spec_);
  result.windows = windows_;
  if (worst_) {
    conclude(result);
  } else {
    result.detail = unjudged_reason();
  }
  return result;
}

void ReactionJudge::conclude(CheckResult& result) const {
  result.verdict = failed_ > 0 ? Verdict::fail : Verdict::pass;
  fill_margin_ms(result, worst_->slack, worst_->limit, step_);
  result.worst_at_s = to_seconds(worst_->at);
  if (worst_->reaction) result.measured = static_cast<double>(*worst_->reaction) * 1e-6;
  result.detail = occurrences_text() + "; worst: triggered at " + seconds_text(worst_->trigger) + ", ";
  if (worst_->reaction) {
    const bool early = *worst_->reaction < spec_.earliest;
    result.detail += worst_->already ? "`" + spec_.then.text() + "` held already before it"
                                     : "reaction after " + seconds_text(*worst_->reaction);
    if (early) result.detail += ", too early";
  } else {
    result.detail += "no reaction by the end of the run";
  }
  result.detail += " (" + std::string(worst_->limit == spec_.latest ? "latest " : "earliest ") +
                   seconds_text(worst_->limit) + ", resolution " + seconds_text(step_) + ")";
  if (worst_->reaction && std::isfinite(worst_->then.slack))
    result.detail += "; then " + deciding_text(worst_->then, then_);
  result.detail += gaps_.text();
  if (result.verdict == Verdict::pass && (unknown_ > 0 || gaps_.any())) leave_open(result);
}

std::string ReactionJudge::occurrences_text() const {
  std::string text = times_text(triggers_, "trigger") + ": " + std::to_string(passed_) + " in time";
  if (already_ > 0) text += ", at " + std::to_string(already_) + " the reaction held already before";
  if (failed_ > 0) text += ", " + std::to_string(failed_) + " failed";
  if (unknown_ > 0) text += ", " + std::to_string(unknown_) + " not judged for want of a value";
  if (!open_.empty()) text += ", " + std::to_string(open_.size()) + " still open at the end";
  return text;
}

std::string ReactionJudge::unjudged_reason() const {
  const std::string trigger = "the trigger `" + spec_.formula.text() + "`";
  if (samples_ == 0) return "no sample was judged, since the run ended before the check began";
  if (known_samples_ == 0) return trigger + " had no value at any judged sample";
  if (triggers_ == 0) return trigger + " never came";
  if (unknown_ > 0 && open_.empty())
    return "the reaction `" + spec_.then.text() + "` had no value when its time was up";
  return "the run ended before the time for the reaction was up (" + occurrences_text() + ")";
}

}  // namespace packbench::sim
