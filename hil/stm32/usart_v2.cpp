#include "hil/stm32/usart.h"

namespace packbench::hil::stm32 {
namespace {

enum Offset : std::uint32_t {
  CR1 = 0x00,
  CR2 = 0x04,
  CR3 = 0x08,
  BRR = 0x0C,
  RTOR = 0x14,
  RQR = 0x18,
  ISR = 0x1C,
  ICR = 0x20,
  RDR = 0x24,
  TDR = 0x28,
  PRESC = 0x2C
};
constexpr std::uint32_t TEACK = 1 << 21, REACK = 1 << 22, RXFRQ = 1 << 3;
constexpr std::uint32_t kErrorFlags = 0x1F;  // PE, FE, NE, ORE, IDLE

}  // namespace

std::uint32_t UsartV2::read(std::uint32_t offset, unsigned) {
  switch (offset) {
    case CR1:
      return state_.cr1;
    case CR2:
    case RTOR:
    case ICR:
    case RQR:
      return 0;
    case CR3:
      return state_.cr3;
    case BRR:
      return state_.brr;
    case ISR:
      return state_.flags | (enabled() && (state_.cr1 & TE) ? TEACK : 0u) | (receiving() ? REACK : 0u);
    case RDR:
      return take_received();
    case TDR:
      return 0;
    case PRESC:
      return state_.prescaler;
    default:
      return no_register(offset);
  }
}

void UsartV2::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  if (offset != TDR) whole_words(size);
  const bool fixed_while_enabled = offset == BRR || offset == PRESC || offset == CR2;
  if (fixed_while_enabled && enabled()) refuse("BRR, PRESC and CR2 can be written only while UE = 0");
  switch (offset) {
    case CR1:
      return set_cr1(only("CR1", value, UE | RE | TE | RXNEIE | TCIE | TXEIE | PEIE));
    case CR2:
      only("CR2", value, 0);
      return;
    case CR3:
      state_.cr3 = only("CR3", value, EIE | ONEBIT | OVRDIS);
      return update_line();
    case BRR:
      state_.brr = only("BRR", value, 0xFFFF);
      return;
    case RQR:
      only("RQR", value, RXFRQ);
      return set_flags(0, RXNE);
    case ICR:  // the bits stand where ISR has them
      only("ICR", value, kErrorFlags | TC);
      return set_flags(0, value & (ORE | TC));
    case TDR:
      return transmit(static_cast<std::uint8_t>(value));
    case PRESC:
      state_.prescaler = only("PRESC", value, 0xF);
      return;
    default:
      no_register(offset);
  }
}

}  // namespace packbench::hil::stm32
