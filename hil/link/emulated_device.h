// `packbench device`: the reference BMS alone at one end of a line, until the line ends.
//
// Without realtime its time is the bench's: it works when a TICK comes. With it, its time is the wall clock's: its tasks run
// every 10 ms whether somebody listens or not, and IDENT does not offer lockstep.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hil/transport/firmware_transport.h"

namespace packbench::hil {

struct EmulatedDeviceOptions {
  std::vector<std::uint8_t> profile;  // bytes of CONFIG; empty: waits for the bench's
  int cells = 15, temperatures = 4;   // of the profile
  std::string defect;                 // empty: none
  bool realtime = false;
  std::uint8_t reset_reason = 0;      // code of sim/vocabulary.h
  std::uint32_t boot_count = 1;
};

class EmulatedDevice {
 public:
  explicit EmulatedDevice(const EmulatedDeviceOptions& options);

  // Gives the firmware its profile and its defect. Empty, or why it refused them.
  std::string prepare();
  // Until `in` ends (hang-up). Bytes that `out` does not take at once are lost when nobody reads it (`realtime`), else waited for.
  void serve(int in, int out);

 private:
  void answer(int out);
  std::uint64_t elapsed_us() const;

  EmulatedDeviceOptions options_;
  FirmwareTransport firmware_;
  Deadline start_;
};

}  // namespace packbench::hil
