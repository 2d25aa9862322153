// A law that every input obeys: where it is broken the fuzzer stops and keeps the input.
#pragma once

#include <cstdlib>

namespace packbench::fuzz {

inline void require(bool law) {
  if (!law) std::abort();
}

}  // namespace packbench::fuzz
