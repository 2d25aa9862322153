// A board that runs programs/monitor.c: registers are read and written by the emulated processor itself.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>

#include "hil/stm32/stm32.h"

namespace packbench::hil::stm32 {

inline constexpr std::uint64_t kLimit = 50'000'000;  // instructions; each answer needs some hundreds

// Keeps the image alive with the machine that refers to it.
struct Program {
  Program(const std::string& name, const BoardKind& board, Wire::Pace pace);
  ElfImage::Loaded loaded;
  Stm32 machine;
};

class Monitor : public Program {
 public:
  explicit Monitor(const BoardKind& board = kBoards[0], Wire::Pace pace = Wire::Pace::as_fast_as_read);

  // The answer, or nothing when none came (failure() may say why).
  std::optional<std::uint32_t> ask(char what, std::uint32_t address, std::uint32_t value = 0);
  std::uint32_t read(std::uint32_t address) { return ask('r', address).value_or(0xDEADBEEF); }
  bool write(std::uint32_t address, std::uint32_t value) { return ask('w', address, value).has_value(); }
  // A request without an answer being waited for.
  void send(char what, std::uint32_t address, std::uint32_t value = 0);
  std::uint32_t variable(const std::string& name);
  const std::string& failure() const { return machine.failure(); }
};

}  // namespace packbench::hil::stm32
