// The dashboard of `packbench serve`: the files of page/ and of uPlot, compiled in, as the Device API gives them out.
#pragma once

#include <span>

#include "hil/api/http/http_message.h"

namespace packbench::hil {

std::span<const api::Asset> dashboard_assets();

}  // namespace packbench::hil
