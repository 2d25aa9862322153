// The firmware's inside: decoder, dispatcher of messages, time base and answers, around the core and the board's
// outputs.
#pragma once

#include "hil/firmware/app/board.h"
#include "hil/firmware/app/config_parts.h"
#include "hil/firmware/app/device_clock.h"
#include "hil/firmware/app/firmware.h"
#include "hil/firmware/app/outbox.h"
#include "hil/firmware/app/sensor_log.h"
#include "hil/firmware/core/bms.h"
#include "hil/packlink/packlink.h"
#include "hil/packlink/packlink_test.h"

namespace packbench::firmware {

class Device {
 public:
  explicit Device(Wire wire);

  void power_on(std::uint8_t reset_reason, std::uint32_t boot_count);
  const char* load_profile(const std::uint8_t* data, std::size_t size);
  void announce();
  void receive(std::uint8_t byte);
  void run_until(std::uint64_t time_us);
  bool free_running() const { return mode_ == PACKLINK_FREE_RUNNING; }
  std::uint32_t boot_count() const { return boot_count_; }
  void variables(VariableList& list);

 private:
  // One function for each message; each answers for itself.
  void note_damage(std::uint16_t sequence);
  void handle(const packlink_frame_t& frame);
  void on_hello(const packlink_frame_t& frame);
  void on_measurements(const packlink_frame_t& frame);
  void on_tick(const packlink_frame_t& frame);
  void on_command(const packlink_frame_t& frame);
  void on_config(const packlink_frame_t& frame);
  void on_defect(const packlink_frame_t& frame);
  void on_inject(const packlink_frame_t& frame);
  void drift(const packlink_frame_t& frame, std::int32_t drift_ppm);

  void apply(const packlink_frame_t& frame, const packlink_command_t& command);
  void take_profile(const packlink_frame_t& frame, packlink_config_ack_t ack);
  void restart(std::uint8_t reset_reason);
  void set_time(std::uint64_t time_us);
  void run_tasks(std::uint64_t until_us);
  void drive_board(std::uint64_t now_us);
  void answer_tick(const packlink_frame_t& frame, const packlink_tick_t& tick);
  void send_ident();
  void send_notice();
  void log_sensors(const Measurement& measurement);
  bool fits(packlink_measurements_t& readings) const;
  bool before_boot(std::uint64_t time_us) const;
  void refuse(const packlink_frame_t& frame, const char* why);
  bool misbehave();
  packlink_status_t status();

  template <typename Message>
  void send(std::size_t (*encode)(std::uint8_t*, std::size_t, std::uint16_t, const Message*), const Message& message) {
    reply_.clear();
    reply_.add(encode, sequence_, message);
    reply_.send(wire_);
  }

  Wire wire_;
  packlink_decoder_t decoder_;
  Bms bms_;
  Board board_;
  ConfigParts config_;
  SensorLog sensor_log_;
  Outbox reply_, tick_answer_;
  std::uint16_t sequence_ = 0;
  std::uint8_t mode_ = PACKLINK_LOCKSTEP, hello_cells_ = 0;
  std::uint8_t reset_reason_ = 0;
  std::uint32_t boot_count_ = 0, refused_frames_ = 0;
  DeviceClock clock_;
  bool has_time_ = false, booting_ = true, has_tick_ = false, has_readings_ = false, seen_idle_ = false;
  std::uint64_t now_us_ = 0, boot_us_ = 0, reported_us_ = 0;    // by the device's own clock
  std::uint64_t bench_us_ = 0, readings_us_ = 0, tick_us_ = 0;  // by the bench's
  std::uint16_t tick_sequence_ = 0, heard_sequence_ = 0;
  std::uint32_t heard_errors_ = 0;
};

}  // namespace packbench::firmware
