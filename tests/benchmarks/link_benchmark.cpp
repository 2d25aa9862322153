// Exchanges per second of inproc:, native:, stm32: and qemu:, next to a bare echo of as many bytes over the same kinds
// of line; and how long a snapshot of stm32: takes.
//
// An exchange sends MEASUREMENTS and TICK and gets ACTUATORS, STATUS and TICK_DONE; the echo sends half of the same
// total and gets it back, so both move the same number of bytes. inproc: has no line: its echo is a copy in memory.
// native: talks over a pty, stm32: and qemu: over a socket pair. Every device has the same profile and works on the
// same readings: ten 10 ms tasks in each exchange.
#include <benchmark/benchmark.h>

#include <vector>

#include "hil/device.h"
#include "hil/firmware/host/profile_bytes.h"
#include "hil/link/line_budget.h"
#include "hil/transport/child_transport.h"
#include "sim/language/bms_profile_reader.h"
#include "sim/language/profile_search.h"

namespace packbench::hil {
namespace {

constexpr sim::TimeNs kStep = 100 * sim::kMillisecond;

packlink_measurements_t readings(sim::TimeNs now) {
  packlink_measurements_t readings{};
  readings.time_us = static_cast<std::uint64_t>(now / sim::kMicrosecond);
  readings.cells = 15;
  readings.temperatures = 4;
  for (std::uint16_t& cell : readings.cell_dmV) cell = 33'000;
  for (std::int32_t& temperature : readings.temperature_mdegC) temperature = 25'000;
  readings.pack_dmV = readings.bus_dmV = 15 * 33'000;
  return readings;
}

std::vector<std::uint8_t> profile() {
  const auto file = sim::find_profile("bms", "lfp-15s-100ah", ".", sim::default_data_dir(), {}, "");
  return firmware::encode_profile(
      std::get<sim::BmsProfile>(sim::read_bms_profile(std::get<std::filesystem::path>(file))));
}

void exchange(benchmark::State& state, const std::string& uri) {
  DeviceOptions options;
  options.executable = PACKBENCH_DEVICE;
  OpenedDevice opened = open_device(uri, options);
  if (!opened.device) return state.SkipWithError(opened.error.c_str());
  if (opened.device->connect(15, 4) || opened.device->configure(profile()))
    return state.SkipWithError("the device did not take its profile");
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

void echo(benchmark::State& state, ChildLine child) {
  ChildTransport line(std::move(child));
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

void echo_on_pty(benchmark::State& state) { echo(state, start_on_pty({"sh", "-c", "exec cat <&3 >&3"})); }
void echo_on_socket(benchmark::State& state) { echo(state, start_on_stdio({"cat"})); }

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

// With the request and its answer between the processes.
void snapshot_save(benchmark::State& state) {
  const OpenedTransport line = open_transport("stm32:", PACKBENCH_DEVICE);
  if (!line.transport) return state.SkipWithError(line.error.c_str());
  for (auto _ : state) {
    if (!line.transport->machine()->save().empty()) return state.SkipWithError("it was not saved");
  }
}

void snapshot_restore(benchmark::State& state) {
  const OpenedTransport line = open_transport("stm32:", PACKBENCH_DEVICE);
  if (!line.transport) return state.SkipWithError(line.error.c_str());
  if (!line.transport->machine()->save().empty()) return state.SkipWithError("it was not saved");
  for (auto _ : state) {
    if (!line.transport->machine()->restore(0).empty()) return state.SkipWithError("it was not restored");
  }
}

BENCHMARK_CAPTURE(exchange, inproc, "inproc:")->UseRealTime();
BENCHMARK_CAPTURE(exchange, native, "native:")->UseRealTime();
BENCHMARK_CAPTURE(exchange, stm32, "stm32:")->UseRealTime();
BENCHMARK_CAPTURE(exchange, stm32_f405, "stm32:board=f405")->UseRealTime();
BENCHMARK_CAPTURE(exchange, stm32_paced, "stm32:paced=yes")->UseRealTime();
BENCHMARK_CAPTURE(exchange, qemu, "qemu:")->UseRealTime();
BENCHMARK(echo_in_memory)->UseRealTime();
BENCHMARK(echo_on_pty)->UseRealTime();
BENCHMARK(echo_on_socket)->UseRealTime();
BENCHMARK(snapshot_save)->UseRealTime()->Iterations(1000);
BENCHMARK(snapshot_restore)->UseRealTime();

}  // namespace
}  // namespace packbench::hil

BENCHMARK_MAIN();
