// The machine behind a line: what can be done to its processor and read from its pins, besides sending bytes.
//
// Each kind of device does what it can in its own way (inproc: on the object, native: by signals and a new process,
// qemu: through QMP and the debug stub, stm32: inside the CPU emulator) and says in words what it cannot. All faults
// act between two exchanges. What they mean is the same for every kind:
//   reset    the processor starts anew and reports this reason; outputs open. Retained memory keeps what it has, unless
//            the reason is power_on or brown_out, which lose all of RAM. Boots are counted in retained memory: the
//            first after a loss of power is boot 1.
//   stop     the processor stands still: nothing runs, what is sent to it is lost, its outputs stay as they are.
//   flip_bit one bit of a variable in the firmware's list (hil/firmware/app/variables.h) changes, without its help;
//   where
//            there is an image with symbols, also at any of them, in RAM or flash (flip_symbol: "symbol:NAME+OFFSET").
//   pins     the levels of the three contactor outputs, read from the hardware and not from the firmware's word.
// A snapshot is the whole machine: after restore() the same bytes get the same answers as after save().
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "hil/firmware/core/codes.h"

namespace packbench::hil {

enum class MachineAbility { reset, stop, flip_bit, flip_symbol, stick_pin, pins, snapshot };

enum class OutputPin { main, charger, precharge };
enum class PinLevel { driven, stuck_low, stuck_high };  // driven: as the firmware wants it; high closes the contactor

struct PinLevels {
  bool main = false, charger = false, precharge = false;
};

// Every function returns an empty text when it was done, else a clause that says why not ("the emulator has no ...").
class Machine {
 public:
  virtual ~Machine() = default;

  // Empty, or why this kind of device cannot do it: the reason of a skipped run.
  virtual std::string lacks(MachineAbility ability) const = 0;

  virtual std::string reset(firmware::ResetReason reason) = 0;
  virtual std::string stop() = 0;
  virtual std::string resume() = 0;
  // Simulated time goes on by this much while the processor is stopped. True when the watchdog has reset it meanwhile:
  // it then runs again and reports the reason watchdog.
  virtual bool stand_still(std::uint64_t elapsed_us) = 0;
  virtual std::string flip_bit(const std::string& variable, unsigned bit) = 0;
  virtual std::string stick_pin(OutputPin pin, PinLevel level) = 0;
  // Nothing when the machine's pins cannot be read.
  virtual std::optional<PinLevels> pins() = 0;

  // Snapshots are numbered from 0 in the order in which they were taken, and last as long as the line.
  virtual std::string save() = 0;
  virtual std::string restore(unsigned snapshot) = 0;
};

}  // namespace packbench::hil
