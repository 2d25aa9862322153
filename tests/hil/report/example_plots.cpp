// A pack drawn with a pencil: plausible curves without any claim to physics.
#include <algorithm>
#include <cmath>

#include "tests/hil/report/example_session.h"

namespace packbench::hil::test {
namespace {

using sim::Signal;

constexpr int kCells = 15, kSensors = 4;
constexpr double kStep_s = 0.1, kRest_s = 30;

// A few millivolts of noise that repeats.
double wobble(int k, int i) { return 0.0015 * std::sin(12.9898 * k + 78.233 * i); }

struct Pencil {
  explicit Pencil(const ExampleRun& the_run) : run(the_run) {}

  void truth(double t_s);
  void sensed(int k);
  void device(double t_s);
  void api(int k);
  void step(int k) {
    truth(k * kStep_s);
    sensed(k);
    device(k * kStep_s);
    if (k % 10 == 0) api(k);
  }

  ExampleRun run;
  sim::SignalLayout layout{kCells, kSensors};
  sim::Frame frame{layout};
  double soc = run.soc, heat_K = 0;
};

void Pencil::truth(double t_s) {
  const bool closed = t_s > 3, running = t_s > kRest_s && t_s < run.trip_at_s;
  const double current_A = running ? run.charge_A : 0;
  soc += current_A * kStep_s / 3600 / 30;  // 30 Ah
  heat_K += std::abs(current_A) * 2e-5;
  double sum_V = 0;
  for (int i = 0; i < kCells; ++i) {
    const double knee = 0.32 * std::exp((soc - 1) * 60);
    const double cell_V =
        3.32 + 0.05 * soc + knee + 0.0009 * current_A + 0.004 * std::sin(i * 2.1) + (i == 8 ? 0.03 * soc : 0);
    frame.array(Signal::truth_cell_voltage)[static_cast<std::size_t>(i)] = cell_V;
    frame.array(Signal::truth_cell_temperature)[static_cast<std::size_t>(i)] =
        25 + heat_K * (1 + 0.3 * std::sin(i * 0.4));
    sum_V += cell_V;
  }
  frame[Signal::truth_pack_voltage] = sum_V;
  frame[Signal::truth_pack_current] = current_A;
  frame[Signal::truth_soc] = soc;
  frame[Signal::truth_main_contactor] = closed;
  frame[Signal::truth_precharge_contactor] = t_s > 2 && t_s < 3.2;
  frame[Signal::truth_charger_contactor] = t_s > kRest_s - 1 && t_s < run.trip_at_s && run.charge_A > 0;
}

void Pencil::sensed(int k) {
  for (int i = 0; i < kCells; ++i) {
    const auto at = static_cast<std::size_t>(i);
    frame.array(Signal::sensed_cell_voltage)[at] = frame.array(Signal::truth_cell_voltage)[at] + wobble(k, i);
  }
  for (int i = 0; i < kSensors; ++i) {
    const auto at = static_cast<std::size_t>(i);
    frame.array(Signal::sensed_temperature)[at] =
        frame.array(Signal::truth_cell_temperature)[at * 4] + 40 * wobble(k, i);
  }
  frame[Signal::sensed_pack_voltage] = frame[Signal::truth_pack_voltage] + 4 * wobble(k, 20);
  frame[Signal::sensed_pack_current] = frame[Signal::truth_pack_current] + 30 * wobble(k, 21);
  frame[Signal::sensed_main_feedback] = frame[Signal::truth_main_contactor];
  frame[Signal::sensed_charger_feedback] = frame[Signal::truth_charger_contactor];
}

void Pencil::device(double t_s) {
  const bool tripped = t_s >= run.trip_at_s && run.charge_A > 0;
  const double current_A = frame[Signal::truth_pack_current];
  const int state = t_s < 1 ? 0 : t_s < 2 ? 1 : t_s < 3.2 ? 2 : tripped ? 8 : current_A > 0 ? 5 : current_A < 0 ? 4 : 3;
  for (std::size_t i = 0; i < kCells; ++i)
    frame.array(Signal::device_cell_voltage)[i] = frame.array(Signal::sensed_cell_voltage)[i];
  for (std::size_t i = 0; i < kSensors; ++i)
    frame.array(Signal::device_temperature)[i] = frame.array(Signal::sensed_temperature)[i];
  frame[Signal::device_state] = state;
  frame[Signal::device_soc] = frame[Signal::truth_soc] - 0.006;
  frame[Signal::device_ocv_soc] = std::clamp(frame[Signal::truth_soc] + 0.05, 0.0, 1.0);
  frame[Signal::device_pack_voltage] = frame[Signal::sensed_pack_voltage];
  frame[Signal::device_pack_current] = frame[Signal::sensed_pack_current];
  frame[Signal::device_main_contactor] = frame[Signal::truth_main_contactor];
  frame[Signal::device_main_drive] = frame[Signal::truth_main_contactor];
  frame[Signal::device_charger_contactor] = frame[Signal::truth_charger_contactor];
  frame[Signal::device_charger_drive] = frame[Signal::truth_charger_contactor];
  frame[Signal::device_precharge_contactor] = frame[Signal::truth_precharge_contactor];
  frame[Signal::device_precharge_drive] = frame[Signal::truth_precharge_contactor];
  frame[Signal::device_faults] = tripped ? 1 : 0;
  frame[Signal::device_warnings] = t_s > run.trip_at_s - 25 && run.charge_A > 0 ? 1 : 0;
  if (tripped) frame[Signal::device_first_fault] = 0;
}

void Pencil::api(int k) {
  if (k < 20) return;
  for (std::size_t i = 0; i < kCells; ++i) {
    frame.array(Signal::api_cell_voltage)[i] = std::round(frame.array(Signal::device_cell_voltage)[i] * 1000) / 1000;
  }
  frame[Signal::api_pack_voltage] = std::round(frame[Signal::device_pack_voltage] * 100) / 100;
  frame[Signal::api_pack_current] = std::round(frame[Signal::device_pack_current] * 10) / 10;
  frame[Signal::api_soc] = std::round(frame[Signal::device_soc] * 100) / 100;
  frame[Signal::api_temperature] = std::round(frame.array(Signal::device_temperature)[0]);
  frame[Signal::api_bms_state] = frame[Signal::device_state];
  frame[Signal::api_main_contactor_state] = frame[Signal::device_main_contactor];
  frame[Signal::api_charger_contactor_state] = frame[Signal::device_charger_contactor];
}

}  // namespace

std::vector<sim::PlotSeries> example_plots(const ExampleRun& run) {
  Pencil pencil(run);
  sim::Trace trace(pencil.layout, {}, "example", {});
  for (int k = 0; k * kStep_s < run.duration_s; ++k) {
    pencil.step(k);
    trace.append(k * 100 * sim::kMillisecond, pencil.frame.values());
  }
  trace.finish();
  return trace.plot();
}

}  // namespace packbench::hil::test
