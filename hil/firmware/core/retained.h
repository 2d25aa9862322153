// Memory that outlives a reset but not a loss of power: plain bytes at a fixed place, told from noise by a checksum.
//
// On a board it lies in a section that start-up code leaves alone; on the host whoever owns the firmware owns it too.
//
//   magic "PBR1" | crc32 u32 of all that follows | version u16 | length u16 of all that follows | saved_us u64
//   | charge_mA_us i64 | nominal_mAh i32 | learnt_mAh i32 | resistance_pctpct u16 | reported_pctpct u16
//   | hysteresis_permille i32 | factor_permille i32 | boots u32 | reset_reason u8, little endian
#pragma once

#include <cstdint>

namespace packbench::firmware {

struct Retained {
  alignas(8) std::uint8_t bytes[256];
};

// What is kept of the state of charge and of the last boots.
struct ChargeMemory {
  std::uint64_t saved_us = 0;
  std::int64_t charge_mA_us = 0;
  std::int32_t nominal_mAh = 0, learnt_mAh = 0;  // learnt 0: not known
  std::uint16_t resistance_pctpct = 0;           // of a new cell's, 0: not known
  std::uint16_t reported_pctpct = 0;
  std::int32_t hysteresis_permille = 0, factor_permille = 1000;
  std::uint32_t boots = 0;        // since this memory was last lost
  std::uint8_t reset_reason = 0;  // of the last of them
};

// Where the charge lies in the record: what a test of the memory flips.
inline constexpr int kRetainedChargeAt = 20;

void write_retained(const ChargeMemory& memory, Retained& retained);
// False, and `memory` untouched, when the bytes are noise, of another version, or have one bit changed.
bool read_retained(const Retained& retained, ChargeMemory& memory);
// The same without the checksum: only for the defect that leaves it out.
bool read_unchecked(const Retained& retained, ChargeMemory& memory);

}  // namespace packbench::firmware
