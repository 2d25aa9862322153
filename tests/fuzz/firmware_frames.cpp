// Any bytes and any frames into the whole firmware: what it sends is whole frames, a tick is answered as the protocol
// says and a repeated one bit by bit the same, and two firmwares that are fed alike answer alike.
//
// An input is a list of operations: bytes as they are, or a frame of a type with any payload, sent with a right CRC.
#include <cstring>
#include <vector>

#include "hil/firmware/app/firmware.h"
#include "hil/firmware/host/profile_bytes.h"
#include "hil/packlink/packlink.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/require.h"
#include "tests/hil/firmware/rig.h"

namespace {

using packbench::firmware::Firmware;
using packbench::fuzz::Input;
using packbench::fuzz::require;
using Bytes = std::vector<std::uint8_t>;

constexpr int kMostTicks = 60;

// A firmware, and what it has sent since the last question.
class Device {
 public:
  Device() : firmware_({&Device::collect, this}) {
    packlink_decoder_init(&decoder_);
    firmware_.power_on(0, 1);
  }
  const Bytes& receive(const Bytes& bytes) {
    sent_.clear();
    types_.clear();
    for (const std::uint8_t byte : bytes) firmware_.receive(byte);
    require(decoder_.crc_errors == 0 && decoder_.oversize == 0);
    return sent_;
  }
  const Bytes& types() const { return types_; }
  const packlink_status_t& status() const { return status_; }

 private:
  static void collect(void* context, const std::uint8_t* data, std::size_t size) {
    auto& self = *static_cast<Device*>(context);
    self.sent_.insert(self.sent_.end(), data, data + size);
    packlink_frame_t frame;
    for (std::size_t i = 0; i < size; ++i) {
      if (!packlink_decoder_feed(&self.decoder_, data[i], &frame)) continue;
      self.types_.push_back(frame.type);
      if (frame.type == PACKLINK_STATUS) require(packlink_decode_status(&frame, &self.status_));
    }
  }

  Firmware firmware_;
  packlink_decoder_t decoder_;
  packlink_status_t status_{};
  Bytes sent_, types_;
};

class Bench {
 public:
  Bench() { begin(); }
  void operate(Input& input);
  bool tired() const { return ticks_ > kMostTicks; }

 private:
  void begin();
  void send(const Bytes& bytes) {
    const Bytes answer = device_.receive(bytes);
    require(twin_.receive(bytes) == answer);
    check_status();
  }
  void send_frame(std::uint8_t type, const Bytes& payload) {
    Bytes frame(PACKLINK_MAX_FRAME);
    frame.resize(
        packlink_encode_frame(frame.data(), frame.size(), type, 0, ++sequence_, payload.data(), payload.size()));
    send(frame);
  }
  void tick(std::uint32_t step_ms);
  void measure(Input& input);
  void check_status() const;

  Device device_, twin_;
  std::uint16_t sequence_ = 0;
  std::uint64_t time_us_ = 0;
  int ticks_ = 0;
};

// A new bench says HELLO and sends the profile, so that an input can go further than a refusal.
void Bench::begin() {
  send_frame(PACKLINK_HELLO, {PACKLINK_VERSION_MAJOR, 0, PACKLINK_LOCKSTEP, 15, 5});
  const Bytes profile = packbench::firmware::encode_profile(rig::default_profile());
  const std::size_t parts = (profile.size() + 199) / 200;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t from = part * 200, size = std::min<std::size_t>(200, profile.size() - from);
    Bytes payload{static_cast<std::uint8_t>(part), static_cast<std::uint8_t>(parts), static_cast<std::uint8_t>(size)};
    payload.insert(payload.end(), profile.begin() + static_cast<std::ptrdiff_t>(from),
                   profile.begin() + static_cast<std::ptrdiff_t>(from + size));
    send_frame(PACKLINK_CONFIG, payload);
  }
  require(device_.types() == Bytes{PACKLINK_CONFIG_ACK});
}

void Bench::check_status() const {
  const packlink_status_t& s = device_.status();
  require(s.soc_pctpct <= 10'000 || s.soc_pctpct == PACKLINK_NO_PERCENT);
  require((s.latched_faults & ~s.faults) == 0);
  require((s.balancing & s.balancing << 1) == 0);
  require(s.charge_limit_mA >= 0 && s.discharge_limit_mA >= 0);
}

void Bench::tick(std::uint32_t step_ms) {
  ++ticks_;
  const packlink_tick_t message{time_us_ += std::uint64_t{step_ms} * 1000};
  Bytes frame(PACKLINK_MAX_FRAME);
  frame.resize(packlink_encode_tick(frame.data(), frame.size(), ++sequence_, &message));
  send(frame);
  const Bytes answered = device_.types();
  if (answered == Bytes{PACKLINK_NACK}) return;  // an input may have set the clock further on
  require(answered == Bytes({PACKLINK_ACTUATORS, PACKLINK_STATUS, PACKLINK_TICK_DONE}));
  const Bytes once = device_.receive(frame), twice = device_.receive(frame);
  require(once == twice);
  require(twin_.receive(frame) == once);
}

void Bench::measure(Input& input) {
  packlink_measurements_t m{};
  m.time_us = time_us_;
  m.cells = 15;
  m.temperatures = 5;
  const std::uint8_t bits = input.u8();
  m.main_feedback = bits & 1u, m.charger_feedback = bits & 2u, m.charger_present = bits & 4u;
  m.pack_dmV = input.u16() * 10u;
  m.bus_dmV = bits & 8u ? m.pack_dmV : input.u16() * 10u;
  m.current_mA = input.i16() * 15;
  for (int i = 0; i < 15; ++i) m.cell_dmV[i] = bits & 16u ? input.u16() : 33'000;
  for (int i = 0; i < 5; ++i) m.temperature_mdegC[i] = bits & 32u ? input.i16() * 5 : 25'000;
  Bytes frame(PACKLINK_MAX_FRAME);
  frame.resize(packlink_encode_measurements(frame.data(), frame.size(), ++sequence_, &m));
  send(frame);
}

void Bench::operate(Input& input) {
  const std::uint8_t operation = input.u8();
  switch (operation % 5) {
    case 0: {
      Bytes bytes(input.u8());
      for (std::uint8_t& byte : bytes) byte = input.u8();
      return send(bytes);
    }
    case 1: {
      const std::uint8_t type = input.u8();
      if (type == 0xF0) return;  // DEFECT: what is broken on purpose obeys no law
      Bytes payload(input.u8() % (PACKLINK_MAX_PAYLOAD + 1));
      for (std::uint8_t& byte : payload) byte = input.u8();
      return send_frame(type, payload);
    }
    case 2:
      return tick(input.u8() * 10u);
    case 3:
      return measure(input);
    default: {
      const packlink_command_t command{static_cast<std::uint8_t>(operation / 5 % 8), input.u16()};
      Bytes frame(PACKLINK_MAX_FRAME);
      frame.resize(packlink_encode_command(frame.data(), frame.size(), ++sequence_, &command));
      return send(frame);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Bench bench;
  while (!input.ended() && !bench.tired()) bench.operate(input);
  return 0;
}
