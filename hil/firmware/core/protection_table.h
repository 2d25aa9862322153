// What each protection watches: one row per fault code, shared by the engine and by the encoder of profiles.
//
// The numbers (levels, delays, actions) come from the profile; this table says which quantity they are compared with,
// in which direction, when they apply, and how urgent the opening is. A fault without a value function is not
// monitored.
#pragma once

#include "hil/firmware/core/codes.h"
#include "hil/firmware/core/measurement.h"

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
  int weld_frames = 0;      // measurements in a row with a contactor driven open and its feedback closed
  int no_close_frames = 0;  // and the other way round
  bool emergency_stop = false;
};

enum class Direction : std::uint8_t { above, below };

struct ProtectionSpec {
  std::int32_t (*value)(const Observation&);  // null: not monitored; kNoReading: holds its state
  Direction direction;
  std::int32_t per_unit;                 // wire units per V, A or degC of the profile
  bool (*applies)(const Observation&);   // null: always. When false the protection neither warns nor trips
  bool (*relieved)(const Observation&);  // null: never. When true the fault counts as gone
  bool at_once;                          // opens without waiting for zero current
  bool system;                           // fault of the BMS itself: levels are not in the profile's rows
  std::uint8_t retries;                  // automatic releases before it latches; 0: no limit
};

extern const ProtectionSpec kProtectionTable[kFaultCount];

}  // namespace packbench::firmware
