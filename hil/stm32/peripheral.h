// A block of registers at an address. Names of registers and bits are those of the reference manual.
//
// A register or a bit that is not modelled and matters is refused with a sentence: the run ends, and nothing that the
// real chip might have done differently goes unnoticed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include "hil/stm32/chip.h"

namespace packbench::hil::stm32 {

class Peripheral {
 public:
  Peripheral(std::string name, Chip& chip, Refusal& refusal) : chip_(chip), name_(std::move(name)), refusal_(refusal) {}
  virtual ~Peripheral() = default;

  // size in bytes: 1, 2 or 4.
  virtual std::uint32_t read(std::uint32_t offset, unsigned size) = 0;
  virtual void write(std::uint32_t offset, std::uint32_t value, unsigned size) = 0;
  virtual void reset(ResetReason reason) = 0;
  // Time has come to now_ns; returns when this block must be asked again.
  virtual std::uint64_t advance(std::uint64_t /*now_ns*/) { return kNever; }
  // All that a snapshot must keep.
  virtual std::span<std::byte> state() = 0;

  const std::string& name() const { return name_; }

 protected:
  void refuse(const std::string& what) { refusal_.refuse(name_ + ": " + what); }
  std::uint32_t no_register(std::uint32_t offset);
  // Only these bits may be set; returns the value.
  std::uint32_t only(const char* register_name, std::uint32_t value, std::uint32_t modelled);
  void whole_words(unsigned size);

  template <typename State>
  static std::span<std::byte> bytes_of(State& state) {
    static_assert(std::is_trivially_copyable_v<State>);
    return std::as_writable_bytes(std::span(&state, 1));
  }

  Chip& chip_;

 private:
  std::string name_;
  Refusal& refusal_;
};

std::string hex(std::uint32_t value);

}  // namespace packbench::hil::stm32
