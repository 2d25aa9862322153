#include "hil/api/values/record_scan.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "hil/api/values/record_fields.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api {
namespace {

namespace json = simdjson::ondemand;

// A number, a word or a flag as written, without the white space behind it. Of arrays and objects their first
// character; nothing of a word before a colon, which the parser would pass over as if it were a key.
std::string_view token_of(json::value& value) {
  std::string_view token = value.raw_json_token();
  if (*(token.data() + token.size()) == ':') return {};  // the next token, or the padding
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t'))
    token.remove_suffix(1);
  return token;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What a string says that needs no decoding.
std::optional<std::string_view> plain_text(std::string_view token, std::size_t longest) {
  if (token.size() < 3 || token.size() > longest + 2 || token.front() != '"' || token.back() != '"')
    return std::nullopt;
  token = token.substr(1, token.size() - 2);
  const bool plain = std::ranges::all_of(token, [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
  return plain ? std::optional(token) : std::nullopt;
}

bool take_text(std::string_view token, std::size_t longest, std::string& out) {
  const auto text = plain_text(token, longest);
  if (text) out = *text;
  return text.has_value();
}

bool take_flag(std::string_view token, bool& out) {
  out = token == "true";
  return out || token == "false";
}

bool take_whole(std::string_view token, std::optional<std::int64_t>& out) {
  constexpr std::size_t kMostDigits = 15;
  const bool plain = !token.empty() && token.size() <= kMostDigits && std::ranges::all_of(token, is_digit) &&
                     (token.size() == 1 || token.front() != '0');
  out.emplace(0);
  return plain && std::from_chars(token.data(), token.data() + token.size(), *out).ec == std::errc();
}

bool take_reading(std::string_view token, int digits, std::int64_t min, std::int64_t max, std::int64_t& out) {
  if (token == "null") return out = kNoReading, true;
  const auto number = scan_fixed(token, digits);
  if (!number || *number < min || *number > max) return false;
  out = *number;
  return true;
}

// Calls take(token) for each item; false when one is refused or there are too many.
template <class Take>
bool each_item(json::value& list, std::size_t most, Take&& take) {
  std::size_t count = 0;
  for (json::value item : list.get_array()) {
    if (++count > most || !take(token_of(item))) return false;
  }
  return true;
}

bool take_list(json::value& list, int digits, std::int64_t min, std::int64_t max, std::vector<std::int64_t>& out) {
  out.reserve(kMostCells);
  return each_item(list, kMostCells,
                   [&](std::string_view token) { return take_reading(token, digits, min, max, out.emplace_back()); });
}

bool take_balancing(json::value& list, std::vector<std::int64_t>& out) {
  return each_item(list, kMostCells, [&](std::string_view token) {
    bool bled = false;
    const bool good = take_flag(token, bled);
    out.push_back(bled);
    return good;
  });
}

bool take_faults(json::value& list, std::optional<std::vector<std::string>>& out) {
  out.emplace();
  return each_item(list, kMaxFaults, [&](std::string_view token) {
    return take_text(token, kMaxFaultBytes, out->emplace_back()) && is_fault(out->back());
  });
}

bool take_time(std::string_view token, NewRecord& out) {
  const auto text = plain_text(token, 64);
  if (!text) return false;
  const auto parsed = parse_stamp(*text);
  const auto* const stamp = std::get_if<Stamp>(&parsed);
  if (stamp) out.record.measured_ms = stamp->floor_ms;
  return out.has_time = stamp != nullptr;
}

const Number* number_of(std::string_view key) {
  const auto* const found = std::ranges::find(kNumbers, key, &Number::key);
  return found == kNumbers.end() ? nullptr : found;
}

bool take_member(std::string_view key, json::value value, std::string_view device_id, NewRecord& out) {
  Record& record = out.record;
  if (const Number* number = number_of(key))
    return take_reading(token_of(value), number->digits, number->min, number->max, record.*number->value);
  if (key == "cell_voltage") return take_list(value, kVoltDigits, 0, kMaxCell_dmV, record.cell_dmV);
  if (key == "temperatures") return take_list(value, kDegreeDigits, kMin_mdegC, kMax_mdegC, record.temperatures_mdegC);
  if (key == "balancing") return take_balancing(value, record.balancing);
  if (key == "faults") return take_faults(value, record.faults);
  const std::string_view token = token_of(value);
  if (key == "main_contactor_state") return take_flag(token, record.main_contactor);
  if (key == "charger_contactor_state") return take_flag(token, record.charger_contactor);
  if (key == "bms_state") return take_text(token, 64, record.bms_state) && is_state(record.bms_state);
  if (key == "Device_id") return take_text(token, 128, record.device_name);
  if (key == "id") return take_text(token, 64, record.id) && is_visible(record.id);
  if (key == "ts") return take_time(token, out);
  if (key == "boot") return take_whole(token, record.boot);
  if (key == "seq") return take_whole(token, record.sequence);
  return key == "deviceId" && plain_text(token, 128) == device_id;
}

// A bit for each of kPostedKeys.
using Keys = std::uint32_t;

// Members mostly come in one order, so the place behind the last one is looked at first.
std::size_t place_of(std::string_view key, std::size_t next) {
  if (next < kPostedKeys.size() && kPostedKeys[next] == key) return next;
  return static_cast<std::size_t>(std::ranges::find(kPostedKeys, key) - kPostedKeys.begin());
}

constexpr Keys bit_of(std::string_view key) {
  return Keys{1} << (std::ranges::find(kPostedKeys, key) - kPostedKeys.begin());
}

constexpr Keys required_keys() {
  Keys keys =
      bit_of("cell_voltage") | bit_of("bms_state") | bit_of("main_contactor_state") | bit_of("charger_contactor_state");
  for (const Number& number : kNumbers) keys |= number.required ? bit_of(number.key) : 0;
  return keys;
}

bool take_record(json::object object, std::string_view device_id, NewRecord& out) {
  out.record.ocv_soc_pctpct = kNoReading;
  Keys seen = 0;
  std::size_t place = 0;
  for (json::field member : object) {
    const std::string_view key = member.unescaped_key();
    place = place_of(key, place);
    if (place == kPostedKeys.size() || (seen & (Keys{1} << place)) != 0) return false;
    seen |= Keys{1} << place++;
    if (!take_member(key, member.value(), device_id, out)) return false;
  }
  const Record& record = out.record;
  return (seen & required_keys()) == required_keys() && !record.cell_dmV.empty() &&
         record.boot.has_value() == record.sequence.has_value();
}

bool take_records(json::document& document, std::string_view device_id, std::size_t most, std::vector<NewRecord>& out) {
  if (document.type() == json::json_type::object) {
    if (!take_record(document.get_object(), device_id, out.emplace_back())) return false;
  } else {
    for (json::value item : document.get_array()) {
      if (out.size() == most || !take_record(item.get_object(), device_id, out.emplace_back())) return false;
    }
  }
  return !out.empty() && document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

}  // namespace

std::optional<std::int64_t> scan_fixed(std::string_view text, int digits) {
  constexpr std::size_t kMostWhole = 12;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto whole = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
  if (whole == 0 || whole > kMostWhole || (whole > 1 && text.front() == '0')) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text.substr(0, whole)) value = value * 10 + (c - '0');
  text.remove_prefix(whole);
  if (!text.empty() && (text.front() != '.' || text.size() == 1 || !std::ranges::all_of(text.substr(1), is_digit)))
    return std::nullopt;
  if (!text.empty()) text.remove_prefix(1);
  const auto places = static_cast<std::size_t>(digits);
  for (std::size_t i = 0; i < places; ++i) value = value * 10 + (i < text.size() ? text[i] - '0' : 0);
  if (text.size() > places && text[places] >= '5') ++value;
  return negative ? -value : value;
}

std::optional<std::vector<NewRecord>> scan_records(std::string_view body, std::string_view device_id,
                                                   std::size_t most) {
  std::vector<NewRecord> records;
  try {
    const simdjson::padded_string padded(body);
    json::parser parser;
    json::document document = parser.iterate(padded);
    if (take_records(document, device_id, most, records)) return records;
  } catch (const simdjson::simdjson_error&) {
  }
  return std::nullopt;
}

}  // namespace packbench::hil::api
