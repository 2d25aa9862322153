// What a boot knows of the boots before it, in memory that start-up code leaves alone.
//
// A chip says itself why it was reset. Where it does not (an emulator without reset flags), whoever resets it writes
// the reason into `next_reason` beforehand: the symbol packbench_boot_record is part of the image's interface.
#pragma once

#include <cstdint>
#include <optional>

#include "hil/firmware/core/codes.h"
#include "hil/firmware/core/retained.h"

namespace packbench::firmware {

struct BootRecord {
  std::uint32_t magic, boot_count, check;  // check: neither memory full of noise nor of zeros passes for a record
  std::uint32_t next_reason;               // a ResetReason, or kNoReason
};
inline constexpr std::uint32_t kNoReason = 0xFFFFFFFF;

struct Boot {
  ResetReason reason;
  std::uint32_t count;
};

// Counts this boot. A loss of power loses what was retained, too: both records are cleared.
Boot begin_boot(std::optional<ResetReason> reason);
// The firmware's own count goes on by itself at a reset from inside.
void note_boots(std::uint32_t count);
// The reason of a reset that the firmware is about to ask for.
void announce_reset(ResetReason reason);
Retained& retained();

}  // namespace packbench::firmware

extern "C" {
extern packbench::firmware::BootRecord packbench_boot_record;
extern packbench::firmware::Retained packbench_retained;
}
