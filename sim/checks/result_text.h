// Parts of results that all kinds of checks share: the fields that come from the spec, margins, sentences.
#pragma once

#include <cstdint>
#include <string>

#include "sim/checks/check.h"
#include "sim/checks/evaluator.h"

namespace packbench::sim {

CheckResult result_of(const CheckSpec& spec);

// Fills margin, unit, measured, limit, worst_at_s and marginal from the deciding value. Its sign has to be the
// verdict's.
void fill_margin(CheckResult& result, const Scored& deciding, const Evaluator& evaluator);
// The same for a slack in time.
void fill_margin_ms(CheckResult& result, TimeNs slack, TimeNs limit, TimeNs step);

// Inconclusive, without a margin: what was seen does not decide.
void leave_open(CheckResult& result);

std::string seconds_text(TimeNs time);                       // "12.3 s"
std::string number_text(double value, Dimension dimension);  // "3.652 V"
std::string samples_text(std::int64_t count);                // "1 sample", "12 samples"
// "3.66 V against 3.65 V in `max(...) <= 3.65 V`"; just the comparison where there is no number.
std::string deciding_text(const Scored& deciding, const Evaluator& evaluator);

}  // namespace packbench::sim
