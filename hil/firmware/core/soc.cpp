#include "hil/firmware/core/soc.h"

namespace packbench::firmware {
namespace {

constexpr std::int64_t kFull_pctpct = 10'000;
constexpr std::int64_t kEmptyAnchor_pctpct = 300;
constexpr std::uint64_t kEmptyHold_us = 1'000'000, kRestHold_us = 600'000'000;
constexpr std::int32_t kRest_mA = 200;

std::int64_t capacity_mA_us(const Profile& profile) { return std::int64_t{profile.capacity_mAh} * 3'600'000'000; }

std::int64_t charge_of(const Profile& profile, std::int64_t soc_pctpct) {
  return capacity_mA_us(profile) / kFull_pctpct * soc_pctpct;
}

bool held(bool holds, bool& before, std::uint64_t& since_us, std::uint64_t now_us, std::uint64_t hold_us) {
  if (holds && !before) since_us = now_us;
  before = holds;
  return holds && now_us - since_us >= hold_us;
}

}  // namespace

std::uint16_t soc_of_ocv(const Profile& profile, std::int32_t ocv_dmV) {
  if (profile.ocv_points == 0) return kUnknownPercent;
  const OcvPoint* above = profile.ocv;
  const OcvPoint* const end = profile.ocv + profile.ocv_points;
  while (above != end && above->ocv_dmV < ocv_dmV) ++above;
  if (above == profile.ocv) return above->soc_pctpct;
  if (above == end) return (end - 1)->soc_pctpct;
  const OcvPoint* below = above - 1;
  const std::int32_t rise = above->ocv_dmV - below->ocv_dmV;
  const std::int32_t run = above->soc_pctpct - below->soc_pctpct;
  return static_cast<std::uint16_t>(below->soc_pctpct + run * (ocv_dmV - below->ocv_dmV) / rise);
}

void StateOfCharge::restart() {
  const std::int64_t charge = charge_mA_us_;
  const bool known = known_;
  *this = StateOfCharge{};
  charge_mA_us_ = charge;
  known_ = known;
}

void StateOfCharge::set(const Profile& profile, std::uint32_t soc_pctpct) {
  charge_mA_us_ = charge_of(profile, soc_pctpct > kFull_pctpct ? kFull_pctpct : soc_pctpct);
  known_ = true;
}

std::uint16_t StateOfCharge::soc_pctpct(const Profile& profile) const {
  if (!known_ || profile.capacity_mAh <= 0) return kUnknownPercent;
  const std::int64_t step = capacity_mA_us(profile) / kFull_pctpct;
  return static_cast<std::uint16_t>((charge_mA_us_ + step / 2) / step);
}

void StateOfCharge::count(std::uint32_t dt_us, const Profile& profile, std::int32_t current_mA, DefectSet defects) {
  std::int64_t moved = std::int64_t{current_mA} * dt_us;
  if (defects.has(Defect::soc_sign_reversed)) moved = -moved;
  if (defects.has(Defect::soc_gain_high)) moved += moved / 10;
  charge_mA_us_ += moved;
  if (charge_mA_us_ < 0) charge_mA_us_ = 0;
  if (charge_mA_us_ > capacity_mA_us(profile)) charge_mA_us_ = capacity_mA_us(profile);
}

void StateOfCharge::anchor(std::uint64_t now_us, const Profile& profile, std::int32_t current_mA,
                           const Summary& summary, DefectSet defects) {
  const bool full = summary.max_cell_dmV != kNoReading && summary.max_cell_dmV >= profile.full_anchor_dmV &&
                    current_mA > 0 && current_mA < profile.full_anchor_mA;
  const bool empty = summary.min_cell_dmV != kNoReading && summary.min_cell_dmV <= profile.empty_anchor_dmV &&
                     current_mA <= 0 && current_mA > -profile.empty_anchor_mA;
  if (held(full, filling_, filling_since_us_, now_us, std::uint64_t{profile.full_anchor_ms} * 1000) &&
      !defects.has(Defect::no_full_anchor)) {
    set(profile, kFull_pctpct);
  }
  const std::int64_t at_most = charge_of(profile, kEmptyAnchor_pctpct);
  if (held(empty, emptying_, emptying_since_us_, now_us, kEmptyHold_us) && (!known_ || charge_mA_us_ > at_most)) {
    charge_mA_us_ = at_most;
    known_ = true;
  }
}

void StateOfCharge::read_ocv(std::uint64_t now_us, const Profile& profile, std::int32_t current_mA,
                             const Summary& summary) {
  const bool rest = current_mA < kRest_mA && current_mA > -kRest_mA && summary.mean_cell_dmV != kNoReading;
  const bool at_boot = rest && ocv_soc_pctpct_ == kUnknownPercent;
  if (!held(rest, resting_, resting_since_us_, now_us, kRestHold_us) && !at_boot) return;
  ocv_soc_pctpct_ = soc_of_ocv(profile, summary.mean_cell_dmV);
  if (!known_ && ocv_soc_pctpct_ != kUnknownPercent) set(profile, ocv_soc_pctpct_);
}

void StateOfCharge::step(std::uint64_t now_us, std::uint32_t dt_us, const Profile& profile,
                         const Measurement& measurement, const Summary& summary, DefectSet defects) {
  if (measurement.current_mA == kNoReading) return;
  count(dt_us, profile, measurement.current_mA, defects);
  anchor(now_us, profile, measurement.current_mA, summary, defects);
  read_ocv(now_us, profile, measurement.current_mA, summary);
}

}  // namespace packbench::firmware
