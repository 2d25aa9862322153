#include "hil/firmware/app/board.h"

namespace packbench::firmware {

void Board::power_on(std::uint64_t now_us) {
  driven_ = packlink_actuators_t{};
  driven_.main_changed_us = driven_.charger_changed_us = now_us;
  driven_.precharge_changed_us = driven_.bleed_changed_us = now_us;
  drive_pins();
}

void Board::drive_pins() const {
  if (drive_ != nullptr) drive_(context_, driven_.main, driven_.charger, driven_.precharge);
}

}  // namespace packbench::firmware
