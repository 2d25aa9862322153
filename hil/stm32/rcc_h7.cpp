#include "hil/stm32/rcc_h7.h"

#include <algorithm>
#include <array>

namespace packbench::hil::stm32 {
namespace {

enum Offset : std::uint32_t {
  CR = 0x000,
  CFGR = 0x010,
  D1CFGR = 0x018,
  D2CFGR = 0x01C,
  D3CFGR = 0x020,
  PLLCKSELR = 0x028,
  PLLCFGR = 0x02C,
  PLL1DIVR = 0x030,
  PLL1FRACR = 0x034,
  D2CCIP2R = 0x054,
  CSR = 0x074,
  RSR = 0x0D0,
  AHB4ENR = RccH7::AHB4ENR,
  APB1LENR = RccH7::APB1LENR,
  APB4ENR = 0x0F4
};

enum Cr : std::uint32_t {
  HSION = 1 << 0,
  HSIRDY = 1 << 2,
  HSIDIVF = 1 << 5,
  D1CKRDY = 1 << 14,
  D2CKRDY = 1 << 15,
  HSEON = 1 << 16,
  HSERDY = 1 << 17,
  HSEBYP = 1 << 18,
  PLL1ON = 1 << 24,
  PLL1RDY = 1 << 25
};

constexpr std::uint32_t kHsi_hz = 64'000'000;
// Data sheet of the STM32H753: PLL lock at most 150 us; a clock from outside is there within some cycles.
constexpr std::uint64_t kHseReady_ns = 10'000, kPllLock_ns = 100'000;
constexpr std::uint32_t RMVF = 1 << 16;
constexpr std::uint32_t kPinAndCore = 1u << 22 | 1u << 17;  // PINRSTF, CPURSTF: with every reset

// RM0433 table "Reset source identification".
constexpr std::array<std::uint32_t, 5> kResetFlags{
    kPinAndCore | 1u << 23 | 1u << 21 | 1u << 20 | 1u << 19,  // power_on: PORRSTF, BORRSTF, D2RSTF, D1RSTF
    kPinAndCore | 1u << 24,                                   // software: SFTRSTF
    kPinAndCore | 1u << 26,                                   // watchdog: IWDG1RSTF
    kPinAndCore | 1u << 21,                                   // brown_out: BORRSTF
    kPinAndCore};                                             // external

// What a firmware of this board may set; everything else is refused.
constexpr std::pair<std::uint32_t, std::uint32_t> kWritable[] = {
    {CFGR, 0x7},           {D1CFGR, 0xF7F},        {D2CFGR, 0x770},  {D3CFGR, 0x70}, {PLLCKSELR, 0x03F3F3F3},
    {PLLCFGR, 0x01FF000F}, {PLL1DIVR, 0x7F7FFFFF}, {PLL1FRACR, 0},   {D2CCIP2R, 0},  {CSR, 1},
    {AHB4ENR, 0x7FF},      {APB1LENR, 1 << 18},    {APB4ENR, 1 << 1}};

// D1CPRE, HPRE: 0xxx by 1, then 2, 4, 8, 16, 64 ... 512. DxPPRE: 0xx by 1, then 2, 4, 8, 16.
std::uint32_t core_divided(std::uint32_t hz, std::uint32_t code) {
  constexpr std::array<std::uint32_t, 8> kShift{1, 2, 3, 4, 6, 7, 8, 9};
  return code & 8 ? hz >> kShift[code & 7] : hz;
}
std::uint32_t bus_divided(std::uint32_t hz, std::uint32_t code) { return code & 4 ? hz >> ((code & 3) + 1) : hz; }

}  // namespace

void RccH7::reset(ResetReason reason) {
  const std::uint32_t kept = reason == ResetReason::power_on ? 0 : at(RSR);
  state_ = State{};
  at(CR) = HSION;
  at(PLLCKSELR) = 0x02020200;
  at(PLLCFGR) = 0x01FF0000;
  at(PLL1DIVR) = 0x01010280;
  at(RSR) = kept | kResetFlags[static_cast<std::size_t>(reason)];
  update();
}

std::uint32_t RccH7::control() {
  const std::uint64_t now_ns = chip_.time.now_ns();
  return (at(CR) & (HSION | HSEON | HSEBYP | PLL1ON)) | HSIRDY | HSIDIVF | D1CKRDY | D2CKRDY |
         (now_ns >= state_.hse_ready_ns ? HSERDY : 0u) | (now_ns >= state_.pll_ready_ns ? PLL1RDY : 0u);
}

std::uint32_t RccH7::read(std::uint32_t offset, unsigned) {
  if (offset == CR) return control();
  if (offset == CFGR) return at(CFGR) | at(CFGR) << 3;  // SWS follows SW
  if (offset == CSR) return at(CSR) | at(CSR) << 1;     // LSIRDY follows LSION
  if (offset == RSR) return at(RSR);
  for (const auto& [known, bits] : kWritable)
    if (offset == known) return at(offset);
  return no_register(offset);
}

void RccH7::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  whole_words(size);
  if (offset == CR) return write_control(value);
  if (offset == RSR) {
    if (value & RMVF) at(RSR) = 0;
    return;
  }
  const auto* known = std::ranges::find(kWritable, offset, [](const auto& row) { return row.first; });
  if (known == std::end(kWritable)) return void(no_register(offset));
  const std::uint32_t read_only = offset == CFGR ? 7u << 3 : offset == CSR ? 2u : 0u;
  const bool of_pll = offset == PLLCFGR || offset == PLL1DIVR || offset == PLLCKSELR;
  if (of_pll && (at(CR) & PLL1ON)) refuse("the PLL's registers are written while it is on");
  only("a register", value & ~read_only, known->second);
  at(offset) = value & known->second;
  update();
}

