// The board-support layer's outputs: the one place where a contactor or a bleed resistor is really driven.
//
// On a microcontroller these functions also write the pins. They remember what was written and when, and ACTUATORS is
// built from that memory alone: it says what the hardware does, whatever the application believes or reports.
#pragma once

#include <cstdint>

#include "hil/firmware/app/firmware.h"
#include "hil/firmware/app/variables.h"
#include "hil/packlink/messages.h"

namespace packbench::firmware {

class Board {
 public:
  explicit Board(const Wire& wire) : drive_(wire.drive), context_(wire.context) {}

  void power_on(std::uint64_t now_us);  // everything off
  void set_main(bool closed, std::uint64_t now_us) {
    if (set(driven_.main, driven_.main_changed_us, closed, now_us)) drive_pins();
  }
  void set_charger(bool closed, std::uint64_t now_us) {
    if (set(driven_.charger, driven_.charger_changed_us, closed, now_us)) drive_pins();
  }
  void set_precharge(bool closed, std::uint64_t now_us) {
    if (set(driven_.precharge, driven_.precharge_changed_us, closed, now_us)) drive_pins();
  }
  void set_bleed(std::uint32_t cells, std::uint64_t now_us) {
    set(driven_.bleed, driven_.bleed_changed_us, cells, now_us);
  }

  const packlink_actuators_t& driven() const { return driven_; }

  void variables(VariableList& list) {
    list.add("main_driven_on", driven_.main);
    list.add("charger_driven_on", driven_.charger);
    list.add("precharge_driven_on", driven_.precharge);
    list.add("bleed_driven", driven_.bleed);
  }

 private:
  template <typename Value>
  static bool set(Value& output, std::uint64_t& changed_us, Value value, std::uint64_t now_us) {
    if (output == value) return false;
    output = value;
    changed_us = now_us;
    return true;
  }
  void drive_pins() const;

  void (*drive_)(void* context, bool main, bool charger, bool precharge);
  void* context_;

  packlink_actuators_t driven_{};
};

}  // namespace packbench::firmware
