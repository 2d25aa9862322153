#include "hil/firmware/board/cortexm/boot_record.h"

extern "C" {
[[gnu::noinit]] packbench::firmware::BootRecord packbench_boot_record;
[[gnu::noinit]] packbench::firmware::Retained packbench_retained;
}

namespace packbench::firmware {
namespace {

constexpr std::uint32_t kMagic = 0x50424252;

std::uint32_t check_of(const BootRecord& record) { return ~(record.magic ^ (record.boot_count * 2654435761u)); }

bool whole(const BootRecord& record) { return record.magic == kMagic && record.check == check_of(record); }

ResetReason noted_reason(const BootRecord& record) {
  const bool noted = record.next_reason <= static_cast<std::uint32_t>(ResetReason::external);
  return noted ? static_cast<ResetReason>(record.next_reason) : ResetReason::external;
}

bool loses_memory(ResetReason reason) { return reason == ResetReason::power_on || reason == ResetReason::brown_out; }

}  // namespace

Boot begin_boot(std::optional<ResetReason> reason) {
  BootRecord& record = packbench_boot_record;
  const bool known = whole(record);
  const ResetReason why = reason ? *reason : known ? noted_reason(record) : ResetReason::power_on;
  const bool lost = !known || loses_memory(why);
  if (lost) packbench_retained = Retained{};
  record.magic = kMagic;
  record.boot_count = lost ? 1 : record.boot_count + 1;
  record.check = check_of(record);
  record.next_reason = kNoReason;
  return {why, record.boot_count};
}

void note_boots(std::uint32_t count) {
  if (packbench_boot_record.boot_count == count) return;
  packbench_boot_record.boot_count = count;
  packbench_boot_record.check = check_of(packbench_boot_record);
}

void announce_reset(ResetReason reason) { packbench_boot_record.next_reason = static_cast<std::uint32_t>(reason); }

Retained& retained() { return packbench_retained; }

}  // namespace packbench::firmware
