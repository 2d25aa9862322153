// `packbench device` as a process: what a person or another bench sees of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "fake_device.h"
#include "hil/transport/child_transport.h"

namespace packbench::hil {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr sim::TimeNs kStep = 100 * sim::kMillisecond;

struct Finished {
  std::string output;
  std::string ending;
};

Finished finish(const std::string& arguments) {
  OpenedTransport opened = open_exec(std::string("sh -c '" PACKBENCH_DEVICE " device ") + arguments + " 2>&1'");
  Finished finished;
  std::array<std::uint8_t, 4096> buffer;
  for (;;) {
    const IoResult result = opened.transport->read_some(buffer, WallClock::now() + 20s);
    if (result.status != IoStatus::ok) break;
    finished.output.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(result.bytes));
  }
  finished.ending = opened.transport->ending();
  return finished;
}

// A device on a pty of its own, and the path that it printed.
struct OnPty {
  explicit OnPty(std::vector<std::string> more = {}) {
    std::vector<std::string> argv{PACKBENCH_DEVICE, "device"};
    argv.insert(argv.end(), more.begin(), more.end());
    process = std::make_unique<ChildTransport>(start_on_stdio(argv));
    std::array<std::uint8_t, 64> buffer{};
    const IoResult result = process->read_some(buffer, WallClock::now() + 20s);
    path.assign(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(result.bytes));
    if (path.ends_with('\n')) path.pop_back();
  }
  std::unique_ptr<ChildTransport> process;
  std::string path;
};

void exchange_some(DeviceUnderTest& device) {
  const auto trouble = device.connect(15, 4);
  ASSERT_FALSE(trouble) << trouble->what;
  DeviceReport report;
  for (sim::TimeNs now = 0; now < sim::kSecond; now += kStep) {
    const auto error = device.exchange(readings(now), now, now + kStep, report);
    ASSERT_FALSE(error) << error->what;
  }
  EXPECT_TRUE(report.has_status);
}

TEST(DeviceCommand, OnAPtyItPrintsThePathFirstAndServesOneBenchAfterTheOther) {
  OnPty device;
  ASSERT_THAT(device.path, testing::StartsWith("/dev/pts/"));
  for (int bench = 0; bench < 3; ++bench) {
    const OpenedDevice opened = open_device("pty:" + device.path, {});
    ASSERT_EQ(opened.error, "");
    exchange_some(*opened.device);
  }
}

TEST(DeviceCommand, ItStopsOnASignalWithExitStatusZero) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    OnPty device;
    ::kill(device.process->pid(), number);
    std::array<std::uint8_t, 16> buffer;
    EXPECT_EQ(device.process->read_some(buffer, WallClock::now() + 20s).status, IoStatus::closed);
    EXPECT_EQ(device.process->ending(), "the process ended with exit status 0") << number;
  }
}

TEST(DeviceCommand, OnStdioItIsADeviceForExec) {
  const OpenedDevice opened = open_device("exec:" PACKBENCH_DEVICE " device --link stdio", {});
  ASSERT_EQ(opened.error, "");
  exchange_some(*opened.device);
}

TEST(DeviceCommand, OnStdioItStopsAtTheEndOfItsInput) {
  EXPECT_EQ(finish("--link stdio </dev/null").ending, "the process ended with exit status 0");
}

TEST(DeviceCommand, WithAProfileItIsConfiguredBeforeAnyBenchCame) {
  OnPty device({"--profile", "lfp-15s-100ah"});
  const OpenedDevice opened = open_device("pty:" + device.path, {});
  ASSERT_FALSE(opened.device->connect(15, 4));
  DeviceReport report;
  for (sim::TimeNs now = 0; now < 5 * sim::kSecond; now += kStep)
    ASSERT_FALSE(opened.device->exchange(readings(now), now, now + kStep, report));
  EXPECT_EQ(sim::word_of(sim::Vocabulary::bms_state, report.status.state), "STANDBY");
}

TEST(DeviceCommand, InRealTimeItReportsByItselfAndOffersNoLockstep) {
  OnPty device({"--realtime", "--profile", "lfp-15s-100ah"});
  const OpenedDevice opened = open_device("pty:" + device.path, {});
  const auto trouble = opened.device->connect(15, 4);
  ASSERT_FALSE(trouble) << trouble->what;
  EXPECT_FALSE(opened.device->lockstep());
  DeviceReport report;
  for (sim::TimeNs now = 0; now < sim::kSecond && !report.has_status; now += 250 * sim::kMillisecond) {
    const auto error = opened.device->exchange(readings(now), now, now + 250 * sim::kMillisecond, report);
    ASSERT_FALSE(error) << error->what;
  }
  EXPECT_TRUE(report.has_status);
}

TEST(DeviceCommand, AnUnknownDefectNamesTheKnownOnesAndIsAUsageError) {
  const Finished finished = finish("--defect wobble");
  EXPECT_THAT(finished.output, HasSubstr("the defect 'wobble' is unknown (expected one of no_cell_ov_trip, "));
  EXPECT_EQ(finished.ending, "the process ended with exit status 3");
}

TEST(DeviceCommand, WrongArgumentsAreUsageErrorsInWords) {
  const std::pair<const char*, const char*> cases[]{
      {"--dialect xbb", "the dialect 'xbb' is unknown (expected packlink)"},
      {"--link can", "--link can is unknown (expected pty, stdio or fd:N)"},
      {"--link fd:x", "--link fd:x names no descriptor (expected fd:N, as in fd:3)"},
      {"--profile no-such-profile", "no-such-profile"},
  };
  for (const auto& [arguments, words] : cases) {
    const Finished finished = finish(arguments);
    EXPECT_THAT(finished.output, HasSubstr(words));
    EXPECT_EQ(finished.ending, "the process ended with exit status 3") << arguments;
  }
}

}  // namespace
}  // namespace packbench::hil
