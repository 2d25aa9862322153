// What the register blocks of one microcontroller share: time, interrupts, pins, clocks, the serial wire, and how they
// end a run.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "hil/firmware/core/codes.h"
#include "hil/stm32/machine_time.h"
#include "hil/stm32/nvic.h"

namespace packbench::hil::stm32 {

using firmware::ResetReason;

// Registers of one GPIO port.
struct Port {
  std::uint32_t moder = 0, otyper = 0, ospeedr = 0, pupdr = 0, odr = 0, lckr = 0;
  std::array<std::uint32_t, 2> afr{};

  enum Mode : std::uint32_t { input, output, alternate, analog };
  std::uint32_t mode(int pin) const { return moder >> (2 * pin) & 3; }
  bool alternate_is(int pin, std::uint32_t function) const {
    return mode(pin) == alternate && (afr[pin / 8] >> (4 * (pin % 8)) & 15) == function;
  }
  // A pin drives its net only as an output; everything else leaves it to the pull-down of what is connected.
  bool drives_high(int pin) const { return mode(pin) == output && (odr >> pin & 1) != 0; }
};

struct Chip {
  MachineTime time;
  Nvic nvic;
  std::array<Port, 11> ports;   // A..K
  std::uint32_t usart_hz = 0;   // kernel clock of the board's USART; 0: it has none
  std::uint32_t vos = 3;        // voltage scale that is in force (H7), 1 the fastest
  std::uint32_t flash_acr = 0;  // wait states
  bool fpu_enabled = false;     // CPACR gives full access to CP10 and CP11
  std::uint32_t vector_table = 0;
  std::optional<ResetReason> reset;  // asked for by the watchdog or by software; happens at the next block
};

// Why a run ended. The first reason is kept.
class Refusal {
 public:
  void refuse(std::string what) {
    if (text_.empty()) text_ = std::move(what);
  }
  // Where it happened, said once.
  void at(const std::string& place) {
    if (!located_) text_ += place;
    located_ = true;
  }
  void forget() { *this = Refusal{}; }
  bool happened() const { return !text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool located_ = false;
};

}  // namespace packbench::hil::stm32
