#include "hil/report_watch.h"

#include <gtest/gtest.h>

namespace packbench::hil {
namespace {

constexpr sim::TimeNs kStep = 100 * sim::kMillisecond;

// A device that reports with every step while `reporting`.
struct Walk {
  ReportWatch watch{kStep};
  DeviceReport report;
  sim::TimeNs now = 0;

  void run(int steps, bool reporting) {
    for (int i = 0; i < steps; ++i) {
      now += kStep;
      if (reporting) {
        report.has_status = true;
        report.status.uptime_us = static_cast<std::uint64_t>(now / sim::kMicrosecond);
      }
      watch.step(now, report);
    }
  }
};

TEST(ReportWatch, ADeviceThatKeepsReportingIsNoTrouble) {
  Walk walk;
  walk.run(100, true);
  EXPECT_EQ(walk.watch.trouble(), "");
}

TEST(ReportWatch, SilenceBeforeTheFirstReportIsBoot) {
  Walk walk;
  walk.run(50, false);
  walk.run(5, true);
  EXPECT_EQ(walk.watch.trouble(), "");
}

TEST(ReportWatch, ASecondOfSilenceIsLetPassAndMoreIsNot) {
  Walk walk;
  walk.run(10, true);
  walk.run(10, false);
  EXPECT_EQ(walk.watch.trouble(), "");
  walk.run(1, false);
  EXPECT_EQ(
      walk.watch.trouble(),
      "the device finished its steps but reported nothing new for 1.1 s from 1.000 s on (at most 1 s are let pass)");
  walk.run(10, true);
  EXPECT_NE(walk.watch.trouble(), "");
}

TEST(ReportWatch, SilenceThatAFaultOfTheLineMadeDoesNotCount) {
  Walk walk;
  walk.run(10, true);
  walk.watch.silence_due(true);
  walk.run(50, false);
  walk.watch.silence_due(false);
  walk.run(10, false);
  EXPECT_EQ(walk.watch.trouble(), "");
  walk.run(1, false);
  EXPECT_NE(walk.watch.trouble(), "");
}

TEST(ReportWatch, ABootThatNobodyAskedForIsTrouble) {
  Walk walk;
  walk.run(10, true);
  walk.report.status.boot_count = 1;
  walk.report.status.reset_reason = 2;
  walk.run(10, true);
  EXPECT_EQ(walk.watch.trouble(),
            "the device started again at 1.100 s although nothing reset it (boot 1, reason watchdog)");
}

TEST(ReportWatch, ABootThatTheBenchAskedForIsNone) {
  Walk walk;
  walk.run(10, true);
  walk.watch.reset_due();
  walk.report.status.boot_count = 1;
  walk.run(10, true);
  EXPECT_EQ(walk.watch.trouble(), "");
  walk.report.status.boot_count = 2;
  walk.run(10, true);
  EXPECT_NE(walk.watch.trouble(), "");
}

TEST(ReportWatch, ABootThatAFaultOfTheMachineMadeIsNone) {
  Walk walk;
  walk.run(10, true);
  ++walk.report.boots_due;
  walk.report.status.boot_count = 1;
  walk.run(10, true);
  EXPECT_EQ(walk.watch.trouble(), "");
}

TEST(ReportWatch, ABootThatBeginsTheCountAnewIsSeenByTheUptime) {
  Walk walk;
  walk.run(10, true);
  walk.report.status.uptime_us = 10'000;
  walk.watch.step(walk.now + kStep, walk.report);
  EXPECT_EQ(walk.watch.trouble(), "");  // a count of 0 is none
  walk.report.status.boot_count = 1;
  walk.run(10, true);
  walk.report.status.uptime_us = 10'000;
  walk.watch.step(walk.now + kStep, walk.report);
  EXPECT_NE(walk.watch.trouble(), "");
}

}  // namespace
}  // namespace packbench::hil
