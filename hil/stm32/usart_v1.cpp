#include "hil/stm32/usart.h"

namespace packbench::hil::stm32 {
namespace {

enum Offset : std::uint32_t { SR = 0x00, DR = 0x04, BRR = 0x08, CR1 = 0x0C, CR2 = 0x10, CR3 = 0x14, GTPR = 0x18 };

}  // namespace

std::uint32_t UsartV1::read(std::uint32_t offset, unsigned) {
  switch (offset) {
    case SR:
      state_.status_read = (state_.flags & ORE) != 0;
      return state_.flags;
    case DR:  // ORE goes by reading SR and then DR
      if (state_.status_read) state_.flags &= ~std::uint32_t{ORE};
      state_.status_read = false;
      return take_received();
    case BRR:
      return state_.brr;
    case CR1:
      return state_.cr1;
    case CR2:
    case GTPR:
      return 0;
    case CR3:
      return state_.cr3;
    default:
      return no_register(offset);
  }
}

void UsartV1::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  if (offset != DR) whole_words(size);
  switch (offset) {
    case SR:  // TC and RXNE are cleared by writing 0
      return set_flags(0, ~value & (TC | RXNE));
    case DR:
      return transmit(static_cast<std::uint8_t>(value));
    case BRR:
      state_.brr = only("BRR", value, 0xFFFF);
      return;
    case CR1:
      return set_cr1(only("CR1", value, UE | RE | TE | RXNEIE | TCIE | TXEIE | PEIE));
    case CR2:
      only("CR2", value, 0);
      return;
    case CR3:
      state_.cr3 = only("CR3", value, EIE | ONEBIT);
      return update_line();
    default:
      no_register(offset);
  }
}

}  // namespace packbench::hil::stm32
