#include "sim/vocabulary.h"

#include <array>
#include <cstddef>

namespace packbench::sim {
namespace {

constexpr std::array<std::string_view, 2> kContactor{"open", "closed"};
constexpr std::array<std::string_view, 2> kOnOff{"off", "on"};
constexpr std::array<std::string_view, 13> kBmsState{"INIT",     "STANDBY",   "PRECHARGE", "IDLE",  "DISCHARGING",
                                                     "CHARGING", "BALANCING", "FULL",      "FAULT", "FAULT_LATCHED",
                                                     "SLEEP",    "SHUTDOWN",  "UPDATE"};
constexpr std::array<std::string_view, 33> kFault{"cell_ov",
                                                  "cell_ov_hard",
                                                  "cell_uv",
                                                  "cell_uv_hard",
                                                  "deep_discharge",
                                                  "pack_ov",
                                                  "pack_uv",
                                                  "occ1",
                                                  "occ2",
                                                  "ocd1",
                                                  "ocd2",
                                                  "short",
                                                  "otc",
                                                  "utc",
                                                  "otd",
                                                  "utd",
                                                  "ot_hard",
                                                  "t_spread",
                                                  "pcb_ot",
                                                  "imbalance",
                                                  "sum_mismatch",
                                                  "open_wire",
                                                  "v_stuck",
                                                  "i_stuck",
                                                  "ntc",
                                                  "precharge_timeout",
                                                  "contactor_weld",
                                                  "contactor_fail_close",
                                                  "comm_loss",
                                                  "frame_errors",
                                                  "watchdog",
                                                  "config",
                                                  "emergency_stop"};
constexpr std::array<std::string_view, 5> kResetReason{"power_on", "software", "watchdog", "brown_out", "external"};

}  // namespace

std::span<const std::string_view> words(Vocabulary vocabulary) {
  switch (vocabulary) {
    case Vocabulary::none:
      return {};
    case Vocabulary::contactor:
      return kContactor;
    case Vocabulary::on_off:
      return kOnOff;
    case Vocabulary::bms_state:
      return kBmsState;
    case Vocabulary::fault:
      return kFault;
    case Vocabulary::reset_reason:
      return kResetReason;
  }
  return {};
}

std::optional<int> code_of(Vocabulary vocabulary, std::string_view word) {
  const auto list = words(vocabulary);
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == word) return static_cast<int>(i);
  }
  return std::nullopt;
}

std::string word_of(Vocabulary vocabulary, int code) {
  const auto list = words(vocabulary);
  if (code == kNone) return std::string(kNoneWord);
  if (code >= 0 && static_cast<std::size_t>(code) < list.size())
    return std::string(list[static_cast<std::size_t>(code)]);
  return "unknown(" + std::to_string(code) + ")";
}

}  // namespace packbench::sim
