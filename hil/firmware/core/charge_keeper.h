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
  // At boot: after power-on and brown-out nothing is taken, for RAM was lost; else what is whole.
  void boot(ResetReason reason, StateOfCharge& soc, DefectSet defects);
  // Every task, before the count goes on.
  void step(std::uint64_t now_us, const Profile& profile, StateOfCharge& soc, DefectSet defects);
  std::uint32_t boots() const { return memory_.boots; }

 private:
  Retained* retained_ = nullptr;
  ChargeMemory memory_;  // as last saved
  bool saved_ = false;
};

}  // namespace packbench::firmware
