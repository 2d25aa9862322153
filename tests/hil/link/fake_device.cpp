#include "fake_device.h"

#include <algorithm>

namespace packbench::hil {

std::vector<std::uint16_t> FakeDevice::Log::ticks(std::uint8_t type) const {
  std::vector<std::uint16_t> sequences;
  for (const SeenFrame& frame : frames) {
    if (frame.type == type) sequences.push_back(frame.sequence);
  }
  return sequences;
}

FakeDevice::FakeDevice(Manner& manner, Log& log) : manner_(manner), log_(log) { packlink_decoder_init(&decoder_); }

IoResult FakeDevice::write_all(std::span<const std::uint8_t> bytes, Deadline) {
  if (manner_.dead) return {IoStatus::closed, 0};
  silences_left_ = manner_.silences;
  log_.writes.emplace_back(bytes.begin(), bytes.end());
  if (manner_.echo) answer_.insert(answer_.end(), bytes.begin(), bytes.end());
  answer_.insert(answer_.end(), manner_.flood_bytes, 'y');
  packlink_frame_t frame;
  for (const std::uint8_t byte : bytes) {
    if (!manner_.echo && packlink_decoder_feed(&decoder_, byte, &frame)) on_frame(frame);
  }
  log_.crc_errors = decoder_.crc_errors + decoder_.oversize;
  return {IoStatus::ok, bytes.size()};
}

IoResult FakeDevice::read_some(std::span<std::uint8_t> buffer, Deadline) {
  if (silences_left_ > 0) {
    --silences_left_;
    if (manner_.process) {
      manner_.process->ran += manner_.runs;
      manner_.process->waited += manner_.waits;
    }
    return {IoStatus::timed_out, 0};
  }
  const std::size_t bytes = std::min(buffer.size(), answer_.size());
  std::copy_n(answer_.begin(), bytes, buffer.begin());
  answer_.erase(answer_.begin(), answer_.begin() + static_cast<std::ptrdiff_t>(bytes));
  if (bytes > 0) return {IoStatus::ok, bytes};
  return {manner_.dead ? IoStatus::closed : IoStatus::timed_out, 0};
}

void FakeDevice::on_frame(const packlink_frame_t& frame) {
  log_.frames.push_back({frame.type, frame.sequence, {frame.payload, frame.payload + frame.payload_size}});
  switch (frame.type) {
    case PACKLINK_HELLO:
      if (manner_.deaf_hellos-- <= 0) send(packlink_encode_ident, manner_.ident);
      break;
    case PACKLINK_MEASUREMENTS:
      measurements_ = frame.sequence;
      break;
    case PACKLINK_COMMAND:
      if (manner_.nack_of == "COMMAND") refuse(frame, "Not now.");
      break;
    case PACKLINK_CONFIG:
      on_config(frame);
      break;
    case PACKLINK_TICK:
      on_tick(frame);
      break;
    case 0xF0:
      if (manner_.nack_of == "DEFECT") refuse(frame, "This defect is unknown.");
      break;
    default:
      break;
  }
}

void FakeDevice::on_config(const packlink_frame_t& frame) {
  packlink_config_t config;
  if (manner_.deaf_configs-- > 0 || !packlink_decode_config(&frame, &config)) return;
  profile_crc_ = packlink_crc32(config.part == 0 ? 0 : profile_crc_, config.data, config.length);
  send(packlink_encode_config_ack,
       packlink_config_ack_t{config.part, config.part + 1 == config.parts && !manner_.lose_profile, profile_crc_});
}

void FakeDevice::on_tick(const packlink_frame_t& frame) {
  if (manner_.nack_of == "TICK") return refuse(frame, "TICK goes back in time.");
  if (manner_.deaf_ticks-- > 0) return;
  packlink_tick_t tick;
  packlink_decode_tick(&frame, &tick);
  packlink_actuators_t actuators{};
  actuators.main = true;
  packlink_status_t status{};
  status.cells = 15;
  status.measurement_sequence = measurements_;
  status.uptime_us = tick.time_us;
  send(packlink_encode_actuators, actuators);
  send(packlink_encode_status, status);
  packlink_text_t text{};
  text.length = static_cast<std::uint8_t>(manner_.text.size());
  std::ranges::copy(manner_.text, text.text);
  if (!manner_.text.empty()) send(packlink_encode_text, text);
  answer_.insert(answer_.end(), manner_.before_tick_done.begin(), manner_.before_tick_done.end());
  for (int i = 0; i < manner_.stale_tick_done; ++i) {
    send(packlink_encode_tick_done,
         packlink_tick_done_t{static_cast<std::uint16_t>(frame.sequence - 2), tick.time_us, 0});
  }
  send(packlink_encode_tick_done, packlink_tick_done_t{frame.sequence, tick.time_us, 0});
  ++log_.ticks_answered;
}

void FakeDevice::refuse(const packlink_frame_t& frame, const char* why) {
  packlink_nack_t nack{};
  nack.refused_type = frame.type;
  nack.refused_sequence = frame.sequence;
  nack.length = static_cast<std::uint8_t>(std::string_view(why).size());
  std::copy_n(why, nack.length, nack.why);
  send(packlink_encode_nack, nack);
}

Pair::Pair(std::uint64_t seed, double watchdog_s) {
  DeviceOptions options;
  options.seed = seed;
  options.watchdog_s = watchdog_s;
  bench = std::make_unique<PacklinkDevice>("fake:", std::make_unique<FakeDevice>(manner, log), options);
}

std::optional<DeviceError> Pair::step() {
  const sim::TimeNs next = now + 100 * sim::kMillisecond;
  auto error = bench->exchange(readings(now), now, next, report);
  now = next;
  return error;
}

packlink_measurements_t readings(sim::TimeNs now) {
  packlink_measurements_t readings{};
  readings.time_us = static_cast<std::uint64_t>(now / sim::kMicrosecond);
  readings.cells = 15;
  readings.temperatures = 4;
  readings.pack_dmV = readings.bus_dmV = 495'000;
  for (std::uint16_t& cell : readings.cell_dmV) cell = 33'000;
  for (std::int32_t& temperature : readings.temperature_mdegC) temperature = 25'000;
  return readings;
}

sim::FaultSpec line_fault(const std::string& channel, const std::string& kind, double value, std::vector<int> pattern,
                          double probability) {
  sim::FaultSpec fault;
  fault.target = sim::FaultTarget::line;
  fault.channel = channel;
  fault.kind = kind;
  fault.value = value;
  fault.pattern = std::move(pattern);
  fault.probability = probability;
  return fault;
}

sim::FaultSpec machine_fault(std::string_view channel, std::string_view kind, double value) {
  sim::FaultSpec fault;
  fault.target = sim::FaultTarget::machine;
  fault.channel = channel;
  fault.kind = kind;
  fault.value = value;
  return fault;
}

}  // namespace packbench::hil
