// A truth with its margin: the value that flows through a formula.
//
//   score   slack / scale of the deciding atom: above 0 true, below 0 false, never 0, NaN unknown. Infinite where the
//           atom has no slack of its own: words, sets, edges, and numbers that are equal.
//   slack   how far the deciding atom is from changing its truth, in its unit; negative where it is false.
//
// and = min, or = max, not = negation of the score (Fainekos, Pappas: Robustness of temporal logic specifications,
// 2009; Donze, Maler: Robust satisfaction of temporal logic over real-valued signals, 2010). The sign and the truth
// agree by construction: where slack is exactly zero, the score is +-kTouch as the comparison includes its limit or
// not.
#pragma once

#include <cmath>
#include <limits>

#include "sim/checks/expression.h"
#include "sim/time.h"

namespace packbench::sim {

inline constexpr double kTouch = 1e-300;
inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

struct Scored {
  double score = kNoValue;
  double slack = kNoValue;
  double measured = kNoValue;  // the deciding atom's value, NaN for words and sets
  double limit = kNoValue;     // and what it was compared with
  TimeNs at = 0;               // the sample that decided
  int atom = -1;               // the comparison that decided, index into Program::atoms

  bool known() const { return !std::isnan(score); }
  bool holds() const { return score > 0; }
  bool fails() const { return score < 0; }
  Truth truth() const { return holds() ? Truth::yes : fails() ? Truth::no : Truth::unknown; }
};

inline Scored opposite(Scored value) {
  value.score = -value.score;
  value.slack = -value.slack;
  return value;
}

inline const Scored& both(const Scored& a, const Scored& b) {
  if (!a.known()) return b.fails() ? b : a;
  if (!b.known()) return a.fails() ? a : b;
  return b.score < a.score ? b : a;
}

inline const Scored& either(const Scored& a, const Scored& b) {
  if (!a.known()) return b.holds() ? b : a;
  if (!b.known()) return a.holds() ? a : b;
  return b.score > a.score ? b : a;
}

// Score of a comparison whose slack is known.
inline double score_of(double slack, double scale, double touching) {
  const double score = slack / scale;
  if (score != 0) return score;
  return slack == 0 ? touching : std::copysign(kTouch, slack);
}

}  // namespace packbench::sim
