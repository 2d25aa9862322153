// The real images on the emulated STM32, over the same line and link as every device: the same bytes as the host
// process, faults of the machine, and what only this kind can do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "hil/transport/open_transport.h"
#include "hil/transport/stm32_transport.h"
#include "machine_rig.h"
#include "wandering_readings.h"

namespace packbench::hil {
namespace {

using testing::HasSubstr;

std::unique_ptr<Transport> open_line(const std::string& uri) {
  OpenedTransport opened = open_transport(uri, PACKBENCH_DEVICE);
  EXPECT_EQ(opened.error, "");
  return std::move(opened.transport);
}

class Images : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Boards, Images, testing::Values("stm32:", "stm32:board=f405"),
                         [](const auto& uri) { return std::string(uri.param).ends_with("f405") ? "f405" : "h753"; });

TEST_P(Images, ReportAndDriveWhatTheHostProcessDoesInFiveThousandSteps) {
  const auto emulated = open_kind(GetParam()), native = open_kind("native:");
  DeviceReport of_emulated, of_native;
  std::set<std::uint8_t> states;
  for (DeviceUnderTest* device : {emulated.get(), native.get()}) {
    ASSERT_FALSE(device->connect(15, 4));
    ASSERT_FALSE(device->configure(test_profile()));
  }
  for (int step = 0; step < 5000; ++step) {
    const auto values = wandering(step, of_native.actuators);
    for (auto [device, report] : {std::pair{emulated.get(), &of_emulated}, std::pair{native.get(), &of_native}}) {
      command_now_and_then(*device, step);
      const auto error = device->exchange(values, step * kStep, (step + 1) * kStep, *report);
      ASSERT_FALSE(error) << error->what;
    }
    ASSERT_TRUE(same_status(of_emulated, of_native)) << "step " << step;
    states.insert(of_native.status.state);
  }
  EXPECT_GE(states.size(), 6u) << "the readings did not lead the BMS about";
  EXPECT_EQ(emulated->counters().crc_errors + emulated->counters().repeated, 0u);
}

TEST_P(Images, AnswerFaultsOfTheMachineAsTheHostProcessDoes) {
  MachineRig emulated(GetParam()), native("native:");
  const auto both = [&](auto&& act) {
    act(emulated);
    act(native);
  };
  both([](MachineRig& rig) { rig.run_until_closed(); });
  const char* kinds[]{"reset", "stop", "watchdog", "stop", "brown_out"};
  for (int step = 0; step < 300; ++step) {
    const char* kind = kinds[step / 60];
    if (step % 60 == 20) both([&](MachineRig& rig) { rig.begin("device", kind); });
    if (step % 60 == (step / 60 == 1 ? 23 : 40)) both([&](MachineRig& rig) { rig.end("device", kind); });
    both([](MachineRig& rig) { rig.run(1); });
    ASSERT_TRUE(same_status(emulated.report, native.report)) << "step " << step;
  }
}

TEST_P(Images, ReportEveryReasonOfAReset) {
  auto line = open_line(GetParam());
  Machine* machine = line->machine();
  PacklinkDevice device(GetParam(), std::move(line), {});
  for (int reason = 0; reason <= static_cast<int>(firmware::ResetReason::external); ++reason) {
    ASSERT_EQ(machine->reset(static_cast<firmware::ResetReason>(reason)), "");
    ASSERT_FALSE(device.connect(15, 4));
    EXPECT_EQ(device.ident().reset_reason, reason);
  }
}

TEST_P(Images, AStuckPinMovesTheContactorWhateverTheFirmwareSays) {
  MachineRig rig(GetParam());
  EXPECT_EQ(rig.device->evidence(), Evidence::pins);
  rig.run_until_closed();
  rig.begin("main_pin", "stuck_low");
  rig.run(1);
  EXPECT_FALSE(rig.report.actuators.main);
  EXPECT_TRUE(rig.report.status.main_contactor) << "the application cannot know at once";
  rig.end("main_pin", "stuck_low");
}

// A whole conversation, as text: every status, and the emulator's own counts at its end.
std::string conversation(const std::string& uri, int steps) {
  auto line = open_line(uri);
  auto& stm32 = dynamic_cast<Stm32Transport&>(*line);
  PacklinkDevice device(uri, std::move(line), {});
  EXPECT_FALSE(device.connect(15, 4));
  EXPECT_FALSE(device.configure(test_profile()));
  DeviceReport report;
  for (int step = 0; step < steps; ++step) {
    command_now_and_then(device, step);
    EXPECT_FALSE(device.exchange(wandering(step, report.actuators), step * kStep, (step + 1) * kStep, report));
  }
  return stm32.request("statistics").text;
}

std::uint64_t count(const std::string& statistics, const std::string& name) {
  std::istringstream words(statistics);
  for (std::string word; words >> word;)
    if (word.starts_with(name + "=")) return std::stoull(word.substr(name.size() + 1));
  ADD_FAILURE() << "no " << name << " in " << statistics;
  return 0;
}

TEST_P(Images, ExecuteTheSameInstructionsInEveryRun) {
  const std::string first = conversation(GetParam(), 1000);
  EXPECT_EQ(conversation(GetParam(), 1000), first);
  EXPECT_GT(count(first, "instructions"), 1'000'000u);
}

// The 10 ms task must leave the processor to others: a tenth of its 4 million cycles at 400 MHz, which leaves a factor
// of ten for wait states, caches and instructions of several cycles, none of which is modelled.
TEST(Image, ItsControlTaskKeepsItsBudgetOfInstructions) {
  const std::string statistics = conversation("stm32:", 1000);
  EXPECT_GE(count(statistics, "task_calls"), 9'000u);
  EXPECT_LE(count(statistics, "task_worst"), 400'000u);
}

TEST(Image, KeepsUpWithAPacedWire) {
  const std::string statistics = conversation("stm32:paced=yes", 200);
  EXPECT_EQ(count(statistics, "overruns"), 0u);
  EXPECT_GT(count(statistics, "bytes_in"), 200u * 80);
}

TEST(Image, AnswersTheSameBytesAfterARestoreAsAfterTheSave) {
  MachineRig rig("stm32:");
  auto line = open_line("stm32:");
  Machine* machine = line->machine();
  PacklinkDevice device("stm32:", std::move(line), {});
  ASSERT_FALSE(device.connect(15, 4));
  ASSERT_FALSE(device.configure(test_profile()));
  DeviceReport report;
  const auto run = [&](int from, int to) {
    for (int step = from; step < to; ++step)
      ASSERT_FALSE(device.exchange(wandering(step, report.actuators), step * kStep, (step + 1) * kStep, report));
  };
  run(0, 100);
  ASSERT_EQ(machine->save(), "");
  const DeviceReport saved = report;
  run(100, 300);
  const DeviceReport first = report;
  for (int again = 0; again < 3; ++again) {
    ASSERT_EQ(machine->restore(0), "");
    report = saved;
    run(100, 300);
    // The numbers of frames go on counting on the bench's side; everything else is the same.
    report.status.measurement_sequence = first.status.measurement_sequence;
    EXPECT_TRUE(same_status(report, first));
  }
  EXPECT_EQ(machine->restore(7), "there is no snapshot 7");
}

TEST(Image, AResetAtAnyInstructionLeavesADeviceThatAnswers) {
  auto line = open_line("stm32:");
  auto& stm32 = dynamic_cast<Stm32Transport&>(*line);
  DeviceOptions options;
  options.watchdog_s = 1;  // a cut answer costs a quarter of it
  PacklinkDevice device("stm32:", std::move(line), options);
  ASSERT_FALSE(device.connect(15, 4));
  ASSERT_FALSE(device.configure(test_profile()));
  DeviceReport report;
  for (int step = 0; step < 20; ++step) {
    ASSERT_TRUE(stm32.request("reset-after " + std::to_string(1 + step * 3571) + " 2").done);
    // The answer is cut, or never starts; the repeated tick or the next HELLO finds the firmware again.
    if (const auto error = device.exchange(readings(step * kStep), step * kStep, (step + 1) * kStep, report)) {
      ASSERT_EQ(error->trouble, LinkTrouble::stalled) << error->what;
    }
    ASSERT_FALSE(device.connect(15, 4));
  }
}

TEST(Image, WhatTheBoardDoesNotHaveEndsTheRunWithASentence) {
  Stm32Settings settings;
  settings.image = std::string(PACKBENCH_PROGRAMS) + "/monitor.elf";
  OpenedTransport opened = open_stm32(settings, PACKBENCH_DEVICE);
  ASSERT_EQ(opened.error, "");
  const std::array<std::uint8_t, 9> read_tim2{'r', 0, 0, 0, 0x40};
  ASSERT_EQ(opened.transport->write_all(read_tim2, WallClock::now() + std::chrono::seconds(5)).status, IoStatus::ok);
  std::array<std::uint8_t, 16> buffer;
  ASSERT_EQ(opened.transport->read_some(buffer, WallClock::now() + std::chrono::seconds(20)).status, IoStatus::closed);
  EXPECT_THAT(opened.transport->ending(), HasSubstr("the emulated STM32 could not go on: the board has nothing there"));
  EXPECT_THAT(opened.transport->ending(), HasSubstr("reset+0x"));
}

TEST(Image, AnImageThatIsNoneIsNamed) {
  const OpenedTransport opened = open_transport("stm32:image=/nowhere.elf", PACKBENCH_DEVICE);
  EXPECT_THAT(opened.error, HasSubstr("cannot read the firmware image '/nowhere.elf'"));
  EXPECT_FALSE(opened.bad_uri);
}

TEST(Uri, OptionsAreUnderstoodAndUnknownOnesAreUsageErrors) {
  const auto settings =
      std::get<Stm32Settings>(parse_stm32_settings("board=f405,paced=yes,image=a.elf,coverage=c.txt"));
  EXPECT_EQ(settings.board, "f405");
  EXPECT_TRUE(settings.paced);
  EXPECT_EQ(settings.image, "a.elf");
  EXPECT_EQ(settings.coverage, "c.txt");
  for (const char* wrong : {"board=h743", "paced", "paced=maybe", "image=", "speed=9", ","})
    EXPECT_TRUE(std::holds_alternative<std::string>(parse_stm32_settings(wrong))) << wrong;
  EXPECT_TRUE(open_transport("stm32:speed=9", PACKBENCH_DEVICE).bad_uri);
}

}  // namespace
}  // namespace packbench::hil
