// Programs and devices that crash, hang, flood or are no device at all: the right trouble, in words, and no process
// left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "fake_device.h"

namespace packbench::hil {
namespace {

using testing::HasSubstr;

constexpr sim::TimeNs kStep = 100 * sim::kMillisecond;

OpenedDevice open(const std::string& uri, double watchdog_s) {
  DeviceOptions options;
  options.watchdog_s = watchdog_s;
  options.executable = PACKBENCH_DEVICE;
  return open_device(uri, options);
}

DeviceError trouble_of(const std::string& uri, double watchdog_s = 0.3) {
  OpenedDevice opened = open(uri, watchdog_s);
  EXPECT_EQ(opened.error, "");
  const auto error = opened.device->connect(15, 4);
  return error.value_or(DeviceError{LinkTrouble::bench, "no trouble"});
}

// Of a native: device with this defect, which shows 5 s after boot.
DeviceError trouble_of_defect(const std::string& uri, const std::string& defect, double watchdog_s) {
  OpenedDevice opened = open(uri, watchdog_s);
  EXPECT_FALSE(opened.device->connect(15, 4));
  if (auto error = opened.device->set_defect(defect)) return *error;
  DeviceReport report;
  for (sim::TimeNs now = 0; now < 10 * sim::kSecond; now += kStep) {
    if (auto error = opened.device->exchange(readings(now), now, now + kStep, report)) return *error;
  }
  return {LinkTrouble::bench, "no trouble"};
}

struct BadDevices : testing::Test {
  ~BadDevices() override {
    EXPECT_TRUE(::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD) << "a child was left behind";
  }
};

TEST_F(BadDevices, AProgramThatEndsAtOnceIsGone) {
  const DeviceError error = trouble_of("exec:/bin/true");
  EXPECT_EQ(error.trouble, LinkTrouble::gone);
  EXPECT_EQ(error.what, "the device is gone: the process ended with exit status 0.");
}

TEST_F(BadDevices, AProgramThatFailsIsGoneWithItsStatus) {
  EXPECT_EQ(trouble_of("exec:/bin/false").what, "the device is gone: the process ended with exit status 1.");
}

TEST_F(BadDevices, AnEchoIsNoDevice) {
  const DeviceError error = trouble_of("exec:/bin/cat");
  EXPECT_EQ(error.trouble, LinkTrouble::stalled);
  EXPECT_THAT(error.what, HasSubstr("sends back what it is sent"));
}

TEST_F(BadDevices, AProgramThatNeverStopsTalkingFloods) {
  EXPECT_EQ(trouble_of("exec:/usr/bin/yes", 20).trouble, LinkTrouble::flooded);
}

TEST_F(BadDevices, AProgramThatNeverReadsOrWritesIsStalled) {
  const DeviceError error = trouble_of("exec:sleep 1000");
  EXPECT_EQ(error.trouble, LinkTrouble::stalled);
  EXPECT_THAT(error.what, HasSubstr("its process was asleep."));
}

TEST_F(BadDevices, AProgramThatIsStoppedIsStalledAndSaidToBeStopped) {
  const DeviceError error = trouble_of("exec:sh -c 'kill -STOP $$'");
  EXPECT_EQ(error.trouble, LinkTrouble::stalled);
  EXPECT_THAT(error.what, HasSubstr("its process was stopped."));
}

TEST_F(BadDevices, ACrashIsGoneWithItsSignal) {
  const DeviceError error = trouble_of_defect("native:", "crash", 20);
  EXPECT_EQ(error.trouble, LinkTrouble::gone);
  EXPECT_THAT(error.what, HasSubstr("the process was killed by signal 4 (Illegal instruction)"));
}

TEST_F(BadDevices, AHangIsStalled) {
  for (const char* uri : {"native:", "inproc:"})
    EXPECT_EQ(trouble_of_defect(uri, "hang", 0.3).trouble, LinkTrouble::stalled) << uri;
}

TEST_F(BadDevices, AFloodIsFlooded) {
  for (const char* uri : {"native:", "inproc:"})
    EXPECT_EQ(trouble_of_defect(uri, "flood", 20).trouble, LinkTrouble::flooded) << uri;
}

TEST_F(BadDevices, ACrashInsideTheBenchIsRefusedBeforeItHappens) {
  const DeviceError error = trouble_of_defect("inproc:", "crash", 20);
  EXPECT_EQ(error.trouble, LinkTrouble::bench);
  EXPECT_THAT(error.what, HasSubstr("ends the process that runs the firmware, which is the bench itself"));
}

TEST_F(BadDevices, AnUnknownDefectIsRefused) {
  const DeviceError error = trouble_of_defect("native:", "no_such_defect", 20);
  EXPECT_EQ(error.trouble, LinkTrouble::refused);
  EXPECT_THAT(error.what, HasSubstr("This defect is unknown"));
}

}  // namespace
}  // namespace packbench::hil
