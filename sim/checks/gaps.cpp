#include "sim/checks/gaps.h"

#include "sim/checks/result_text.h"

namespace packbench::sim {

void Gaps::add(TimeNs now, bool known, bool lacks) {
  if (first_judged_ < 0) first_judged_ = now;
  if (known) ++known_;
  if (!lacks) return;
  if (leading_ + later_ == 0) first_gap_ = now;
  ++(known_ == 0 ? leading_ : later_);
  if (known_ == 0 && now - first_judged_ > kSettling) late_start_ = true;
}

std::string Gaps::text() const {
  if (leading_ + later_ == 0) return "";
  return "; " + samples_text(leading_ + later_) + " had no value, first at " + seconds_text(first_gap_);
}

}  // namespace packbench::sim
