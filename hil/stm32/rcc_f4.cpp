#include "hil/stm32/rcc_f4.h"

#include <algorithm>
#include <array>

namespace packbench::hil::stm32 {
namespace {

enum Offset : std::uint32_t {
  CR = 0x00,
  PLLCFGR = 0x04,
  CFGR = 0x08,
  AHB1ENR = RccF4::AHB1ENR,
  APB1ENR = RccF4::APB1ENR,
  APB2ENR = RccF4::APB2ENR,
  CSR = 0x74
};

enum Cr : std::uint32_t {
  HSION = 1 << 0,
  HSIRDY = 1 << 1,
  HSITRIM = 0x1F << 3,
  HSEON = 1 << 16,
  HSERDY = 1 << 17,
  HSEBYP = 1 << 18,
  PLLON = 1 << 24,
  PLLRDY = 1 << 25
};

constexpr std::uint32_t kHsi_hz = 16'000'000;
// Data sheet of the STM32F405: a crystal starts in 2 ms, the PLL locks within 300 us at most.
constexpr std::uint64_t kHseReady_ns = 2'000'000, kPllLock_ns = 200'000;
constexpr std::uint32_t LSION = 1, LSIRDY = 2, RMVF = 1 << 24, PINRSTF = 1u << 26;

constexpr std::array<std::uint32_t, 5> kResetFlags{PINRSTF | 1u << 27 | 1u << 25,  // power_on: PORRSTF, BORRSTF
                                                   PINRSTF | 1u << 28,             // software: SFTRSTF
                                                   PINRSTF | 1u << 29,             // watchdog: IWDGRSTF
                                                   PINRSTF | 1u << 25,             // brown_out: BORRSTF
                                                   PINRSTF};                       // external

constexpr std::pair<std::uint32_t, std::uint32_t> kWritable[] = {
    {PLLCFGR, 0x0F437FFF}, {CFGR, 0xFCF3}, {AHB1ENR, 0x1001FF}, {APB1ENR, 1 << 28}, {APB2ENR, 1 << 4 | 1 << 14}};

std::uint32_t bus_divided(std::uint32_t hz, std::uint32_t code) { return code & 4 ? hz >> ((code & 3) + 1) : hz; }

}  // namespace

void RccF4::reset(ResetReason reason) {
  const std::uint32_t kept = reason == ResetReason::power_on ? 0 : at(CSR) & 0xFE000000;
  state_ = State{};
  at(CR) = HSION | 16 << 3;
  at(PLLCFGR) = 0x24003010;
  at(AHB1ENR) = 0x00100000;
  at(CSR) = kept | kResetFlags[static_cast<std::size_t>(reason)];
  update();
}

std::uint32_t RccF4::control() {
  const std::uint64_t now_ns = chip_.time.now_ns();
  return at(CR) | HSIRDY | (now_ns >= state_.hse_ready_ns ? HSERDY : 0u) |
         (now_ns >= state_.pll_ready_ns ? PLLRDY : 0u);
}

std::uint32_t RccF4::read(std::uint32_t offset, unsigned) {
  if (offset == CR) return control();
  if (offset == CFGR) return at(CFGR) | (at(CFGR) & 3) << 2;  // SWS follows SW
  if (offset == CSR) return at(CSR) | (at(CSR) & LSION ? LSIRDY : 0u);
  for (const auto& [known, bits] : kWritable)
    if (offset == known) return at(offset);
  return no_register(offset);
}

void RccF4::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  whole_words(size);
  if (offset == CR) return write_control(value);
  if (offset == CSR) {
    at(CSR) = (value & RMVF ? 0 : at(CSR) & 0xFE000000) | (value & LSION);
    return;
  }
  const auto* known = std::ranges::find(kWritable, offset, [](const auto& row) { return row.first; });
  if (known == std::end(kWritable)) return void(no_register(offset));
  if (offset == PLLCFGR && (at(CR) & PLLON)) refuse("PLLCFGR is written while the PLL is on");
  const std::uint32_t read_only = offset == CFGR ? 3u << 2 : offset == PLLCFGR ? 0xF0000000 : 0u;
  only("a register", value & ~read_only, known->second);
  at(offset) = value & known->second;
  update();
}

