// What the streams of one service share: how many there are, who may go on, and what is counted.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "hil/api/service/metrics.h"

namespace packbench::hil::api {

inline constexpr std::size_t kMostStreams = 32;  // at once; a further one is 503

struct Streams {
  Metrics& metrics;
  std::function<bool(std::string_view key)> knows;  // whether a key is valid still
  std::size_t open = 0;
};

}  // namespace packbench::hil::api
