// A device that speaks packlink, over any transport.
//
// Lockstep: MEASUREMENTS, commands and TICK leave in one write; then the answer is read until TICK_DONE with the tick's
// sequence. On a line that may lose bytes the tick is repeated after a quarter of the watchdog, with the same sequence
// (counted); elsewhere a device that is merely slow changes nothing that a run records. After the watchdog's time
// the device counts as stalled, and time that is the computer's does not count (patience.h). Free-running (IDENT
// without PACKLINK_CAP_LOCKSTEP): MEASUREMENTS and commands leave at their time by the wall clock, and what the device
// sends until the next step's time is taken; a step that ends late is the bench's trouble. Nothing allocates in an
// exchange, unless log lines come in or a line fault holds frames back.
#pragma once

#include <array>
#include <memory>

#include "hil/device.h"
#include "hil/link/frame_receiver.h"
#include "hil/link/line_faults.h"
#include "hil/link/patience.h"
#include "hil/transport/transport.h"

namespace packbench::hil {

class PacklinkDevice : public DeviceUnderTest, private FrameSink {
 public:
  static constexpr int kTickAttempts = 4;
  // More bytes than this in one answer, and the device floods the line.
  static constexpr std::size_t kFloodBytes = 64 << 10;

  PacklinkDevice(std::string uri, std::unique_ptr<Transport> transport, const DeviceOptions& options);
  ~PacklinkDevice() override;

  const std::string& uri() const override { return uri_; }
  std::optional<DeviceError> connect(int cells, int temperatures) override;
  const packlink_ident_t& ident() const override { return ident_; }
  bool lockstep() const override { return (ident_.capabilities & PACKLINK_CAP_LOCKSTEP) != 0; }
  std::optional<DeviceError> configure(const std::vector<std::uint8_t>& profile) override;
  std::optional<DeviceError> set_defect(const std::string& name) override;
  void command(packlink_command_code_t code, std::uint32_t argument) override {
    commands_.push_back({static_cast<std::uint8_t>(code), argument});
  }
  std::optional<DeviceError> exchange(const packlink_measurements_t& measurements, sim::TimeNs now, sim::TimeNs next,
                                      DeviceReport& report) override;
  void line_fault(const sim::FaultSpec& fault, bool active) override;
  void machine_fault(const sim::FaultSpec& fault, bool active) override { machine_faults_.push_back({fault, active}); }
  std::string lacks(const sim::FaultSpec& fault) override;
  Evidence evidence() override;
  LinkCounters counters() const override;
  bool can_save() override;
  std::optional<DeviceError> save() override;
  std::optional<DeviceError> restore(unsigned snapshot) override;

 private:
  using Bytes = std::span<const std::uint8_t>;
  using MaybeError = std::optional<DeviceError>;

  void on_frame(const packlink_frame_t& frame) override;
  void on_tick_done(const packlink_frame_t& frame);
  void on_ident(const packlink_frame_t& frame);
  void on_config_ack(const packlink_frame_t& frame);
  void on_nack(const packlink_frame_t& frame);
  void on_text(const packlink_frame_t& frame);

  std::size_t write_step(const packlink_measurements_t& measurements, sim::TimeNs now, sim::TimeNs next);
  MaybeError tick(Bytes tick_frame, sim::TimeNs next);
  MaybeError paced(sim::TimeNs now, sim::TimeNs next);

  // Sends and reads until `done`, repeating the request `attempts` times within the watchdog; quiet() when it never
  // came.
  MaybeError request(Bytes frame, const bool& done, int attempts, const std::string& expected);
  MaybeError send(Bytes bytes);
  // Reads until `done` or the patience is over.
  MaybeError listen(const bool& done, Patience& patience);
  // No answer came: the device's trouble ("WHAT within 5 s of wall time MORE"), or the computer's.
  DeviceError silent(const Patience& patience, const std::string& what, const std::string& more) const;
  MaybeError read_once(Deadline deadline, IoStatus& status);
  MaybeError greet(packlink_mode_t mode);
  MaybeError send_profile();
  MaybeError send_defect(const std::string& name);
  // Faults of the machine, packlink_machine.cpp.
  struct MachineFault {
    sim::FaultSpec fault;
    bool active = false;
  };
  MaybeError act_on_machine(DeviceReport& report);
  MaybeError act_on_machine(const MachineFault& change, DeviceReport& report);
  MaybeError reset(firmware::ResetReason reason, DeviceReport& report);
  std::string stop(bool active);
  MaybeError tell_drift();
  MaybeError stand_still(sim::TimeNs now, sim::TimeNs next, DeviceReport& report);
  // After a boot: IDENT, profile, defects.
  MaybeError reconnect(DeviceReport& report);
  void look_at_pins(DeviceReport& report);

  // The bench's end of the conversation, packlink_snapshot.cpp.
  struct Snapshot {
    LinkCounters counters;
    LineFaults to_device, from_device;
    FrameReceiver::State receiver;
    packlink_ident_t ident;
    std::vector<std::string> defects;
    std::vector<packlink_command_t> commands;
    std::uint16_t sequence, tick_sequence;
    std::vector<MachineFault> machine_faults;
    bool stopped;
    std::int32_t drift_ppm, told_drift_ppm;
  };
  Snapshot snapshot() const;
  void go_back_to(const Snapshot& snapshot);

  DeviceError gone();
  MaybeError version_trouble() const;

  std::string uri_;
  std::unique_ptr<Transport> transport_;
  WallClock::duration watchdog_;
  LinkCounters counters_;
  LineFaults to_device_, from_device_;
  FrameReceiver receiver_;
  packlink_ident_t ident_{};
  int cells_ = 0, temperatures_ = 0;
  std::vector<std::uint8_t> profile_;  // for after a reset
  std::vector<std::string> defects_;

  std::vector<packlink_command_t> commands_;
  FrameBatch batch_;
  std::vector<std::uint8_t> out_;
  std::array<std::uint8_t, 8192> in_;
  DeviceReport* report_ = nullptr;  // of the exchange under way
  sim::TimeNs now_ = 0;
  std::uint16_t sequence_ = 0;
  std::uint16_t tick_sequence_ = 0;
  std::vector<MachineFault> machine_faults_;  // since the last exchange
  bool stopped_ = false;
  std::int32_t drift_ppm_ = 0, told_drift_ppm_ = 0;
  std::vector<Snapshot> snapshots_;
  std::optional<Deadline> pace_origin_;  // wall time of simulated time 0
  std::size_t answer_bytes_ = 0;

  // What has come since the last request.
  bool got_ident_ = false, got_tick_done_ = false, got_config_ack_ = false, echoed_ = false;
  packlink_config_ack_t config_ack_{};
  std::uint8_t config_part_ = 0;  // that is waited for
  std::string refusal_;
};

}  // namespace packbench::hil
