// Exceptions around floating-point code: what the main loop computes must not depend on when it was interrupted.
#include <set>

#include "monitor_rig.h"

namespace packbench::hil::stm32 {
namespace {

struct Round {
  std::uint32_t result = 0, exception = 0, handled = 0;
};

class Floating : public Program {
 public:
  using Program::Program;
  Round round(std::uint8_t seed) {
    machine.sent().clear();
    machine.receive(std::array{seed});
    machine.run(kLimit);
    Round round;
    EXPECT_EQ(machine.sent().size(), sizeof round) << machine.failure();
    if (machine.sent().size() == sizeof round) std::memcpy(&round, machine.sent().data(), sizeof round);
    return round;
  }
};

// The program's work, on the host.
std::uint32_t expected(std::uint32_t seed) {
  float a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;
  for (std::uint32_t i = 0; i < 500; ++i) {
    a = a * 0.99f + b * 0.01f;
    b = b * 0.98f + c * 0.02f;
    c = c * 0.97f + d * 0.03f;
    d = (i ^ seed) & 1 ? d * 0.96f + e * 0.04f : d + 0.25f;
    e = e > f ? e - 0.5f : e + f * 0.125f;
    f = f * 0.5f + a;
  }
  const float sum = a + b + c + d + e + f;
  std::uint32_t bits = 0;
  std::memcpy(&bits, &sum, 4);
  return bits;
}

class Exceptions : public testing::TestWithParam<std::pair<const char*, int>> {};
INSTANTIATE_TEST_SUITE_P(Boards, Exceptions, testing::Values(std::pair{"floating", 0}, std::pair{"floating_f405", 1}),
                         [](const auto& board) { return std::string(board.param.first); });

TEST_P(Exceptions, KeepTheFloatingPointRegistersOfWhatTheyInterrupt) {
  Floating program(GetParam().first, kBoards[GetParam().second], Wire::Pace::as_fast_as_read);
  program.machine.run(kLimit);
  std::uint32_t handled = 0;
  for (std::uint8_t seed = 1; seed < 100; ++seed) {
    const Round round = program.round(seed);
    ASSERT_EQ(round.result, expected(seed)) << "seed " << int{seed};
    EXPECT_GT(round.handled, handled) << "SysTick interrupted the work";
    handled = round.handled;
  }
  EXPECT_GT(program.machine.statistics().cpu.floating_frames, 500u);
}

TEST_P(Exceptions, AHandlerReadsItsOwnExceptionNumber) {
  Floating program(GetParam().first, kBoards[GetParam().second], Wire::Pace::as_fast_as_read);
  program.machine.run(kLimit);
  EXPECT_EQ(program.round(1).exception, GetParam().second == 0 ? 16u + 39 : 16u + 37);
}

TEST(ExceptionsOfOneBoard, PendingOnesFollowWithoutASecondFrame) {
  Monitor monitor;
  const auto before = monitor.machine.statistics().cpu;
  monitor.send('k', 0);  // nine bytes at once: the first wakes, eight follow
  monitor.machine.run(kLimit);
  const auto after = monitor.machine.statistics().cpu;
  EXPECT_EQ(after.exceptions - before.exceptions, 9u);
  EXPECT_EQ(after.tail_chained - before.tail_chained, 8u);
}

TEST(ExceptionsOfOneBoard, FloatingPointWithTheUnitOffIsRefused) {
  Floating program("fpu_left_off", kBoards[0], Wire::Pace::as_fast_as_read);
  program.machine.run(kLimit);
  program.machine.receive(std::array<std::uint8_t, 1>{1});
  program.machine.run(kLimit);
  EXPECT_THAT(program.machine.failure(), testing::HasSubstr("while CPACR keeps the FPU off"));
}

TEST(ExceptionsOfOneBoard, AnInterruptedRunExecutesEveryInstructionOnce) {
  Monitor whole, pieces;
  whole.send('l', 0, 10'000);
  pieces.send('l', 0, 10'000);
  ASSERT_EQ(whole.machine.run(kLimit), Stm32::Rest::idle);
  int slices = 0;
  while (pieces.machine.run(97) == Stm32::Rest::busy) ++slices;
  EXPECT_GT(slices, 100);
  EXPECT_EQ(pieces.machine.statistics().instructions, whole.machine.statistics().instructions);
  EXPECT_EQ(pieces.machine.sent(), whole.machine.sent());
}

}  // namespace
}  // namespace packbench::hil::stm32
