// Keeps the state of charge over resets: writes it to memory that outlives them, takes it back at boot, and notices a
// flipped bit of the running count.
//
// Saved each second, or sooner when the charge has changed by 0.01 % of capacity.
#pragma once

#include "hil/firmware/core/codes.h"
#include "hil/firmware/core/soc.h"

namespace packbench::firmware {

class ChargeKeeper {
 public:
  void use(Retained* retained) { retained_ = retained; }  // null: nothing outlives a reset
  // After power-on and brown-out nothing is taken, for RAM was lost; else what is whole, with the first task.
  void boot(ResetReason reason);
  // Every task, before the count goes on.
  void step(std::uint64_t now_us, const Profile& profile, StateOfCharge& soc, DefectSet defects);
  std::uint32_t boots() const { return memory_.boots; }

 private:
  void recall(const Profile& profile, StateOfCharge& soc, DefectSet defects);

  Retained* retained_ = nullptr;
  ChargeMemory memory_;  // as last saved
  ResetReason reason_ = ResetReason::power_on;
  bool recalled_ = true, saved_ = false;
};

}  // namespace packbench::firmware