void RccH7::write_control(std::uint32_t value) {
  constexpr std::uint32_t kReadOnly = HSIRDY | HSIDIVF | D1CKRDY | D2CKRDY | HSERDY | PLL1RDY;
  only("CR", value & ~kReadOnly, HSION | HSEON | HSEBYP | PLL1ON);
  const std::uint64_t now_ns = chip_.time.now_ns();
  at(CR) = value;
  const bool hse_runs = (value & HSEON) && (value & HSEBYP);
  if (!hse_runs) state_.hse_ready_ns = kNever;
  if (hse_runs && state_.hse_ready_ns == kNever) state_.hse_ready_ns = now_ns + kHseReady_ns;
  if (!(value & PLL1ON)) state_.pll_ready_ns = kNever;
  if ((value & PLL1ON) && state_.pll_ready_ns == kNever) state_.pll_ready_ns = now_ns + kPllLock_ns;
  update();
}

// Frequencies at PLL1's input and VCO have ranges that RGE and VCOSEL must name.
std::uint32_t RccH7::pll1_p_hz() {
  const std::uint32_t source = at(PLLCKSELR) & 3, divm = at(PLLCKSELR) >> 4 & 0x3F;
  if (source != 0 && source != 2) return refuse("PLL1 is modelled from HSI and HSE only"), kHsi_hz;
  if (divm == 0) return refuse("PLL1 runs with DIVM1 = 0"), kHsi_hz;
  if (source == 2 && chip_.time.now_ns() < state_.hse_ready_ns)
    return refuse("PLL1 runs from an HSE that is not ready"), kHsi_hz;
  const std::uint32_t input = (source == 2 ? hse_hz_ : kHsi_hz) / divm;
  const std::uint32_t range = at(PLLCFGR) >> 2 & 3;
  if (input < 1'000'000u << range || input > 2'000'000u << range)
    refuse("PLL1's input of " + std::to_string(input) + " Hz is outside the range that PLL1RGE names");
  const std::uint64_t vco = std::uint64_t{input} * ((at(PLL1DIVR) & 0x1FF) + 1);
  const bool medium = (at(PLLCFGR) & 2) != 0;
  if (vco < (medium ? 150'000'000u : 192'000'000u) || vco > (medium ? 420'000'000u : 836'000'000u))
    refuse("PLL1's VCO at " + std::to_string(vco) + " Hz is outside its range");
  const std::uint32_t divp = at(PLL1DIVR) >> 9 & 0x7F;
  if (divp != 0 && divp % 2 == 0) refuse("DIVP1 divides by an odd number");
  if (!(at(PLLCFGR) & 1u << 16)) refuse("PLL1's output P is used and DIVP1EN is 0");
  return static_cast<std::uint32_t>(vco / (divp + 1));
}

std::uint32_t RccH7::system_hz() {
  switch (at(CFGR) & 7) {
    case 0:
      return kHsi_hz;
    case 2:
      if (!(control() & HSERDY)) refuse("the system clock is switched to an HSE that is not ready");
      return hse_hz_;
    case 3:
      if (!(control() & PLL1RDY)) refuse("the system clock is switched to a PLL1 that is not ready");
      return pll1_p_hz();
    default:
      refuse("the system clock is modelled from HSI, HSE and PLL1 only");
      return kHsi_hz;
  }
}

void RccH7::update() {
  const std::uint32_t core_hz = core_divided(system_hz(), at(D1CFGR) >> 8 & 15);
  const std::uint32_t bus_hz = core_divided(core_hz, at(D1CFGR) & 15);
  const std::uint32_t apb1_hz = bus_divided(bus_hz, at(D2CFGR) >> 4 & 7);
  check_limits(core_hz, bus_hz);
  if (apb1_hz > 120'000'000) refuse("APB1 runs at " + std::to_string(apb1_hz) + " Hz, above its 120 MHz");
  chip_.time.set_core_hz(core_hz);
  chip_.usart_hz = at(APB1LENR) & 1 << 18 ? apb1_hz : 0;  // USART234578SEL 0: APB1
}

// RM0433 table "FLASH recommended number of wait states", and the data sheet's highest frequencies.
void RccH7::check_limits(std::uint32_t core_hz, std::uint32_t bus_hz) {
  constexpr std::array<std::uint32_t, 4> kCore_MHz{480, 400, 300, 200};
  constexpr std::array<std::array<std::uint32_t, 5>, 4> kBus_MHz{
      {{70, 140, 210, 225, 240}, {70, 140, 210, 225, 240}, {55, 110, 165, 225, 225}, {45, 90, 135, 180, 225}}};
  const std::uint32_t latency = std::min<std::uint32_t>(chip_.flash_acr & 15, 4);
  if (core_hz > kCore_MHz[chip_.vos] * 1'000'000)
    refuse("the core at " + std::to_string(core_hz) + " Hz is too fast for voltage scale " + std::to_string(chip_.vos));
  if (bus_hz > kBus_MHz[chip_.vos][latency] * 1'000'000)
    refuse("the flash at " + std::to_string(bus_hz) + " Hz needs more wait states than " + std::to_string(latency));
}

}  // namespace packbench::hil::stm32
