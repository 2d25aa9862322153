// Who this firmware is: the contents of IDENT.
#pragma once

#include <cstdint>

#include "hil/packlink/messages.h"

namespace packbench::firmware {

packlink_ident_t identity(std::uint8_t reset_reason, std::uint32_t boot_count);

}  // namespace packbench::firmware
