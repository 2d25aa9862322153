// The STM32F405 image in QEMU: the same bytes as the host process, and faults of the machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <set>

#include "hil/firmware/core/codes.h"
#include "hil/firmware/host/variables.h"
#include "hil/transport/open_transport.h"
#include "hil/transport/qemu_transport.h"
#include "machine_rig.h"
#include "wandering_readings.h"

namespace packbench::hil {
namespace {

using firmware::ResetReason;
using Bytes = std::vector<std::uint8_t>;

// A line that keeps what comes from the device.
class Tap : public Transport {
 public:
  Tap(std::unique_ptr<Transport> line, Bytes& received) : line_(std::move(line)), received_(received) {}
  IoResult write_all(std::span<const std::uint8_t> bytes, Deadline deadline) override {
    return line_->write_all(bytes, deadline);
  }
  IoResult read_some(std::span<std::uint8_t> buffer, Deadline deadline) override {
    const IoResult result = line_->read_some(buffer, deadline);
    received_.insert(received_.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(result.bytes));
    return result;
  }
  void close() override { line_->close(); }
  std::string ending() override { return line_->ending(); }

 private:
  std::unique_ptr<Transport> line_;
  Bytes& received_;
};

class Qemu : public testing::Test {
 protected:
  void SetUp() override {
    OpenedTransport opened = open_transport("qemu:", PACKBENCH_DEVICE);
    if (opened.not_installed) GTEST_SKIP() << opened.error;
    ASSERT_EQ(opened.error, "");
    line_ = std::move(opened.transport);
  }
  std::unique_ptr<Transport> line_;
};

struct Tapped {
  explicit Tapped(std::unique_ptr<Transport> line)
      : device("tapped", std::make_unique<Tap>(std::move(line), received),
               DeviceOptions{.seed = 1, .watchdog_s = 60, .executable = ""}) {}
  Bytes received;
  PacklinkDevice device;
  DeviceReport report;
};

TEST_F(Qemu, SaysTheSameBytesAsTheHostProcessInTwoThousandSteps) {
  OpenedTransport host = open_transport("native:", PACKBENCH_DEVICE);
  ASSERT_EQ(host.error, "");
  Tapped qemu(std::move(line_)), native(std::move(host.transport));
  std::set<std::uint8_t> states;
  for (Tapped* tapped : {&qemu, &native}) {
    ASSERT_FALSE(tapped->device.connect(15, 4));
    ASSERT_FALSE(tapped->device.configure(test_profile()));
  }
  for (int step = 0; step < 2000; ++step) {
    const auto values = wandering(step, native.report.actuators);
    for (Tapped* tapped : {&qemu, &native}) {
      command_now_and_then(tapped->device, step);
      const auto error = tapped->device.exchange(values, step * kStep, (step + 1) * kStep, tapped->report);
      ASSERT_FALSE(error) << error->what;
    }
    ASSERT_EQ(qemu.received, native.received) << "step " << step;
    states.insert(native.report.status.state);
    qemu.received.clear();
    native.received.clear();
  }
  EXPECT_GE(states.size(), 6u) << "the readings did not lead the BMS about: " << testing::PrintToString(states);
  EXPECT_EQ(qemu.device.counters().crc_errors + qemu.device.counters().repeated, 0u);
}

TEST_F(Qemu, FaultsOfTheMachineAreAnsweredAsByTheHostProcess) {
  line_.reset();
  MachineRig qemu("qemu:"), native("native:");
  const auto both = [&](auto&& act) {
    act(qemu);
    act(native);
  };
  both([](MachineRig& rig) { rig.run_until_closed(); });
  const char* kinds[]{"reset", "stop", "watchdog", "stop", "brown_out"};
  for (int step = 0; step < 300; ++step) {
    const char* kind = kinds[step / 60];
    if (step % 60 == 20) both([&](MachineRig& rig) { rig.begin("device", kind); });
    if (step % 60 == (step / 60 == 1 ? 23 : 40)) both([&](MachineRig& rig) { rig.end("device", kind); });
    both([](MachineRig& rig) { rig.run(1); });
    ASSERT_TRUE(same_status(qemu.report, native.report)) << "step " << step;
  }
  EXPECT_EQ(qemu.report.status.boot_count, 1u) << "a brown-out loses the count";
  EXPECT_EQ(qemu.report.status.reset_reason, static_cast<std::uint8_t>(ResetReason::brown_out));
}

TEST_F(Qemu, ABitOfEveryVariableFlipsAsInTheHostProcess) {
  line_.reset();
  MachineRig qemu("qemu:"), native("native:");
  qemu.run_until_closed();
  native.run_until_closed();
  ASSERT_GE(firmware::variable_kinds().size(), 15u);
  for (const firmware::VariableKind& kind : firmware::variable_kinds()) {
    for (MachineRig* rig : {&qemu, &native}) {
      rig->flip(kind.name, static_cast<int>(kind.bits) - 1);
      rig->run(2);
    }
    ASSERT_TRUE(same_status(qemu.report, native.report)) << kind.name;
  }
}

TEST_F(Qemu, EveryReasonOfAResetIsReported) {
  Machine* machine = line_->machine();
  PacklinkDevice device("qemu:", std::move(line_), {});
  for (int reason = 0; reason <= static_cast<int>(ResetReason::external); ++reason) {
    ASSERT_EQ(machine->reset(static_cast<ResetReason>(reason)), "");
    ASSERT_FALSE(device.connect(15, 4));
    EXPECT_EQ(device.ident().reset_reason, reason);
  }
}

TEST_F(Qemu, SaysWhatItCannotDo) {
  Machine* machine = line_->machine();
  EXPECT_THAT(machine->lacks(MachineAbility::pins), testing::HasSubstr("no model of this chip's pins"));
  EXPECT_THAT(machine->lacks(MachineAbility::snapshot), testing::HasSubstr("snapshot"));
  EXPECT_EQ(machine->pins(), std::nullopt);
  EXPECT_NE(machine->stick_pin(OutputPin::main, PinLevel::stuck_high), "");
  EXPECT_THAT(machine->flip_bit("no_such_variable", 0), testing::HasSubstr("no variable"));
}

TEST_F(Qemu, AClosedLineLeavesNoProcess) {
  const pid_t emulator = dynamic_cast<QemuTransport&>(*line_).pid();
  EXPECT_EQ(::kill(emulator, 0), 0);
  line_->close();
  EXPECT_EQ(::kill(emulator, 0), -1);
}

TEST_F(Qemu, AStoppedProcessorLosesWhatIsSent) {
  Machine* machine = line_->machine();
  ASSERT_EQ(machine->stop(), "");
  const Bytes hello{0, 1, 2, 3, 0};
  EXPECT_EQ(line_->write_all(hello, WallClock::now()).bytes, hello.size());
  ASSERT_EQ(machine->resume(), "");
  Tapped tapped(std::move(line_));
  ASSERT_FALSE(tapped.device.connect(15, 4));
  ASSERT_FALSE(tapped.device.exchange(readings(0), 0, kStep, tapped.report));
  EXPECT_EQ(tapped.report.status.rx_errors, 0u);
}

}  // namespace
}  // namespace packbench::hil
