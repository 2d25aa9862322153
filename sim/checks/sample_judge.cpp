#include "sim/checks/sample_judge.h"

#include <stdexcept>

#include "sim/checks/result_text.h"

namespace packbench::sim {

SampleJudge::SampleJudge(const CheckSpec& spec, const SignalLayout& layout, TimeNs step)
    : spec_(spec), step_(step), evaluator_(spec.formula, layout, step) {
  if (spec.latest < 0) throw std::invalid_argument("check '" + spec.name + "': its time limit is negative");
}

void SampleJudge::step(TimeNs now, std::span<const double> frame, bool judged) {
  const Scored& value = evaluator_.step(now, frame);
  last_seen_ = now;
  if (!judged) return;
  if (!first_judged_) first_judged_ = now;
  gaps_.add(now, value.known(), !value.known() && evaluator_.lacks_a_value(frame));
  remember(spec_.kind == CheckKind::never ? opposite(value) : value);
}

void SampleJudge::remember(const Scored& value) {
  if (!value.known()) {
    ++unknown_;
    return;
  }
  const bool decides = is_eventually() ? value.score > deciding_.score : value.score < deciding_.score;
  if (known_ == 0 || decides) deciding_ = value;
  ++known_;
  if (value.holds() && !first_good_) first_good_ = last_seen_;
  if (value.fails() && bad_++ == 0) first_bad_ = last_seen_;
}

bool SampleJudge::failed() const {
  if (!is_eventually()) return bad_ > 0;
  return known_ > 0 && has_deadline() && (first_good_ ? *first_good_ : last_seen_) > deadline();
}

CheckResult SampleJudge::finish(TimeNs now) const {
  CheckResult result = result_of(spec_);
  if (known_ + unknown_ == 0) {
    result.detail = "no sample was judged, since the run ended before the check began";
  } else if (known_ == 0) {
    result.detail = "`" + spec_.formula.text() + "` had no value at any judged sample";
  } else if (has_deadline()) {
    conclude_by_deadline(result, now);
  } else if (is_eventually()) {
    conclude_eventually(result);
  } else {
    conclude_always(result);
  }
  if (known_ == 0) return result;
  result.detail += gaps_.text();
  if (gaps_.any() && undecided(result.verdict)) leave_open(result);
  return result;
}

// always, never: it may have been violated where nothing is known; eventually: it may have been true there.
bool SampleJudge::undecided(Verdict verdict) const {
  return verdict == (is_eventually() ? Verdict::fail : Verdict::pass);
}

void SampleJudge::conclude_always(CheckResult& result) const {
  result.verdict = bad_ > 0 ? Verdict::fail : Verdict::pass;
  fill_margin(result, deciding_, evaluator_);
  const std::string verb = spec_.kind == CheckKind::always ? "held" : "stayed false";
  if (bad_ == 0) {
    result.detail = verb + " at all of " + samples_text(known_);
    if (result.margin)
      result.detail += ", closest at " + seconds_text(deciding_.at) + ": " + deciding_text(deciding_, evaluator_);
    return;
  }
  result.detail = "failed at " + std::to_string(bad_) + " of " + samples_text(known_) + ", first at " +
                  seconds_text(first_bad_) + "; worst at " + seconds_text(deciding_.at) + ": " +
                  deciding_text(deciding_, evaluator_);
}

void SampleJudge::conclude_eventually(CheckResult& result) const {
  result.verdict = first_good_ ? Verdict::pass : Verdict::fail;
  fill_margin(result, deciding_, evaluator_);
  result.detail = first_good_ ? "true first at " + seconds_text(*first_good_)
                              : "never true at any of " + samples_text(known_) + "; nearest at " +
                                    seconds_text(deciding_.at) + ": " + deciding_text(deciding_, evaluator_);
}

void SampleJudge::conclude_by_deadline(CheckResult& result, TimeNs now) const {
  const std::string resolution = "; resolution " + seconds_text(step_);
  if (!first_good_ && now < deadline()) {
    result.detail =
        "not true by the end at " + seconds_text(now) + ", but its time limit ran until " + seconds_text(deadline());
    return;
  }
  const TimeNs slack = first_good_ ? deadline() - *first_good_ : deadline() - now - step_;
  result.verdict = slack >= 0 ? Verdict::pass : Verdict::fail;
  fill_margin_ms(result, slack, spec_.latest, step_);
  result.worst_at_s = to_seconds(first_good_ ? *first_good_ : deadline());
  if (!first_good_) {
    result.detail = "not true at any sample until the end at " + seconds_text(now) + resolution;
    return;
  }
  result.measured = static_cast<double>(*first_good_ - *first_judged_) * 1e-6;
  result.detail = "true first at " + seconds_text(*first_good_) + ", " + seconds_text(*first_good_ - *first_judged_) +
                  " after the check began" + resolution;
}

}  // namespace packbench::sim
