#include "hil/api/values/clock.h"

#include <chrono>

namespace packbench::hil::api {

Clock system_clock() {
  return [] {
    using namespace std::chrono;
    return std::int64_t{floor<milliseconds>(std::chrono::system_clock::now()).time_since_epoch().count()};
  };
}

}  // namespace packbench::hil::api
