// A device that outlives a run, as a board does.
#include <array>
#include <chrono>

#include <gtest/gtest.h>

#include "hil/bench.h"
#include "hil/transport/child_transport.h"
#include "sim/language/scenario_reader.h"

namespace packbench::hil {
namespace {

// The emulated device on a pty; its path comes in its first line.
struct OnPty {
  OnPty() : process(start_on_stdio({PACKBENCH_DEVICE, "device", "--link", "pty"})) {
    std::array<std::uint8_t, 64> buffer{};
    const IoResult result = process.read_some(buffer, WallClock::now() + std::chrono::seconds(20));
    path.assign(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(result.bytes));
    if (path.ends_with('\n')) path.pop_back();
  }
  ChildTransport process;
  std::string path;
};

RunResult run_on(const OnPty& device, const std::string& faults = "") {
  auto read = sim::read_scenario_text("scenario: loaded\nphases:\n  - discharge: 50 A\n    for: 5 s\n" + faults +
                                          "expect:\n  - {name: closed, eventually: truth.main_contactor == closed}\n",
                                      "lasting_device_test.yaml");
  BenchOptions options;
  options.device = "pty:" + device.path;
  return run_scenario(std::get<sim::Scenario>(read), options);
}

TEST(LastingDevice, IsLeftWithOpenContactorsSoThatTheNextRunCanBegin) {
  const OnPty device;
  for (int i = 0; i < 3; ++i) {
    const RunResult result = run_on(device);
    EXPECT_EQ(result.verdict, sim::Verdict::pass) << result.reason;
  }
}

TEST(LastingDevice, IsLeftWithOpenContactorsAlsoWhenTheLineWasFaultyToTheEnd) {
  const OnPty device;
  for (int i = 0; i < 2; ++i) {
    const RunResult result = run_on(device, "faults:\n  - {line: to_device, kind: drop, pattern: [1, 1]}\n");
    EXPECT_EQ(result.verdict, sim::Verdict::pass) << result.reason;
  }
}

}  // namespace
}  // namespace packbench::hil
