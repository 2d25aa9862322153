#include "hil/stm32/usart.h"

#include <algorithm>
#include <array>

namespace packbench::hil::stm32 {
namespace {

// Table "Tolerance of the USART receiver", M = 0, OVER8 = 0, a fraction in BRR: 3.33 %.
constexpr std::uint64_t kTolerance_1e4 = 333;
constexpr std::array<std::uint32_t, 12> kPrescalers{1, 2, 4, 6, 8, 10, 12, 16, 32, 64, 128, 256};

}  // namespace

void Usart::reset(ResetReason) {
  state_ = State{};
  update_line();
}

bool Usart::receiving() const { return enabled() && (state_.cr1 & RE) && pin_given(place_.rx_pin); }

void Usart::check_baud() {
  const std::uint32_t divider = state_.brr * kPrescalers[std::min<std::uint32_t>(state_.prescaler, 11)];
  if (chip_.usart_hz == 0) return refuse("it is used and its kernel clock does not run");
  if (state_.brr < 16) return refuse("BRR = " + std::to_string(state_.brr) + " is below 16");
  const std::uint64_t baud = chip_.usart_hz / divider, wanted = wire_.baud();
  const std::uint64_t off = baud > wanted ? baud - wanted : wanted - baud;
  if (off * 10'000 <= wanted * kTolerance_1e4) return;
  refuse("BRR = " + std::to_string(state_.brr) + " at a kernel clock of " + std::to_string(chip_.usart_hz) +
         " Hz gives " + std::to_string(baud) + " baud, and the line has " + std::to_string(wanted));
}

void Usart::set_flags(std::uint32_t set, std::uint32_t cleared) {
  state_.flags = (state_.flags & ~cleared) | set;
  update_line();
}

void Usart::update_line() {
  std::uint32_t wanted = state_.cr1 & (RXNEIE | TCIE | TXEIE);
  if ((wanted & RXNEIE) || (state_.cr3 & EIE)) wanted |= ORE;
  chip_.nvic.set_line(place_.interrupt, enabled() && (state_.flags & wanted) != 0);
}

void Usart::set_cr1(std::uint32_t value) {
  state_.cr1 = value;
  if (!enabled()) state_.flags = TC | TXE;
  update_line();
  poll();
  chip_.time.alarm = 0;
}

void Usart::poll() {
  if (!wire_.paced() && receiving() && !(state_.flags & RXNE) && wire_.may_take()) receive(wire_.take());
}

void Usart::receive(std::uint8_t byte) {
  check_baud();
  if ((state_.flags & RXNE) && !(state_.cr3 & OVRDIS)) {
    ++wire_.overruns;
    return set_flags(ORE);
  }
  state_.rdr = byte;
  set_flags(RXNE);
}

std::uint32_t Usart::take_received() {
  const std::uint32_t byte = state_.rdr;
  set_flags(0, RXNE);
  poll();
  return byte;
}

void Usart::transmit(std::uint8_t byte) {
  if (!enabled() || !(state_.cr1 & TE)) return refuse("a byte is sent while the transmitter is off");
  if (!(state_.flags & TXE)) return refuse("a byte is written over one that was not sent yet");
  check_baud();
  if (pin_given(place_.tx_pin)) wire_.send(byte);
  if (!wire_.paced()) return;
  const std::uint64_t now_ns = chip_.time.now_ns();
  const bool shifting = now_ns < state_.shift_ends_ns;
  if (!shifting) state_.shift_ends_ns = now_ns + wire_.byte_ns();
  set_flags(0, shifting ? TC | TXE : TC);
  chip_.time.alarm = 0;
}

std::uint64_t Usart::advance_transmitter(std::uint64_t now_ns) {
  if (state_.flags & TC) return kNever;
  while (now_ns >= state_.shift_ends_ns) {
    if (state_.flags & TXE) {
      set_flags(TC);
      return kNever;
    }
    state_.shift_ends_ns += wire_.byte_ns();
    set_flags(TXE);
  }
  return state_.shift_ends_ns;
}

std::uint64_t Usart::advance(std::uint64_t now_ns) {
  if (!wire_.paced()) return kNever;
  while (!wire_.empty() && wire_.next_arrival_ns() <= now_ns) {
    const std::uint8_t byte = wire_.take();
    if (receiving()) receive(byte);
  }
  const std::uint64_t arrival_ns = wire_.empty() ? kNever : wire_.next_arrival_ns();
  return std::min(arrival_ns, advance_transmitter(now_ns));
}

}  // namespace packbench::hil::stm32
