// Who this firmware is: the contents of IDENT.
#pragma once

#include <cstdint>

#include "hil/packlink/messages.h"

namespace packbench::firmware {

// device_id: at most 24 characters, or null for the name of the reference BMS.
packlink_ident_t identity(std::uint8_t reset_reason, std::uint32_t boot_count, const char* device_id);

}  // namespace packbench::firmware
