// The numbers of a record: their names, and the decimals and bounds that they have.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "hil/api/record.h"

namespace packbench::hil::api {

inline constexpr int kVoltDigits = 4, kDegreeDigits = 3;
inline constexpr std::int64_t kMaxPack_dmV = 20'000'000;  // 2 kV
inline constexpr std::int64_t kMin_mdegC = -60'000, kMax_mdegC = 200'000;
inline constexpr std::size_t kMostCells = 24;  // and sensors of temperature

struct Number {
  std::string_view key;
  std::int64_t Record::*value;
  int digits;
  std::int64_t min, max;
  bool required;
};

// In the order of the document; cell_voltage stands behind the first.
inline constexpr std::array kNumbers{
    Number{"pack_voltage", &Record::pack_dmV, kVoltDigits, 0, kMaxPack_dmV, true},
    Number{"temperature", &Record::temperature_mdegC, kDegreeDigits, kMin_mdegC, kMax_mdegC, true},
    Number{"pack_current", &Record::current_mA, 3, -100'000'000, 100'000'000, true},
    Number{"soc", &Record::soc_pctpct, 2, 0, 10'000, true},
    Number{"ocv_soc", &Record::ocv_soc_pctpct, 2, 0, 10'000, false},
    Number{"soh", &Record::soh_pctpct, 2, 0, 11'000, false},
};

}  // namespace packbench::hil::api
