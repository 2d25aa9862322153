// The reference BMS as one object: bytes in, bytes out, time only from outside. No heap, no exceptions, no RTTI.
//
// The same object is linked into `inproc:` and into the child process of `native:`; a board's start-up code owns one
// too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hil/firmware/app/variables.h"
#include "hil/firmware/core/retained.h"

namespace packbench::firmware {

// What the firmware uses of the machine that it runs on. Called from power_on(), receive() and run_until() only.
struct Wire {
  void (*send)(void* context, const std::uint8_t* data, std::size_t size);  // bytes for the bench
  void* context;
  bool own_process = false;  // the firmware is all that its process does: only then may the defect `crash` end it
  void (*drive)(void* context, bool main, bool charger, bool precharge) = nullptr;  // the pins; null: there are none
  Retained* retained = nullptr;            // what outlives a reset; null: nothing does
  void (*alive)(void* context) = nullptr;  // called once for each 10 ms task: a long tick is no hang
  const char* device_id = nullptr;         // at most 24 characters; null: the name of the reference BMS
  const char* notice = nullptr;            // a sentence about this boot for the bench's log; null: none
};

class Firmware {
 public:
  explicit Firmware(Wire wire);
  ~Firmware();
  Firmware(const Firmware& other);  // on the same wire: a snapshot
  Firmware& operator=(const Firmware&) = delete;

  // Boot: outputs off, state INIT. reset_reason is a code of sim/vocabulary.h. A profile and the state of charge
  // outlast it, as retained memory does.
  void power_on(std::uint8_t reset_reason, std::uint32_t boot_count);
  // The profile that the device has of its own until CONFIG brings another. Null, or why it is not taken.
  const char* load_profile(const std::uint8_t* data, std::size_t size);
  // Says IDENT without being asked, as a board does when it has started.
  void announce();
  // One received byte; a complete TICK runs the 10 ms tasks up to its time and answers ACTUATORS, STATUS, TICK_DONE.
  void receive(std::uint8_t byte);
  // Free-running mode: runs the tasks up to this time of the device's own clock and sends STATUS and ACTUATORS every
  // 100 ms.
  void run_until(std::uint64_t time_us);
  bool free_running() const;  // the bench has asked for it in HELLO
  // Of the boot under way: a reset from inside (COMMAND reset) counts on.
  std::uint32_t boot_count() const;
  // What lies in this object and can be aimed at by name; valid as long as it.
  void variables(Variable (&rows)[kMaxVariables]);

 private:
  struct State;
  alignas(16) unsigned char storage_[16384];  // State (device.h) lives here; its size is asserted
  State& state();
  const State& state() const;
};

}  // namespace packbench::firmware
