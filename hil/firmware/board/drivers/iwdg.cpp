#include "hil/firmware/board/drivers/iwdg.h"

namespace packbench::firmware {
namespace {

constexpr std::uint32_t kLsi_Hz = 32'000, kDivider = 16, kDividerCode = 2;
constexpr unsigned kTries = 50'000;  // a new value takes 5 cycles of the watchdog's clock (156 us)

}  // namespace

void start_iwdg(IwdgRegisters& iwdg, std::uint32_t period_us) {
  iwdg.KR = 0xCCCC;
  iwdg.KR = 0x5555;
  iwdg.PR = kDividerCode;
  iwdg.RLR = period_us / 1000 * (kLsi_Hz / kDivider) / 1000 - 1;
  wait_for(iwdg.SR, ~0u, 0, kTries);  // without it the first period is the longest one: late, not never
  serve_iwdg(iwdg);
}

}  // namespace packbench::firmware
