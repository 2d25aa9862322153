// The fields of a record: their names, and what their values may be.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "hil/api/values/record.h"

namespace packbench::hil::api {

inline constexpr int kVoltDigits = 4, kDegreeDigits = 3;
inline constexpr std::int64_t kMaxPack_dmV = 20'000'000;  // 2 kV
inline constexpr std::int64_t kMaxCell_dmV = 66'000;      // 6.6 V, beyond any chemistry
inline constexpr std::int64_t kMin_mdegC = -60'000, kMax_mdegC = 200'000;
inline constexpr std::size_t kMostCells = 24;  // and sensors of temperature
inline constexpr std::size_t kMaxFaults = 64, kMaxFaultBytes = 64;

// As the gateway writes them, in its order.
inline constexpr std::array<std::string_view, 19> kPostedKeys{
    "deviceId", "Device_id", "pack_voltage", "cell_voltage", "temperature",          "pack_current",
    "soc",      "ocv_soc",   "soh",          "bms_state",    "main_contactor_state", "charger_contactor_state",
    "id",       "ts",        "boot",         "seq",          "temperatures",         "balancing",
    "faults"};

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

inline bool is_fault(std::string_view text) {
  return !text.empty() && text.size() <= kMaxFaultBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

inline bool is_state(std::string_view text) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return !text.empty() && upper(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return upper(c) || (c >= '0' && c <= '9') || c == '_'; });
}

inline bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace packbench::hil::api
