// What each protection watches: one row per fault code, shared by the engine and by the encoder of profiles.
//
// The numbers (levels, delays, actions) come from the profile; this table says which quantity they are compared with,
// in which direction, when they apply, and how urgent the opening is.
#pragma once

#include "hil/firmware/core/codes.h"
#include "hil/firmware/core/measurement.h"
#include "hil/firmware/core/profile.h"

namespace packbench::firmware {

// Everything that a protection may look at, as of one task.
struct Observation {
  const Measurement* measurement = nullptr;
  Summary summary;
  bool fresh = false;  // a measurement is in force: not older than the communication limit
  bool ever_measured = false;
  std::int32_t silence_ms =
      0;                // since the last measurement was taken; 100 ms per period when frames come slower than 10 Hz
  int good_frames = 0;  // accepted in a row without a gap
  int failed_precharges = 0;
  int weld_frames = 0;          // measurements in a row with a contactor driven open and its feedback closed
  int no_close_frames = 0;      // and the other way round
  std::int32_t waiting_ms = 0;  // since boot or the profile
  int stuck_moves = 0;          // stuck_cells.h
  int contradictions = 0;       // current_witness.h
  bool runaway = false;         // heat_rise.h
  int damaged_frames = 0;       // of the last hundred
  bool after_watchdog = false;  // this boot, until cleared by command
  bool profile_damaged = false;
  bool emergency_stop = false;
};

enum class Direction : std::uint8_t { above, below };

struct ProtectionSpec {
  std::int32_t (*value)(const Observation&);  // kNoReading: holds its state
  Direction direction = Direction::above;
  std::int32_t per_unit = 1;                       // wire units per V, A, K, degC or 1 of the profile
  bool (*applies)(const Observation&) = nullptr;   // null: always. When false the protection neither warns nor trips
  bool (*relieved)(const Observation&) = nullptr;  // null: never. When true the fault counts as gone
  // Levels and times that follow the circumstances; null: as in the profile.
  void (*adjust)(ProtectionRow&, const WatchRules&, const Observation&) = nullptr;
  bool at_once = false;      // opens without waiting for zero current
  bool system = false;       // fault of the BMS itself: its levels are not in the profile's rows
  bool on_silence = false;   // judged also while no measurement is in force
  std::uint8_t retries = 0;  // automatic releases before it latches; 0: no limit
};

extern const ProtectionSpec kProtectionTable[kFaultCount];

}  // namespace packbench::firmware
