#include "hil/firmware/core/charge_keeper.h"

namespace packbench::firmware {
namespace {

constexpr std::uint64_t kSaveEvery_us = 1'000'000;

bool lost_power(ResetReason reason) { return reason == ResetReason::power_on || reason == ResetReason::brown_out; }

}  // namespace

void ChargeKeeper::boot(ResetReason reason) {
  reason_ = reason;
  recalled_ = saved_ = false;
}

// What was told since the boot is newer than what was kept.
void ChargeKeeper::recall(const Profile& profile, StateOfCharge& soc, DefectSet defects) {
  ChargeMemory kept;
  const auto read = defects.has(Defect::retained_unchecked) ? read_unchecked : read_retained;
  const bool whole = retained_ != nullptr && !lost_power(reason_) && read(*retained_, kept);
  memory_ = whole ? kept : ChargeMemory{};
  ++memory_.boots;
  memory_.reset_reason = static_cast<std::uint8_t>(reason_);
  recalled_ = true;
  if (!whole || soc.known() || defects.has(Defect::soc_lost_at_reset)) return;
  soc.restore(kept);
  soc.configure(profile);
}

void ChargeKeeper::step(std::uint64_t now_us, const Profile& profile, StateOfCharge& soc, DefectSet defects) {
  if (!recalled_) recall(profile, soc, defects);
  if (!soc.intact() && !defects.has(Defect::charge_unguarded)) {
    ChargeMemory kept;
    const bool whole = retained_ != nullptr && read_retained(*retained_, kept);
    soc.recover(whole ? &kept : nullptr);
  }
  if (retained_ == nullptr || !soc.known()) return;
  const std::int64_t moved = soc.charge_mA_us() - memory_.charge_mA_us;
  const std::int64_t least = std::int64_t{profile.capacity_mAh} * 360'000;
  const bool due = !saved_ || now_us - memory_.saved_us >= kSaveEvery_us || moved >= least || moved <= -least;
  if (!due) return;
  soc.save(memory_);
  memory_.saved_us = now_us;
  write_retained(memory_, *retained_);
  saved_ = true;
}

}  // namespace packbench::firmware
