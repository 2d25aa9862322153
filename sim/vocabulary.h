// Names behind coded signals: a state, a reset reason or a fault is a small integer in a frame and a word for people.
//
// The order is part of the trace format and of packlink (hil/packlink asserts it); add at the end only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace packbench::sim {

enum class Vocabulary { none, contactor, on_off, bms_state, fault, reset_reason };

// contactor: open, closed. on_off: off, on. bms_state: INIT .. UPDATE. fault: the ids of the protection table,
// lower case (cell_ov, ...). reset_reason: power_on, software, watchdog, brown_out, external.
std::span<const std::string_view> words(Vocabulary vocabulary);

// The code that says "none of these", where a signal can: device.first_fault while there is no fault. No member of a
// set and no word of the list.
inline constexpr int kNone = -1;
inline constexpr std::string_view kNoneWord = "none";

// Code of a word, or nothing when the vocabulary does not have it.
std::optional<int> code_of(Vocabulary vocabulary, std::string_view word);

// Word of a code, "none" for kNone; "unknown(7)" when the code is outside the vocabulary, so that a newer device can be
// shown.
std::string word_of(Vocabulary vocabulary, int code);

}  // namespace packbench::sim
