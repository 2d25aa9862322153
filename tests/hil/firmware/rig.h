// The firmware on a bench of its own: bytes in, bytes out, around a pack that has only contactors, a bus and a current.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hil/firmware/app/firmware.h"
#include "hil/firmware/core/codes.h"
#include "hil/packlink/packlink.h"
#include "hil/packlink/packlink_test.h"
#include "sim/language/bms_profile.h"

namespace rig {

using Bytes = std::vector<std::uint8_t>;
using packbench::firmware::BmsState;
using packbench::firmware::Fault;

// The default protections of the 15-cell 100 Ah pack.
packbench::sim::BmsProfile default_profile(int cells = 15);

class Rig {
 public:
  explicit Rig(int cells = 15);
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  // Stimulus: set by tests, sent with the next step. The pack current is charge_A through the charger contactor and
  // -load_A through main, each only while driven closed.
  packlink_measurements_t readings{};
  double charge_A = 0, load_A = 0;
  bool bus_follows = true;  // the bus charges through precharge and main, else it
  double bus_stays_V = 0;   // has this voltage
  bool main_welded = false, main_never_closes = false;
  bool send_measurements = true;
  std::uint64_t step_us = 100'000;

  void set_cells(double volt);  // all cells and the pack voltage
  void set_cell(int cell, double volt);
  void set_temperatures(double degC);

  void hello();
  void configure(const packbench::sim::BmsProfile& profile);
  void command(packlink_command_code_t code, std::uint32_t argument = 0);
  void defect(const std::string& name, bool on = true);
  void send(const Bytes& bytes);

  void step();
  void run(double seconds);
  void ready();  // HELLO, profile, SOC 50 %, ENABLE, until IDLE

  // Seconds until the condition holds, or -1 after `limit_s`.
  template <typename Condition>
  double seconds_until(Condition condition, double limit_s) {
    const std::uint64_t start_us = now_us;
    while (!condition()) {
      if (static_cast<double>(now_us - start_us) > limit_s * 1e6) return -1;
      step();
    }
    return static_cast<double>(now_us - start_us) * 1e-6;
  }

  BmsState state() const { return static_cast<BmsState>(status.state); }
  bool faulty(Fault fault) const { return (status.faults >> static_cast<int>(fault)) & 1u; }
  bool warned(Fault fault) const { return (status.warnings >> static_cast<int>(fault)) & 1u; }
  bool latched(Fault fault) const { return (status.latched_faults >> static_cast<int>(fault)) & 1u; }

  Bytes measurements_frame(std::uint16_t sequence);
  Bytes tick_frame(std::uint16_t sequence, std::uint64_t time_us);

  // What the device said.
  packlink_status_t status{};
  packlink_actuators_t actuators{};
  packlink_ident_t ident{};
  packlink_config_ack_t config_ack{};
  packlink_tick_done_t done{};
  std::vector<std::string> refusals, texts;
  Bytes received;     // every byte so far
  Bytes last_answer;  // of the last tick, in the one send call
  int sends = 0;

  packbench::firmware::Retained retained{};
  packbench::firmware::Firmware firmware;
  std::uint64_t now_us = 0;
  std::uint16_t sequence = 0;
  int cells;

 private:
  static void collect(void* context, const std::uint8_t* data, std::size_t size);
  void understand(const packlink_frame_t& frame);
  void move_pack();

  packlink_decoder_t decoder_;
};

}  // namespace rig
