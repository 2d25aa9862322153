#include "hil/firmware/core/soc.h"

namespace packbench::firmware {
namespace {

constexpr std::int32_t kFull_pctpct = 10'000;
constexpr std::int32_t kEmptyAnchor_pctpct = 300;
constexpr std::uint64_t kEmptyHold_us = 1'000'000, kRestHold_us = 600'000'000;
constexpr std::int32_t kRest_mA = 200;
constexpr std::int32_t kBootDifference_pctpct = 2'000;
constexpr float kBootDoubt_V = 0.020f;
constexpr std::int32_t kStep_pctpct = 300, kDischarging_mA = -1'000;
constexpr std::int32_t kNoLonger_full_pctpct = 9'800;
constexpr int kMeanOf = 64;
constexpr std::int32_t kLeavesDeadBand = 10;  // times the band
constexpr float kSetSigma = 0.05f, kPlateauSigma = 0.3f, kAnchorSigma = 0.005f;
constexpr float kOneQ30 = 1073741824.0f;

bool held(bool holds, bool& before, std::uint64_t& since_us, std::uint64_t now_us, std::uint64_t hold_us) {
  if (holds && !before) since_us = now_us;
  before = holds;
  return holds && now_us - since_us >= hold_us;
}

float mean_V(const Summary& summary) { return static_cast<float>(summary.mean_cell_dmV) * 1e-4f; }

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

std::int64_t StateOfCharge::capacity_mA_us(const Profile& profile) const {
  return std::int64_t{health_.capacity_mAh(profile)} * 3'600'000'000;
}

std::int64_t StateOfCharge::share_mA_us(const Profile& profile, std::int32_t soc_pctpct) const {
  return capacity_mA_us(profile) / kFull_pctpct * soc_pctpct;
}

// By way of 32 bits, which a processor converts by itself.
float StateOfCharge::soc(const Profile& profile) const {
  const std::int64_t q30 = charge_.get() / (capacity_mA_us(profile) >> 30);
  const auto limited = static_cast<std::int32_t>(q30 < 0 ? 0 : q30 > (1 << 30) ? 1 << 30 : q30);
  return static_cast<float>(limited) / kOneQ30;
}

std::int32_t StateOfCharge::counted_pctpct(const Profile& profile) const {
  const std::int64_t step = capacity_mA_us(profile) / kFull_pctpct;
  return static_cast<std::int32_t>((charge_.get() + step / 2) / step);
}

void StateOfCharge::restart() {
  const StateOfCharge before = *this;
  *this = StateOfCharge{};
  charge_ = before.charge_;
  known_ = before.known_;
  restored_ = before.restored_;
  nominal_mAh_ = before.nominal_mAh_;
  health_.restore(before.health_.learnt_mAh(), before.health_.resistance_pctpct());
  filter_.restore(before.filter_.relaxation().hysteresis, before.filter_.resistance_factor());
  filter_.restart(known_ ? kSetSigma : kPlateauSigma);
}

void StateOfCharge::configure(const Profile& profile) {
  if (nominal_mAh_ != profile.capacity_mAh) {
    const Health before = health_;
    health_ = Health{};
    if (known_ && nominal_mAh_ > 0) {
      const std::int64_t full_mAh = before.learnt_mAh() > 0 ? before.learnt_mAh() : nominal_mAh_;
      charge_.set(charge_.get() / full_mAh * profile.capacity_mAh);
    }
    nominal_mAh_ = profile.capacity_mAh;
  }
  filter_.restart(known_ ? kSetSigma : kPlateauSigma);
}

void StateOfCharge::put(std::int64_t charge_mA_us, float sigma) {
  charge_.set(charge_mA_us);
  filter_.doubt(sigma);
  known_ = true;
}

void StateOfCharge::set(const Profile& profile, std::uint32_t soc_pctpct) {
  const auto pctpct = static_cast<std::int32_t>(soc_pctpct > kFull_pctpct ? kFull_pctpct : soc_pctpct);
  put(share_mA_us(profile, pctpct), kSetSigma);
  has_reported_ = restored_ = full_ = false;
}

void StateOfCharge::save(ChargeMemory& memory) const {
  memory.charge_mA_us = charge_.get();
  memory.nominal_mAh = nominal_mAh_;
  memory.learnt_mAh = health_.learnt_mAh();
  memory.resistance_pctpct = health_.resistance_pctpct();
  memory.reported_pctpct = static_cast<std::uint16_t>(reported_pctpct_);
  memory.hysteresis_permille = static_cast<std::int32_t>(filter_.relaxation().hysteresis * 1000.0f);
  memory.factor_permille = static_cast<std::int32_t>(filter_.resistance_factor() * 1000.0f);
}

void StateOfCharge::restore(const ChargeMemory& memory) {
  charge_.set(memory.charge_mA_us);
  nominal_mAh_ = memory.nominal_mAh;
  health_.restore(memory.learnt_mAh, memory.resistance_pctpct);
  filter_.restore(static_cast<float>(memory.hysteresis_permille) * 1e-3f,
                  static_cast<float>(memory.factor_permille) * 1e-3f);
  filter_.restart(kSetSigma);
  known_ = restored_ = true;
}

void StateOfCharge::recover(const ChargeMemory* memory) {
  known_ = memory != nullptr;
  charge_.set(known_ ? memory->charge_mA_us : 0);
  if (!known_) ocv_soc_pctpct_ = kUnknownPercent;  // the next OCV counts
}

std::uint16_t StateOfCharge::soc_pctpct(const Profile& profile) const {
  if (!known_ || profile.capacity_mAh <= 0) return kUnknownPercent;
  return static_cast<std::uint16_t>(has_reported_ ? reported_pctpct_ : counted_pctpct(profile));
}

// The mean over measurements, so that noise does not leave the band; one large current leaves it at once.
void StateOfCharge::rest_filter(const Profile& profile, std::int32_t current_mA) {
  const std::int32_t band_mA = profile.charge.dead_band_mA, most_mA = band_mA * kLeavesDeadBand;
  if (current_mA >= most_mA || current_mA <= -most_mA) {
    mean_mA_q8_ = (current_mA > 0 ? most_mA : -most_mA) * 256;
  } else {
    mean_mA_q8_ += (current_mA * 256 - mean_mA_q8_) / kMeanOf;
  }
  counted_out_ = mean_mA_q8_ < band_mA * 256 && mean_mA_q8_ > -band_mA * 256;
}

// A measurement not seen before.
void StateOfCharge::observe(const Profile& profile, const Measurement& measurement, const Summary& summary,
                            DefectSet defects) {
  has_seen_ = true;
  seen_us_ = measurement.time_us;
  rest_filter(profile, measurement.current_mA);
  const float soc_now = soc(profile);
  health_.pulse(profile, measurement, summary, soc_now);
  const float correction = filter_.update(profile, measurement, summary, soc_now, defects);
  if (!known_ || correction == 0) return;
  const std::int64_t correction_q30 = static_cast<std::int32_t>(correction * kOneQ30);
  charge_.set(charge_.get() + (capacity_mA_us(profile) >> 30) * correction_q30);
}

void StateOfCharge::count(std::uint32_t dt_us, const Profile& profile, std::int32_t current_mA, DefectSet defects) {
  if (counted_out_ && !defects.has(Defect::no_dead_band)) return;
  std::int64_t moved = std::int64_t{current_mA} * dt_us;
  if (defects.has(Defect::soc_sign_reversed)) moved = -moved;
  if (defects.has(Defect::soc_gain_high)) moved += moved / 10;
  health_.moved(moved);
  std::int64_t charge = charge_.get() + moved;
  if (!defects.has(Defect::soc_not_clamped)) {
    if (charge < 0) charge = 0;
    if (charge > capacity_mA_us(profile)) charge = capacity_mA_us(profile);
  }
  charge_.set(charge);
}

void StateOfCharge::anchor(std::uint64_t now_us, const Profile& profile, std::int32_t current_mA,
                           const Summary& summary, DefectSet defects) {
  const bool full = summary.max_cell_dmV != kNoReading && summary.max_cell_dmV >= profile.full_anchor_dmV &&
                    current_mA > 0 && current_mA < profile.full_anchor_mA;
  const bool empty = summary.min_cell_dmV != kNoReading && summary.min_cell_dmV <= profile.empty_anchor_dmV &&
                     current_mA <= 0 && current_mA > -profile.empty_anchor_mA;
  const bool learns = !defects.has(Defect::soh_never_learnt);
  const bool was_full = at_full_, was_empty = at_empty_;
  at_full_ = held(full, filling_, filling_since_us_, now_us, std::uint64_t{profile.full_anchor_ms} * 1000) &&
             !defects.has(Defect::no_full_anchor);
  at_empty_ = held(empty, emptying_, emptying_since_us_, now_us, kEmptyHold_us);
  if (at_full_) {
    if (!was_full && learns) health_.anchor(profile, kFull_pctpct, summary);
    health_.stay();
    put(capacity_mA_us(profile), kAnchorSigma);
    full_ = true;
  }
  if (at_empty_) {
    const bool too_high = !known_ || charge_.get() > share_mA_us(profile, kEmptyAnchor_pctpct);
    const std::int32_t soc_now = too_high ? kEmptyAnchor_pctpct : counted_pctpct(profile);
    if (!was_empty && learns) health_.anchor(profile, soc_now, summary);
    health_.stay();
    if (too_high) put(share_mA_us(profile, kEmptyAnchor_pctpct), kAnchorSigma);
  }
}

void StateOfCharge::read_ocv(std::uint64_t now_us, const Profile& profile, std::int32_t current_mA,
                             const Summary& summary) {
  const bool rest = current_mA < kRest_mA && current_mA > -kRest_mA && summary.mean_cell_dmV != kNoReading;
  const bool at_boot = rest && ocv_soc_pctpct_ == kUnknownPercent;
  if (!held(rest, resting_, resting_since_us_, now_us, kRestHold_us) && !at_boot) return;
  ocv_soc_pctpct_ = soc_of_ocv(profile, summary.mean_cell_dmV);
  if (ocv_soc_pctpct_ == kUnknownPercent) return;
  const std::int32_t difference = ocv_soc_pctpct_ - counted_pctpct(profile);
  const bool far = difference > kBootDifference_pctpct || difference < -kBootDifference_pctpct;
  if (!known_ || (restored_ && far)) {
    const bool tells = steep(profile, mean_V(summary), kBootDoubt_V);
    if (!known_ || tells) {
      put(share_mA_us(profile, ocv_soc_pctpct_), tells ? kSetSigma : kPlateauSigma);
      has_reported_ = false;
    }
  }
  restored_ = false;
}

void StateOfCharge::report(const Profile& profile, std::int32_t current_mA, DefectSet defects) {
  const std::int32_t counted = counted_pctpct(profile);
  if (counted < kNoLonger_full_pctpct) full_ = false;
  if (!has_reported_ || defects.has(Defect::soc_jumps)) reported_pctpct_ = counted;
  has_reported_ = true;
  const std::int32_t up = counted - reported_pctpct_;
  stepping_ = up > kStep_pctpct || (stepping_ && up > 0);
  const bool held_down = up > 0 && current_mA < kDischarging_mA && !stepping_;
  if (held_down && !defects.has(Defect::soc_rises_in_discharge)) return;
  reported_pctpct_ += up > 1 ? 1 : up < -1 ? -1 : up;  // in a task of 10 ms: 1 %/s
}

void StateOfCharge::step(std::uint64_t now_us, std::uint32_t dt_us, const Profile& profile,
                         const Measurement& measurement, const Summary& summary, DefectSet defects) {
  if (measurement.current_mA == kNoReading || profile.capacity_mAh <= 0) return;
  if (!has_seen_ || measurement.time_us != seen_us_) observe(profile, measurement, summary, defects);
  count(dt_us, profile, measurement.current_mA, defects);
  anchor(now_us, profile, measurement.current_mA, summary, defects);
  read_ocv(now_us, profile, measurement.current_mA, summary);
  if (known_) report(profile, measurement.current_mA, defects);
}

}  // namespace packbench::firmware
