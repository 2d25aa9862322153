// A device that does what a test tells it, at the other end of a transport that is only memory.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hil/link/packlink_device.h"

namespace packbench::hil {

struct SeenFrame {
  std::uint8_t type;
  std::uint16_t sequence;
  std::vector<std::uint8_t> payload;
};

class FakeDevice : public Transport {
 public:
  // What it does; a test changes it as it goes.
  struct Manner {
    packlink_ident_t ident{1,     0,   10, PACKLINK_CAP_LOCKSTEP | PACKLINK_CAP_CONFIG | PACKLINK_CAP_TEST_MESSAGES,
                           24,    0,   1,  "FAKE",
                           "0.1", "b1"};
    int deaf_hellos = 0;  // it ignores this many
    int deaf_ticks = 0;
    int deaf_configs = 0;
    bool echo = false;
    bool lose_profile = false;
    std::size_t flood_bytes = 0;
    std::string nack_of;                         // "TICK", "COMMAND": refuses that message
    std::string text;                            // a log line before TICK_DONE
    std::vector<std::uint8_t> before_tick_done;  // bytes on the line
    int stale_tick_done = 0;                     // answers of earlier ticks that come first
    int baud = 0;
    bool dead = false;
    bool lossless = false;
    std::optional<ProcessActivity> process;  // whose lines are waited on; each silence lets it run and wait so much
    std::chrono::milliseconds runs{}, waits{};
    int silences = 0;  // slices in which it says nothing, after each write
  };
  struct Log {
    std::vector<SeenFrame> frames;
    std::vector<std::vector<std::uint8_t>> writes;
    std::uint32_t crc_errors = 0;
    int ticks_answered = 0;
    std::vector<std::uint16_t> ticks(std::uint8_t type = PACKLINK_TICK) const;
  };

  FakeDevice(Manner& manner, Log& log);

  IoResult write_all(std::span<const std::uint8_t> bytes, Deadline deadline) override;
  IoResult read_some(std::span<std::uint8_t> buffer, Deadline deadline) override;
  void close() override {}
  std::string ending() override { return "the fake died"; }
  int baud() const override { return manner_.baud; }
  bool can_wait() const override { return manner_.process.has_value(); }
  std::optional<ProcessActivity> activity() const override { return manner_.process; }
  bool lossless() const override { return manner_.lossless; }

 private:
  void on_frame(const packlink_frame_t& frame);
  void on_tick(const packlink_frame_t& frame);
  void on_config(const packlink_frame_t& frame);
  void refuse(const packlink_frame_t& frame, const char* why);
  template <typename Message>
  void send(std::size_t (*encode)(std::uint8_t*, std::size_t, std::uint16_t, const Message*), const Message& message,
            std::uint16_t sequence = 0) {
    std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
    const std::size_t size = encode(frame.data(), frame.size(), sequence, &message);
    answer_.insert(answer_.end(), frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
  }

  Manner& manner_;
  Log& log_;
  packlink_decoder_t decoder_;
  std::vector<std::uint8_t> answer_;
  int silences_left_ = 0;
  std::uint32_t profile_crc_ = 0;
  std::uint16_t measurements_ = 0;
};

// A bench and a fake device at the two ends of a line.
struct Pair {
  explicit Pair(std::uint64_t seed = 1, double watchdog_s = 0.2);

  std::optional<DeviceError> connect() { return bench->connect(15, 4); }
  // The next step of 100 ms.
  std::optional<DeviceError> step();

  FakeDevice::Manner manner;
  FakeDevice::Log log;
  std::unique_ptr<PacklinkDevice> bench;
  DeviceReport report;
  sim::TimeNs now = 0;
};

packlink_measurements_t readings(sim::TimeNs now);
sim::FaultSpec line_fault(const std::string& channel, const std::string& kind, double value = 0,
                          std::vector<int> pattern = {}, double probability = 1);
sim::FaultSpec machine_fault(std::string_view channel, std::string_view kind, double value = 0);

}  // namespace packbench::hil
