// How much memory this process holds at this moment.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

namespace packbench::hil::api {

inline long resident_kB() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
  }
  return 0;
}

}  // namespace packbench::hil::api
