#include "sim/plant/sensing.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "models/deterministic_math.h"
#include "sim/plant/channels.h"
#include "sim/plant/sensor_faults.h"
#include "sim/plant/thermistor.h"

namespace packbench::sim {
namespace {

constexpr double kCellSteps_per_V = 1e4, kVoltSteps_per_V = 1e4, kMilli = 1e3;
constexpr double kCellRange_V = 5.0;

std::vector<Channel> cell_channels(const SensingParameters& p, int cells, std::uint64_t seed) {
  std::vector<Channel> channels;
  for (int i = 0; i < cells; ++i) {
    channels.push_back(Channel::normal(seed, "cell_voltage", static_cast<std::uint64_t>(i), p.cell_gain_sigma,
                                       p.cell_gain_clip, p.cell_offset_sigma_V, p.cell_offset_clip_V, p.cell_noise_V));
  }
  return channels;
}

std::vector<Channel> temperature_channels(const SensingParameters& p, std::uint64_t seed) {
  std::vector<Channel> channels;
  for (int k = 0; k < p.temperatures; ++k) {
    channels.push_back(Channel::uniform(seed, "temperature", static_cast<std::uint64_t>(k), 0.0,
                                        p.temperature_tolerance_K, p.temperature_noise_K));
  }
  return channels;
}

}  // namespace

int cell_of_temperature_sensor(int sensor, int sensors, int cells) {
  const int on_cells = sensors > 1 ? sensors - 1 : sensors;
  if (sensor >= on_cells) return -1;
  return (2 * sensor + 1) * cells / (2 * on_cells);
}

struct Sensing::Data {
  Data(const Scenario& scenario, std::uint64_t seed);

  void sample_cells(TimeNs now, std::uint32_t driven, Frame& frame);
  void open_wires(std::span<double> analog_V) const;
  void sample_voltage(Signal truth, Signal sensed, SensorChannel which, Channel& channel, bool driven, TimeNs now,
                      Frame& frame);
  void sample_current(TimeNs now, bool driven, Frame& frame);
  void sample_temperatures(TimeNs now, const Plant::Feedback& feedback, Frame& frame);
  double lagged(std::size_t sensor, double temperature_degC, bool driven) const;
  double converted(int sensor, double analog_degC, bool driven) const;
  void advance_lag(TimeNs now);

  SensingParameters parameters;
  int cells;
  Thermistor thermistor;
  std::vector<Channel> cell, temperature;
  Channel pack, bus, shunt;
  SensorFaults faults;
  std::vector<double> analog_V;
  std::vector<double> sensor_degC;  // what each thermistor has reached; NaN before the first sample
  TimeNs last = -1, lag_interval = -1;
  double lag_share = 1.0;  // 1 - exp(-dt / tau)
};

Sensing::Data::Data(const Scenario& scenario, std::uint64_t seed)
    : parameters(scenario.pack_profile.sensing),
      cells(scenario.pack_profile.pack.cells),
      thermistor(parameters),
      cell(cell_channels(parameters, cells, seed)),
      temperature(temperature_channels(parameters, seed)),
      pack(Channel::uniform(seed, "pack_voltage", 0, parameters.pack_gain_max, 0.0, parameters.pack_noise_V)),
      bus(Channel::uniform(seed, "bus_voltage", 0, parameters.pack_gain_max, 0.0, parameters.pack_noise_V)),
      shunt(Channel::uniform(seed, "pack_current", 0, parameters.current_gain_max, parameters.current_offset_max_A,
                             parameters.current_noise_A)),
      faults(seed, scenario.faults.size()),
      analog_V(static_cast<std::size_t>(cells)),
      sensor_degC(temperature.size(), std::numeric_limits<double>::quiet_NaN()) {
  if (!(parameters.temperature_tau_s >= 0.0))
    throw std::invalid_argument("The temperature sensors' lag must not be negative.");
}

// The wire between a cell and the next one up carries the upper end of the one and the lower end of the other. The top
// wire has no cell above it.
void Sensing::Data::open_wires(std::span<double> analog) const {
  for (int i = 0; i < cells; ++i) {
    if (!faults.has(SensorChannel::cell_voltage, i, SensorEffect::open_wire)) continue;
    const auto at = static_cast<std::size_t>(i);
    if (at + 1 < analog.size()) analog[at + 1] += analog[at];
    analog[at] = 0.0;
  }
}

void Sensing::Data::sample_cells(TimeNs now, std::uint32_t driven, Frame& frame) {
  const auto truth = frame.array(Signal::truth_cell_voltage);
  const auto sensed = frame.array(Signal::sensed_cell_voltage);
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const double measured_V = cell[i].measure(truth[i]);
    analog_V[i] = driven >> i & 1u ? truth[i] : measured_V;
  }
  if (!faults.none()) open_wires(analog_V);
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const int element = static_cast<int>(i);
    const double analog = faults.distort(SensorChannel::cell_voltage, element, analog_V[i], now);
    const double clamped =
        std::clamp(driven >> i & 1u ? analog : quantised(analog, parameters.cell_lsb_V), 0.0, kCellRange_V);
    const double reading = faults.replace(SensorChannel::cell_voltage, element, clamped, now);
    sensed[i] = std::isnan(reading) ? reading : on_wire(std::clamp(reading, 0.0, kCellRange_V), kCellSteps_per_V);
  }
}

