#include "hil/stm32/gpio.h"

namespace packbench::hil::stm32 {
namespace {

enum Offset : std::uint32_t {
  MODER = 0x00,
  OTYPER = 0x04,
  OSPEEDR = 0x08,
  PUPDR = 0x0C,
  IDR = 0x10,
  ODR = 0x14,
  BSRR = 0x18,
  LCKR = 0x1C,
  AFRL = 0x20,
  AFRH = 0x24
};

}  // namespace

Gpio::Gpio(int port, std::uint32_t initial_moder, Chip& chip, Refusal& refusal)
    : Peripheral(std::string("GPIO") + static_cast<char>('A' + port), chip, refusal),
      port_(chip.ports[port]),
      initial_moder_(initial_moder) {}

void Gpio::reset(ResetReason) {
  port_ = Port{};
  port_.moder = initial_moder_;
}

// An output reads back what it drives, any other pin its pull-up.
std::uint32_t Gpio::levels() const {
  std::uint32_t levels = 0;
  for (int pin = 0; pin < 16; ++pin) {
    const bool pulled_up = port_.mode(pin) != Port::output && (port_.pupdr >> (2 * pin) & 3) == 1;
    levels |= std::uint32_t{port_.drives_high(pin) || pulled_up} << pin;
  }
  return levels;
}

std::uint32_t Gpio::read(std::uint32_t offset, unsigned) {
  switch (offset) {
    case MODER:
      return port_.moder;
    case OTYPER:
      return port_.otyper;
    case OSPEEDR:
      return port_.ospeedr;
    case PUPDR:
      return port_.pupdr;
    case IDR:
      return levels();
    case ODR:
      return port_.odr;
    case BSRR:
      return 0;
    case AFRL:
    case AFRH:
      return port_.afr[(offset - AFRL) / 4];
    default:
      return no_register(offset);
  }
}

void Gpio::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  if (offset != BSRR && offset != BSRR + 2 && offset != ODR) whole_words(size);
  switch (offset) {
    case MODER:
      port_.moder = value;
      return;
    case OTYPER:
      port_.otyper = only("OTYPER", value, 0xFFFF);
      return;
    case OSPEEDR:
      port_.ospeedr = value;
      return;
    case PUPDR:
      port_.pupdr = value;
      return;
    case ODR:
      port_.odr = value & 0xFFFF;
      return;
    case BSRR:  // setting wins over clearing
      port_.odr = (port_.odr & ~(value >> 16)) | (value & 0xFFFF);
      return;
    case BSRR + 2:
      port_.odr &= ~value;
      return;
    case AFRL:
    case AFRH:
      port_.afr[(offset - AFRL) / 4] = value;
      return;
    default:
      no_register(offset);
  }
}

}  // namespace packbench::hil::stm32
