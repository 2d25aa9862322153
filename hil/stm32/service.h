// The machine served to a bench: its serial line on one descriptor, requests on another, the levels of its output pins
// in shared memory.
//
// Requests are texts, one packet each, answered by one packet: "ok", "ok TEXT" or "no CLAUSE". The first packet says
// "ok" without being asked, when the firmware has booted and sleeps. A machine that refuses to go on says "no SENTENCE"
// unasked, and the process ends. What the firmware says while it boots after a reset on request is dropped: the line is
// empty then.
//
//   reset REASON             0 power-on, 1 software, 2 watchdog, 3 brown-out, 4 external
//   reset-after N REASON     when N more instructions have been executed
//   stop, resume             stopped, it loses what it is sent
//   stand MICROSECONDS       "ok bitten" when the watchdog has reset it meanwhile
//   flip BIT NAME            NAME: of the firmware's list, a symbol, symbol+offset, an address
//   stick OUTPUT LEVEL       0 main, 1 charger, 2 precharge; 0 as driven, 1 low, 2 high
//   save, restore N          snapshots, numbered from 0
//   statistics               "ok name=number name=number ..."
//   coverage FILE            adds what has been executed to the file
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "hil/stm32/stm32.h"

namespace packbench::hil::stm32 {

class Service {
 public:
  Service(Stm32& machine, int line, int control, std::atomic<std::uint32_t>& pins)
      : machine_(machine), line_(line), control_(control), pins_(pins) {}

  // Until the bench has gone or the machine refuses; the exit status of the process.
  int serve();

 private:
  static constexpr std::uint64_t kSlice = 20'000'000;  // instructions between two looks at the bench
  enum class Next { go_on, bench_gone };

  Next wait(bool busy);
  Next take_bytes();
  Next take_request();
  std::string answer(const std::string& request);
  std::string reset(ResetReason reason);
  std::string boot();
  std::string stand_still(std::uint64_t time_us);
  std::string statistics();
  void publish_pins() { pins_.store(machine_.outputs(), std::memory_order_release); }
  bool put_sent();
  void say(const std::string& text);

  Stm32& machine_;
  int line_, control_;
  std::atomic<std::uint32_t>& pins_;
  bool stopped_ = false;
};

}  // namespace packbench::hil::stm32