void Sensing::Data::sample_voltage(Signal truth, Signal sensed, SensorChannel which, Channel& channel, bool driven,
                                   TimeNs now, Frame& frame) {
  const double measured_V = channel.measure(frame[truth]);
  const double analog = faults.distort(which, 0, driven ? frame[truth] : measured_V, now);
  const double converted_V = std::max(driven ? analog : quantised(analog, parameters.pack_lsb_V), 0.0);
  const double reading = faults.replace(which, 0, converted_V, now);
  frame[sensed] = std::isnan(reading) ? reading : on_wire(reading, kVoltSteps_per_V);
}

void Sensing::Data::sample_current(TimeNs now, bool driven, Frame& frame) {
  const double truth = frame[Signal::truth_pack_current];
  const double measured_A = shunt.measure(truth);
  const double analog = faults.distort(SensorChannel::pack_current, 0, driven ? truth : measured_A, now);
  const double converted_A =
      std::clamp(quantised(analog, parameters.current_lsb_A), -parameters.current_range_A, parameters.current_range_A);
  const double reading = faults.replace(SensorChannel::pack_current, 0, converted_A, now);
  frame[Signal::sensed_pack_current] = std::isnan(reading) ? reading : on_wire(reading, kMilli);
}

void Sensing::Data::advance_lag(TimeNs now) {
  const TimeNs interval = last < 0 ? 0 : now - last;
  last = now;
  if (interval == lag_interval) return;
  lag_interval = interval;
  lag_share =
      parameters.temperature_tau_s > 0.0 ? -models::expm1(-to_seconds(interval) / parameters.temperature_tau_s) : 1.0;
}

double Sensing::Data::lagged(std::size_t sensor, double temperature_degC, bool driven) const {
  const double before = sensor_degC[sensor];
  if (driven || std::isnan(before)) return temperature_degC;
  return before + lag_share * (temperature_degC - before);
}

double Sensing::Data::converted(int sensor, double analog_degC, bool driven) const {
  if (faults.has(SensorChannel::temperature, sensor, SensorEffect::ntc_open)) return Thermistor::kColdest_degC;
  if (faults.has(SensorChannel::temperature, sensor, SensorEffect::ntc_short)) return Thermistor::kHottest_degC;
  return driven ? analog_degC : thermistor.temperature_degC(thermistor.code(analog_degC));
}

void Sensing::Data::sample_temperatures(TimeNs now, const Plant::Feedback& feedback, Frame& frame) {
  advance_lag(now);
  const auto truth = frame.array(Signal::truth_cell_temperature);
  const auto sensed = frame.array(Signal::sensed_temperature);
  for (std::size_t k = 0; k < temperature.size(); ++k) {
    const int sensor = static_cast<int>(k);
    const int at = cell_of_temperature_sensor(sensor, parameters.temperatures, cells);
    const bool driven = at >= 0 && (feedback.driven.cell_temperatures >> at & 1u);
    sensor_degC[k] = lagged(k, at < 0 ? feedback.ambient_degC : truth[static_cast<std::size_t>(at)], driven);
    const double measured_degC = temperature[k].measure(sensor_degC[k]);
    const double read_degC = converted(sensor, driven ? sensor_degC[k] : measured_degC, driven);
    const double shifted = faults.distort(SensorChannel::temperature, sensor, read_degC, now);
    const double reading = faults.replace(SensorChannel::temperature, sensor, shifted, now);
    sensed[k] = std::isnan(reading) ? reading : on_wire(reading, kMilli);
  }
}

Sensing::Sensing(const Scenario& scenario, std::uint64_t seed) : data_(std::make_unique<Data>(scenario, seed)) {}
Sensing::Sensing(const Scenario& scenario, const Sensing& other) : data_(std::make_unique<Data>(*other.data_)) {
  data_->faults.make_room(scenario.faults.size());
}
Sensing::~Sensing() = default;
Sensing::Sensing(Sensing&&) noexcept = default;

void Sensing::sample(TimeNs now, const Plant::Feedback& feedback, Frame& frame) {
  Data& d = *data_;
  const std::uint32_t all_cells = static_cast<std::uint32_t>((std::uint64_t{1} << d.cells) - 1);
  d.sample_cells(now, feedback.driven.cell_voltages, frame);
  d.sample_voltage(Signal::truth_pack_voltage, Signal::sensed_pack_voltage, SensorChannel::pack_voltage, d.pack,
                   feedback.driven.cell_voltages == all_cells, now, frame);
  d.sample_voltage(Signal::truth_bus_voltage, Signal::sensed_bus_voltage, SensorChannel::bus_voltage, d.bus, false, now,
                   frame);
  d.sample_current(now, feedback.driven.pack_current, frame);
  d.sample_temperatures(now, feedback, frame);
  frame[Signal::sensed_main_feedback] = feedback.main;
  frame[Signal::sensed_charger_feedback] = feedback.charger;
  frame[Signal::sensed_charger_present] = feedback.charger_present;
}

void Sensing::adopt(const FaultSpec& before, const FaultSpec& after) { data_->faults.adopt(before, after); }

void Sensing::activate(const FaultSpec& fault, bool active) {
  if (active) {
    data_->faults.activate(fault);
  } else {
    data_->faults.deactivate(fault);
  }
}

}  // namespace packbench::sim
