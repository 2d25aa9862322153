// Coded values in words, for reports.
#pragma once

#include <cstdint>
#include <string>

namespace packbench::hil {

// "cell_ov, pack_ov", or "none".
std::string fault_words(std::uint64_t faults);

}  // namespace packbench::hil
