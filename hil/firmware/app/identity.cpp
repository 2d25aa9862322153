#include "hil/firmware/app/identity.h"

#include "hil/firmware/core/bms.h"

namespace packbench::firmware {
namespace {

template <std::size_t N>
void copy(char (&field)[N], const char* text) {
  for (std::size_t i = 0; i + 1 < N && text[i] != '\0'; ++i) field[i] = text[i];
}

}  // namespace

packlink_ident_t identity(std::uint8_t reset_reason, std::uint32_t boot_count, const char* device_id) {
  packlink_ident_t ident{};
  ident.version_major = PACKLINK_VERSION_MAJOR;
  ident.version_minor = PACKLINK_VERSION_MINOR;
  ident.control_period_ms = kTask_us / 1000;
  ident.capabilities =
      PACKLINK_CAP_LOCKSTEP | PACKLINK_CAP_CONFIG | PACKLINK_CAP_TEST_MESSAGES | PACKLINK_CAP_ACTUATORS;
  ident.max_cells = kMaxCells;
  ident.reset_reason = reset_reason;
  ident.boot_count = boot_count;
  copy(ident.device_id, device_id != nullptr ? device_id : "packbench-reference-bms");
  copy(ident.firmware, PACKBENCH_FIRMWARE_VERSION);
  copy(ident.build_id, PACKBENCH_FIRMWARE_BUILD);
  return ident;
}

}  // namespace packbench::firmware
