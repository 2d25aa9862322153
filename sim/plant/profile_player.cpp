#include "sim/plant/profile_player.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace packbench::sim {
namespace {

void check(const CurrentProfile& profile) {
  const bool rises = std::ranges::adjacent_find(profile.time_s, std::greater_equal<>()) == profile.time_s.end();
  if (profile.time_s.size() < 2 || profile.time_s.size() != profile.current_A.size() || !rises || profile.repeat < 1) {
    throw std::invalid_argument(
        "A current profile needs at least two rows with rising times and must be played at least once.");
  }
}

}  // namespace

TimeNs pass_duration(const CurrentProfile& profile) {
  return profile.time_s.empty()
             ? 0
             : static_cast<TimeNs>(std::round((profile.time_s.back() - profile.time_s.front()) * 1e9));
}

TimeNs total_duration(const CurrentProfile& profile) { return pass_duration(profile) * profile.repeat; }

ProfilePlayer::ProfilePlayer(const CurrentProfile& profile) : profile_(profile) {
  check(profile);
  pass_ = pass_duration(profile);
}

double ProfilePlayer::current_A(TimeNs elapsed) {
  if (elapsed >= total_duration(profile_)) return profile_.current_A.back();
  while (elapsed - pass_start_ >= pass_) {
    pass_start_ += pass_;
    row_ = 0;
  }
  const double time_s = profile_.time_s.front() + to_seconds(elapsed - pass_start_);
  while (row_ + 2 < profile_.time_s.size() && profile_.time_s[row_ + 1] <= time_s) ++row_;
  const double from_s = profile_.time_s[row_], to_s = profile_.time_s[row_ + 1];
  const double share = std::clamp((time_s - from_s) / (to_s - from_s), 0.0, 1.0);
  return profile_.current_A[row_] + share * (profile_.current_A[row_ + 1] - profile_.current_A[row_]);
}

}  // namespace packbench::sim
