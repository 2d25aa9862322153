// `packbench device`: the reference BMS alone at one end of a line, until the line ends.
//
// Without realtime its time is the bench's: it works when a TICK comes. With it, its time is the wall clock's: its
// tasks run every 10 ms whether somebody listens or not, it reports every 100 ms, and its IDENT does not offer
// lockstep.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hil/packlink/packlink.h"
#include "hil/transport/firmware_transport.h"
#include "hil/transport/machine_control.h"

namespace packbench::hil {

struct EmulatedDeviceOptions {
  std::vector<std::uint8_t> profile;  // bytes of CONFIG; empty: waits for the bench's
  int cells = 15, temperatures = 4;   // of the profile
  std::string defect;                 // empty: none
  bool realtime = false;
  std::uint8_t reset_reason = 0;     // code of sim/vocabulary.h
  std::uint32_t boot_count = 1;      // without `memory`
  RetainedMemory* memory = nullptr;  // of whoever resets this machine; null: it has memory of its own
  int control = -1;  // native: the socket on which the bench has its hand on this process (machine_control.h)
};

class EmulatedDevice {
 public:
  explicit EmulatedDevice(const EmulatedDeviceOptions& options);

  // Gives the firmware its profile and its defect. Empty, or why it refused them.
  std::string prepare();
  // Until `in` ends (hang-up). Bytes that `out` does not take at once are waited for, or lost when realtime goes on.
  void serve(int in, int out);

 private:
  std::string give_profile_and_defect();
  void report_by_itself();
  bool bytes_came(int in);
  void obey(int line);
  std::string flip_bit(const ControlRequest& request);
  void answer(int out);
  bool put(int out, std::span<const std::uint8_t> bytes);
  bool put_without_lockstep(int out, std::span<const std::uint8_t> bytes);
  std::uint64_t elapsed_us() const;

  EmulatedDeviceOptions options_;
  RetainedMemory own_memory_;
  FirmwareTransport firmware_;
  packlink_decoder_t own_words_{};  // realtime: to find IDENT among what the firmware says
  Deadline start_;
};

}  // namespace packbench::hil
