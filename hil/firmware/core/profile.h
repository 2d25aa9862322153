// The BMS profile inside the device: thresholds and times in wire units, and its bytes as CONFIG carries them.
//
//   magic "PBP1" | crc32 u32 of all that follows | version u16 | cells u8 | rows u8 | points u8 | reserved u8
//   | capacity_mAh u32 | full_anchor_dmV i32 | full_anchor_mA i32 | full_anchor_ms u32 | empty_anchor_dmV i32
//   | empty_anchor_mA i32 | comm_loss_ms u32 | precharge_timeout_ms u32 | precharge_delta_dmV i32 | precharge_tries u32
//   | precharge_pause_ms u32 | feedback_delay_ms u32 | charge_limit_mA i32 | discharge_limit_mA i32 |
//   zero_current_wait_ms u32 | WatchRules, then ChargeRules, every member 32 bits in their order | rows of: fault u8 |
//   action u8 | latched u8 | reserved u8 | warn i32 | trip i32 | delay_ms u32 | release i32
//     | release_delay_ms u32 | warn_delay_ms u32
//   | points of: soc_pctpct u16 | ocv_dmV u16
// Little endian. A level that a row does not have is kNoReading.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hil/firmware/core/charge_rules.h"
#include "hil/firmware/core/codes.h"
#include "hil/firmware/core/measurement.h"
#include "hil/firmware/core/watch_rules.h"

namespace packbench::firmware {

inline constexpr int kMaxOcvPoints = 128;
inline constexpr std::size_t kProfileHeaderSize = 14, kProfileFieldsSize = 15 * 4, kProfileWatchSize = kWatchRulesSize,
                             kProfileChargeSize = (18 + 8 * 5) * 4, kProfileRowSize = 28, kProfilePointSize = 4;
inline constexpr std::size_t kMaxProfileBytes = kProfileHeaderSize + kProfileFieldsSize + kProfileWatchSize +
                                                kProfileChargeSize + kFaultCount * kProfileRowSize +
                                                kMaxOcvPoints * kProfilePointSize;
inline constexpr std::uint16_t kProfileVersion = 3;

// One protection. Above or below, unit and special rules follow from the fault: protection_table.h.
struct ProtectionRow {
  bool present = false;
  bool latched = false;
  Action action = kOpenNone;
  std::int32_t warn = kNoReading, trip = kNoReading, release = kNoReading;
  std::uint32_t delay_ms = 0, release_delay_ms = 0, warn_delay_ms = 0;
};

struct OcvPoint {
  std::uint16_t soc_pctpct, ocv_dmV;
};

struct Profile {
  int cells = 0;
  std::int32_t capacity_mAh = 0;
  std::int32_t full_anchor_dmV = 0, full_anchor_mA = 0, empty_anchor_dmV = 0, empty_anchor_mA = 0;
  std::uint32_t full_anchor_ms = 0;
  std::uint32_t comm_loss_ms = 0;
  std::uint32_t precharge_timeout_ms = 0, precharge_tries = 0, precharge_pause_ms = 0;
  std::int32_t precharge_delta_dmV = 0;
  std::uint32_t feedback_delay_ms = 0, zero_current_wait_ms = 0;
  std::int32_t charge_limit_mA = 0, discharge_limit_mA = 0;
  WatchRules watch;
  ChargeRules charge;
  ProtectionRow rows[kFaultCount];
  OcvPoint ocv[kMaxOcvPoints];
  int ocv_points = 0;

  const ProtectionRow& row(Fault fault) const { return rows[static_cast<int>(fault)]; }
  ProtectionRow& row(Fault fault) { return rows[static_cast<int>(fault)]; }
};

// What is left when the profile in memory is damaged: nothing but the fault that says so, which opens everything.
Profile safe_profile();

// Checks a profile and adds the rows of the faults of the BMS itself. Null, or a sentence that says what is wrong.
const char* complete_profile(Profile& profile);

// Reads and completes a profile. Returns nothing (null) when it is whole and consistent, else a sentence that says why
// not, and then `profile` is unspecified.
const char* decode_profile(const std::uint8_t* data, std::size_t size, Profile& profile);

}  // namespace packbench::firmware