void RccF4::write_control(std::uint32_t value) {
  only("CR", value, HSION | HSIRDY | HSITRIM | 0xFF00 | HSEON | HSERDY | HSEBYP | PLLON | PLLRDY);
  const std::uint64_t now_ns = chip_.time.now_ns();
  at(CR) = value & (HSION | HSITRIM | HSEON | HSEBYP | PLLON);
  if (!(value & HSEON)) state_.hse_ready_ns = kNever;
  if ((value & HSEON) && state_.hse_ready_ns == kNever) state_.hse_ready_ns = now_ns + kHseReady_ns;
  if (!(value & PLLON)) state_.pll_ready_ns = kNever;
  if ((value & PLLON) && state_.pll_ready_ns == kNever) state_.pll_ready_ns = now_ns + kPllLock_ns;
  update();
}

std::uint32_t RccF4::pll_hz() {
  const std::uint32_t value = at(PLLCFGR), m = value & 0x3F, n = value >> 6 & 0x1FF, p = 2 * ((value >> 16 & 3) + 1);
  const bool from_hse = (value & 1 << 22) != 0;
  if (from_hse && !(control() & HSERDY)) refuse("the PLL runs from an HSE that is not ready");
  if (m < 2) return refuse("PLLM is below 2"), kHsi_hz;
  const std::uint64_t input = (from_hse ? hse_hz_ : kHsi_hz) / m, vco = input * n;
  if (input < 950'000 || input > 2'100'000)
    refuse("the PLL's input of " + std::to_string(input) + " Hz is not 1 to 2 MHz");
  if (vco < 100'000'000 || vco > 432'000'000)
    refuse("the PLL's VCO at " + std::to_string(vco) + " Hz is not 100 to 432 MHz");
  return static_cast<std::uint32_t>(vco / p);
}

std::uint32_t RccF4::system_hz() {
  switch (at(CFGR) & 3) {
    case 0:
      return kHsi_hz;
    case 1:
      if (!(control() & HSERDY)) refuse("the system clock is switched to an HSE that is not ready");
      return hse_hz_;
    case 2:
      if (!(control() & PLLRDY)) refuse("the system clock is switched to a PLL that is not ready");
      return pll_hz();
    default:
      refuse("CFGR selects a system clock that does not exist");
      return kHsi_hz;
  }
}

// One wait state more for each 30 MHz, at 2.7 to 3.6 V.
void RccF4::update() {
  constexpr std::array<std::uint32_t, 8> kShift{1, 2, 3, 4, 6, 7, 8, 9};
  const std::uint32_t prescaler = at(CFGR) >> 4 & 15;
  const std::uint32_t core_hz = prescaler & 8 ? system_hz() >> kShift[prescaler & 7] : system_hz();
  const std::uint32_t wait_states = chip_.flash_acr & 7, apb2_hz = bus_divided(core_hz, at(CFGR) >> 13 & 7);
  if (core_hz > 168'000'000) refuse("the core at " + std::to_string(core_hz) + " Hz is above 168 MHz");
  if (apb2_hz > 84'000'000) refuse("APB2 runs at " + std::to_string(apb2_hz) + " Hz, above its 84 MHz");
  if (bus_divided(core_hz, at(CFGR) >> 10 & 7) > 42'000'000) refuse("APB1 runs above its 42 MHz");
  if (core_hz > (wait_states + 1) * 30'000'000)
    refuse("the flash at " + std::to_string(core_hz) + " Hz needs more wait states than " +
           std::to_string(wait_states));
  chip_.time.set_core_hz(core_hz);
  chip_.usart_hz = at(APB2ENR) & 1 << 4 ? apb2_hz : 0;
}

std::uint32_t FlashF4::read(std::uint32_t offset, unsigned) {
  return offset == 0 ? chip_.flash_acr : no_register(offset);
}

void FlashF4::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  whole_words(size);
  if (offset != 0) return void(no_register(offset));
  chip_.flash_acr = only("ACR", value, 0x1F07);
}

std::uint32_t PwrF4::read(std::uint32_t offset, unsigned) {
  if (offset == 0) return cr_;
  return offset == 4 ? 1u << 14 : no_register(offset);
}

void PwrF4::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  whole_words(size);
  if (offset != 0) return void(no_register(offset));
  cr_ = only("CR", value, 1 << 14);
}

}  // namespace packbench::hil::stm32
