// What the two generations of the STM32's USART have in common: receiver, transmitter, flags, interrupt line, baud
// rate.
//
// 8N1 without FIFO or DMA. It works only when its two pins are given to it and its kernel clock runs, and only at the
// wire's baud rate: a rate further off than the receiver's tolerance is refused, because on a board it would be noise.
#pragma once

#include "hil/stm32/peripheral.h"
#include "hil/stm32/wire.h"

namespace packbench::hil::stm32 {

struct UsartPlace {
  int interrupt = 0;
  int port = 0, tx_pin = 0, rx_pin = 0;
  std::uint32_t alternate = 7;
};

class Usart : public Peripheral {
 public:
  Usart(std::string name, UsartPlace place, std::uint32_t enable_bit, Wire& wire, Chip& chip, Refusal& refusal)
      : Peripheral(std::move(name), chip, refusal), place_(place), enable_bit_(enable_bit), wire_(wire) {}

  void reset(ResetReason reason) override;
  std::uint64_t advance(std::uint64_t now_ns) override;
  std::span<std::byte> state() override { return bytes_of(state_); }
  // Unpaced: takes the next byte when the receiver is free.
  void poll();
  // Bytes that come now are heard.
  bool receiving() const;

 protected:
  // Positions that both generations share.
  enum Cr1 : std::uint32_t { RE = 1 << 2, TE = 1 << 3, RXNEIE = 1 << 5, TCIE = 1 << 6, TXEIE = 1 << 7, PEIE = 1 << 8 };
  enum Flag : std::uint32_t { ORE = 1 << 3, RXNE = 1 << 5, TC = 1 << 6, TXE = 1 << 7 };
  enum Cr3 : std::uint32_t { EIE = 1 << 0, ONEBIT = 1 << 11, OVRDIS = 1 << 12 };

  struct State {
    std::uint32_t cr1 = 0, cr3 = 0, brr = 0, prescaler = 0, flags = TC | TXE;
    std::uint8_t rdr = 0;
    bool status_read = false;         // v1: SR was read since ORE was set
    std::uint64_t shift_ends_ns = 0;  // paced: of the byte on its way out
  };

  void set_cr1(std::uint32_t value);
  std::uint32_t take_received();
  void transmit(std::uint8_t byte);
  void set_flags(std::uint32_t set, std::uint32_t cleared = 0);
  void update_line();
  bool enabled() const { return (state_.cr1 & enable_bit_) != 0; }

  State state_;

 private:
  void receive(std::uint8_t byte);
  std::uint64_t advance_transmitter(std::uint64_t now_ns);
  bool pin_given(int pin) const { return chip_.ports[place_.port].alternate_is(pin, place_.alternate); }
  void check_baud();

  UsartPlace place_;
  std::uint32_t enable_bit_;
  Wire& wire_;
};

// STM32F4 (RM0090 30.6): SR, DR, BRR, CR1.
class UsartV1 : public Usart {
 public:
  static constexpr std::uint32_t UE = 1 << 13;
  UsartV1(std::string name, UsartPlace place, Wire& wire, Chip& chip, Refusal& refusal)
      : Usart(std::move(name), place, UE, wire, chip, refusal) {}
  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
};

// STM32H7 (RM0433 48.7): CR1, BRR, ISR, ICR, RDR, TDR, PRESC.
class UsartV2 : public Usart {
 public:
  static constexpr std::uint32_t UE = 1 << 0;
  UsartV2(std::string name, UsartPlace place, Wire& wire, Chip& chip, Refusal& refusal)
      : Usart(std::move(name), place, UE, wire, chip, refusal) {}
  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
};

}  // namespace packbench::hil::stm32
