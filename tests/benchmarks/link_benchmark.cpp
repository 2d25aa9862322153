// Exchanges per second of inproc: and native:, next to a bare echo of as many bytes over the same kind of line.
//
// An exchange sends MEASUREMENTS and TICK and gets ACTUATORS, STATUS and TICK_DONE; the echo sends half of the same
// total and gets it back, so both move the same number of bytes. inproc: has no line: its echo is a copy in memory.
#include <benchmark/benchmark.h>

#include <vector>

#include "hil/device.h"
#include "hil/link/line_budget.h"
#include "hil/transport/child_transport.h"

namespace packbench::hil {
namespace {

constexpr sim::TimeNs kStep = 100 * sim::kMillisecond;

packlink_measurements_t readings(sim::TimeNs now) {
  packlink_measurements_t readings{};
  readings.time_us = static_cast<std::uint64_t>(now / sim::kMicrosecond);
  readings.cells = 15;
  readings.temperatures = 4;
  for (std::uint16_t& cell : readings.cell_dmV) cell = 33'000;
  return readings;
}

void exchange(benchmark::State& state, const std::string& uri) {
  DeviceOptions options;
  options.executable = PACKBENCH_DEVICE;
  OpenedDevice opened = open_device(uri, options);
  if (!opened.device || opened.device->connect(15, 4)) return state.SkipWithError("the device could not be opened");
  DeviceReport report;
  sim::TimeNs now = 0;
  for (auto _ : state) {
    if (opened.device->exchange(readings(now), now, now + kStep, report))
      return state.SkipWithError("the exchange failed");
    now += kStep;
  }
  state.SetItemsProcessed(state.iterations());
}

std::vector<std::uint8_t> half_of_an_exchange() {
  const StepBytes bytes = bytes_of_step(15, 4);
  return std::vector<std::uint8_t>((bytes.to_device + bytes.from_device) / 2, 0x55);
}

void echo_on_pty(benchmark::State& state) {
  ChildTransport line(start_on_pty({"sh", "-c", "exec cat <&3 >&3"}));
  const std::vector<std::uint8_t> sent = half_of_an_exchange();
  std::vector<std::uint8_t> buffer(4096);
  for (auto _ : state) {
    const Deadline deadline = WallClock::now() + std::chrono::seconds(5);
    if (line.write_all(sent, deadline).status != IoStatus::ok) return state.SkipWithError("the echo took nothing");
    for (std::size_t got = 0; got < sent.size();) {
      const IoResult result = line.read_some(buffer, deadline);
      if (result.status != IoStatus::ok) return state.SkipWithError("the echo is silent");
      got += result.bytes;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void echo_in_memory(benchmark::State& state) {
  const std::vector<std::uint8_t> sent = half_of_an_exchange();
  std::vector<std::uint8_t> line, got;
  for (auto _ : state) {
    line.assign(sent.begin(), sent.end());
    got.assign(line.begin(), line.end());
    benchmark::DoNotOptimize(got.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(exchange, inproc, "inproc:")->UseRealTime();
BENCHMARK_CAPTURE(exchange, native, "native:")->UseRealTime();
BENCHMARK(echo_in_memory)->UseRealTime();
BENCHMARK(echo_on_pty)->UseRealTime();

}  // namespace
}  // namespace packbench::hil

BENCHMARK_MAIN();
