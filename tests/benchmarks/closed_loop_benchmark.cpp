// Closed-loop steps per second of whole runs (plant, sensing, link, firmware, checks and trace), next to a bare echo of
// as many bytes over the same kind of line. Rounds of each are interleaved and the best of each counts, so that a busy
// machine hurts both.
//
// native: is compared with `cat` behind a pty. inproc: has no line to echo on; it is compared with its own exchange
// alone, codec and firmware without plant, checks and trace: the most that a closed loop could reach.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "hil/bench.h"
#include "hil/frames.h"
#include "hil/link/line_budget.h"
#include "hil/transport/child_transport.h"
#include "sim/language/scenario_reader.h"

namespace packbench::hil {
namespace {

constexpr int kRounds = 5;
constexpr int kEchoes = 20'000;

constexpr char kScenario[] = R"(
scenario: ten minutes of load
pack: {soc: 80 %}
phases:
  - discharge: 50 A
    for: 10 min
expect:
  - {name: SOC is honest, always: "abs(device.soc - truth.soc) <= 3 %"}
  - {name: nothing trips, never: "device.state == FAULT"}
  - {name: the load is served, always: "truth.load_current > 49 A", after: 2 s}
  - {name: the state follows, when: "truth.pack_current < -10 A for 2 s", then: "device.state == DISCHARGING", within: 1 s}
)";

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

sim::Scenario scenario() {
  auto read = sim::read_scenario_text(kScenario, "benchmark.yaml");
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::runtime_error(problems->front().text());
  return std::get<sim::Scenario>(std::move(read));
}

enum class Cloud { off, on };

double closed_loop_per_s(const sim::Scenario& scenario, const std::string& device, Cloud cloud,
                         const std::filesystem::path& traces) {
  BenchOptions options;
  options.device = device;
  options.executable = PACKBENCH_PROGRAM;
  options.trace_directory = traces;
  options.trace_name = "benchmark";
  options.api = cloud == Cloud::on;
  const RunResult result = run_scenario(scenario, options);
  if (result.verdict != sim::Verdict::pass) throw std::runtime_error(result.reason);
  return static_cast<double>(result.steps) / result.wall_s;
}

double echo_per_s() {
  ChildTransport line(start_on_pty({"sh", "-c", "exec cat <&3 >&3"}));
  const StepBytes bytes = bytes_of_step(15, 5);
  const std::vector<std::uint8_t> sent((bytes.to_device + bytes.from_device) / 2, 0x55);
  std::vector<std::uint8_t> buffer(4096);
  return kEchoes / seconds_of([&] {
           for (int i = 0; i < kEchoes; ++i) {
             const Deadline deadline = WallClock::now() + std::chrono::seconds(5);
             if (line.write_all(sent, deadline).status != IoStatus::ok)
               throw std::runtime_error("the echo took nothing");
             for (std::size_t got = 0; got < sent.size();) {
               const IoResult result = line.read_some(buffer, deadline);
               if (result.status != IoStatus::ok) throw std::runtime_error("the echo is silent");
               got += result.bytes;
             }
           }
         });
}

double exchange_per_s(const sim::Scenario& scenario) {
  OpenedDevice opened = open_device("inproc:", {});
  if (!opened.device || opened.device->connect(15, 5)) throw std::runtime_error("inproc: could not be opened");
  sim::Frame frame(sim::SignalLayout(15, 5));
  std::ranges::fill(frame.array(sim::Signal::sensed_cell_voltage), 3.3);
  DeviceReport report;
  return kEchoes / seconds_of([&] {
           sim::TimeNs now = 0;
           for (int i = 0; i < kEchoes; ++i, now += scenario.step) {
             if (opened.device->exchange(to_measurements(frame, now), now, now + scenario.step, report))
               throw std::runtime_error("exchange");
           }
         });
}

void print(const char* name, double per_s, double reference_per_s, const char* reference) {
  fmt::print("{:<52} {:>9.0f} /s   {:.2f} of {}\n", name, per_s, per_s / reference_per_s, reference);
}

int run() {
  const sim::Scenario subject = scenario();
  const std::filesystem::path traces = std::filesystem::temp_directory_path() / "packbench-closed-loop";
  double native = 0, native_files = 0, native_cloud = 0, echo = 0, inproc = 0, inproc_files = 0, exchange = 0;
  for (int round = 0; round < kRounds; ++round) {
    native = std::max(native, closed_loop_per_s(subject, "native:", Cloud::off, {}));
    native_files = std::max(native_files, closed_loop_per_s(subject, "native:", Cloud::off, traces));
    native_cloud = std::max(native_cloud, closed_loop_per_s(subject, "native:", Cloud::on, traces));
    echo = std::max(echo, echo_per_s());
    inproc = std::max(inproc, closed_loop_per_s(subject, "inproc:", Cloud::off, {}));
    inproc_files = std::max(inproc_files, closed_loop_per_s(subject, "inproc:", Cloud::off, traces));
    exchange = std::max(exchange, exchange_per_s(subject));
  }
  std::filesystem::remove_all(traces);
  fmt::print("{:<52} {:>9.0f} /s\n{:<52} {:>9.0f} /s\n", "bare echo on a pty", echo, "inproc: exchange alone",
             exchange);
  print("native: closed loop, checks, trace hash", native, echo, "the echo");
  print("native: and trace files", native_files, echo, "the echo");
  print("native: and the Device API at 1 Hz", native_cloud, echo, "the echo");
  print("inproc: closed loop, checks, trace hash", inproc, exchange, "its exchange");
  print("inproc: and trace files", inproc_files, exchange, "its exchange");
  return 0;
}

}  // namespace
}  // namespace packbench::hil

int main() { return packbench::hil::run(); }
