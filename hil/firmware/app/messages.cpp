// What each message from the bench does. Ticks: device.cpp.
#include "hil/firmware/app/device.h"
#include "hil/firmware/app/identity.h"
#include "hil/firmware/app/status.h"

namespace packbench::firmware {

void Device::handle(const packlink_frame_t& frame) {
  switch (frame.type) {
    case PACKLINK_HELLO:
      return on_hello(frame);
    case PACKLINK_MEASUREMENTS:
      return on_measurements(frame);
    case PACKLINK_TICK:
      return on_tick(frame);
    case PACKLINK_COMMAND:
      return on_command(frame);
    case PACKLINK_CONFIG:
      return on_config(frame);
    case PACKLINK_DEFECT:
      return on_defect(frame);
    case PACKLINK_INJECT:
      return on_inject(frame);
    default:
      return;  // from a newer bench
  }
}

void Device::refuse(const packlink_frame_t& frame, const char* why) {
  packlink_nack_t nack{};
  nack.refused_type = frame.type;
  nack.refused_sequence = frame.sequence;
  while (nack.length < sizeof nack.why && why[nack.length] != '\0') {
    nack.why[nack.length] = why[nack.length];
    ++nack.length;
  }
  ++refused_frames_;
  send(packlink_encode_nack, nack);
}

void Device::send_ident() { send(packlink_encode_ident, identity(reset_reason_, boot_count_, wire_.device_id)); }

// A new session: the next time that is heard sets the clock.
void Device::on_hello(const packlink_frame_t& frame) {
  packlink_hello_t hello;
  if (!packlink_decode_hello(&frame, &hello)) return refuse(frame, "HELLO is too short.");
  if (hello.version_major != PACKLINK_VERSION_MAJOR) {
    return refuse(frame, "This device speaks packlink 1; the bench speaks another major version.");
  }
  if (hello.cells < 1 || hello.cells > PACKLINK_MAX_CELLS || hello.temperatures > PACKLINK_MAX_TEMPERATURES) {
    return refuse(frame, "This device takes 1 to 24 cells and at most 8 temperatures.");
  }
  mode_ = hello.mode;
  heard_sequence_ = frame.sequence;
  hello_cells_ = hello.cells;
  has_time_ = has_tick_ = has_readings_ = false;
  send_ident();
}

namespace {
constexpr std::uint64_t kFarthestReadings_us = 3'600'000'000;  // as far as a tick may go
}  // namespace

// A front end for more cells than the profile's sends slots that read nothing; they are left out.
bool Device::fits(packlink_measurements_t& readings) const {
  if (readings.cells < bms_.cells()) return false;
  if (bms_.defects.has(Defect::unused_slots_taken_for_cells)) return true;
  for (int i = bms_.cells(); i < readings.cells; ++i) {
    if (readings.cell_dmV[i] != 0 && readings.cell_dmV[i] != PACKLINK_NO_VOLTAGE) return false;
  }
  readings.cells = static_cast<std::uint8_t>(bms_.cells());
  return true;
}

// Readings from before the boot are a replay; the last one before it may be as old as the tick that the boot follows.
bool Device::before_boot(std::uint64_t time_us) const {
  return has_time_ && time_us < boot_us_ && !bms_.defects.has(Defect::old_frames_taken_after_reset);
}

// Readings that are not newer than the last ones are duplicates or come late: they are ignored.
void Device::on_measurements(const packlink_frame_t& frame) {
  packlink_measurements_t readings;
  if (!packlink_decode_measurements(&frame, &readings)) return refuse(frame, "MEASUREMENTS is too short.");
  if (bms_.configured() && !fits(readings)) {
    return refuse(frame, "MEASUREMENTS has another cell count than the profile.");
  }
  if (has_time_ && readings.time_us > now_us_ + kFarthestReadings_us) {
    return refuse(frame, "MEASUREMENTS are from the future.");
  }
  if (before_boot(readings.time_us)) return;
  const bool old = has_readings_ && (readings.time_us <= readings_us_ || frame.sequence == bms_.measurement().sequence);
  const bool age_ignored = bms_.defects.has(Defect::stale_frames_accepted);
  if (old && !age_ignored) return;
  if (!has_time_ && mode_ == PACKLINK_LOCKSTEP) set_time(readings.time_us);
  has_readings_ = true;
  if (!old) readings_us_ = readings.time_us;
  Measurement measurement = to_measurement(readings, frame.sequence);
  const bool by_arrival = mode_ == PACKLINK_FREE_RUNNING || age_ignored;
  measurement.time_us = by_arrival ? now_us_ : clock_.own_us(readings.time_us);
  if (bms_.defects.has(Defect::status_lies_about_charger)) measurement.charger_feedback = bms_.outputs().charger;
  bms_.measure(measurement);
  log_sensors(measurement);
}

void Device::log_sensors(const Measurement& measurement) {
  packlink_text_t line{};
  for (int i = 0; i < measurement.temperatures; ++i) {
    if (sensor_log_.step(measurement, i, bms_.defects, line)) send(packlink_encode_text, line);
  }
}

void Device::on_command(const packlink_frame_t& frame) {
  packlink_command_t command;
  if (!packlink_decode_command(&frame, &command)) return refuse(frame, "COMMAND is too short.");
  apply(frame, command);
}

void Device::apply(const packlink_frame_t& frame, const packlink_command_t& command) {
  switch (command.code) {
    case PACKLINK_ENABLE:
      return bms_.enable();
    case PACKLINK_DISABLE:
      return bms_.disable();
    case PACKLINK_EMERGENCY_STOP:
      return bms_.emergency_stop();
    case PACKLINK_RESET:
      return restart(static_cast<std::uint8_t>(ResetReason::software));
    case PACKLINK_CLEAR_LATCHED:
      if (bms_.clear_latched() != 0) refuse(frame, "A latched fault still has its cause and was not cleared.");
      return;
    case PACKLINK_SET_SOC:
      if (!bms_.configured()) return refuse(frame, "SET_SOC needs a profile first.");
      if (command.argument > 10'000) return refuse(frame, "SET_SOC is above 100 %.");
      return bms_.set_soc(command.argument);
    default:
      return refuse(frame, "This command is unknown.");
  }
}

void Device::on_config(const packlink_frame_t& frame) {
  packlink_config_t part;
  if (!packlink_decode_config(&frame, &part)) return refuse(frame, "CONFIG is too short.");
  if (const char* why = config_.add(part)) return refuse(frame, why);
  const packlink_config_ack_t ack{part.part, false, packlink_crc32(0, config_.data(), config_.size())};
  if (config_.complete() && part.part + 1 == part.parts) return take_profile(frame, ack);
  send(packlink_encode_config_ack, ack);
}

void Device::take_profile(const packlink_frame_t& frame, packlink_config_ack_t ack) {
  Profile profile;
  if (const char* why = decode_profile(config_.data(), config_.size(), profile)) return refuse(frame, why);
  if (hello_cells_ != 0 && profile.cells != hello_cells_) {
    return refuse(frame, "The profile is for another cell count than HELLO announced.");
  }
  if (const char* why = bms_.configure(profile)) return refuse(frame, why);
  has_readings_ = false;
  ack.complete = true;
  send(packlink_encode_config_ack, ack);
}

}  // namespace packbench::firmware
