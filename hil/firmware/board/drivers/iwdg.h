// The independent watchdog: the same block in all chips here (RM0433 chapter 50, RM0090 chapter 21), on a clock of its
// own of about 32 kHz. Once started it cannot be stopped.
#pragma once

#include "hil/firmware/board/cortexm/mmio.h"

namespace packbench::firmware {

struct IwdgRegisters {
  Register KR, PR, RLR, SR;
};

void start_iwdg(IwdgRegisters& iwdg, std::uint32_t period_us);
inline void serve_iwdg(IwdgRegisters& iwdg) { iwdg.KR = 0xAAAA; }

}  // namespace packbench::firmware
