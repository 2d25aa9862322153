#include "hil/api/probe/record_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "hil/api/probe/json_read.h"
#include "sim/vocabulary.h"

namespace packbench::hil::api::probe {
namespace {

constexpr double kFlows_A = 0.5;
constexpr std::int64_t kSustained_ms = 2000;
constexpr std::int64_t kSurely_ms = 100'000'000'000;  // no _ts in seconds for the next 3000 years
constexpr std::int64_t kMost_s = kSurely_ms;          // so that times may be subtracted and multiplied

struct Bound {
  const char* key;
  double low, high;
  const char* unit;
};
constexpr std::array kBounds{Bound{"pack_voltage", 0, 2000, "V"},   Bound{"temperature", -60, 200, "degC"},
                             Bound{"pack_current", -1e5, 1e5, "A"}, Bound{"soc", 0, 100, "%"},
                             Bound{"ocv_soc", 0, 100, "%"},         Bound{"soh", 0, 110, "%"}};
constexpr std::array kKnown{"deviceId",
                            "Device_id",
                            "pack_voltage",
                            "cell_voltage",
                            "temperature",
                            "pack_current",
                            "soc",
                            "ocv_soc",
                            "ocv soc",
                            "soh",
                            "bms_state",
                            "main_contactor_state",
                            "charger_contactor_state",
                            "id",
                            "_ts",
                            "ts",
                            "boot",
                            "seq",
                            "temperatures",
                            "balancing",
                            "faults"};

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool has_uuid_form(const std::string& text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (c != '-' && !is_hex(c)) return false;
    digits += c != '-' ? 1 : 0;
  }
  return digits == 32;
}

std::string decimal(double value) {
  constexpr double kMost = 1e12;
  return fixed_text(std::llround(std::clamp(value, -kMost, kMost) * 1e4), 4);
}

// A number, or null where the device has no reading.
bool is_reading(const JsonValue* value) { return value && (value->kind == Kind::number || value->kind == Kind::null); }

const JsonValue* ocv_soc(const JsonValue& record, bool spaced) {
  const JsonValue* value = record.find("ocv_soc");
  return !value && spaced ? record.find("ocv soc") : value;
}

// "has no number soc", or what is there instead.
std::string lacks(const JsonValue& record, const char* key, const char* kind) {
  constexpr const char* kNames[] = {"null", "true or false", "a number", "a text", "an array", "an object"};
  const JsonValue* value = record.find(key);
  if (!value) return std::string("has no ") + key;
  return std::string("has ") + kNames[static_cast<int>(value->kind)] + " as " + key + " (expected " +
         (kind[0] == 't' && kind[1] == 'r' ? "" : "a ") + kind + ")";
}

Reading reading_of(const JsonValue& record) {
  Reading reading;
  reading.id = text(record, "id");
  reading.state = text(record, "bms_state");
  reading.arrived_s = whole(record, "_ts").value_or(0);
  if (reading.arrived_s > kSurely_ms) reading.arrived_s /= 1000;  // said by records.arrival
  reading.arrived_s = std::clamp(reading.arrived_s, -kMost_s, kMost_s);
  const auto measured = stamp_ms(text(record, "ts"));
  reading.measured = measured.has_value();
  reading.time_ms = measured.value_or(reading.arrived_s * 1000);
  reading.current_A = number(record, "pack_current");
  const auto boot = whole(record, "boot"), sequence = whole(record, "seq");
  if (boot && sequence) reading.boot_sequence = std::to_string(*boot) + "/" + std::to_string(*sequence);
  return reading;
}

}  // namespace

std::vector<Reading> RecordJudge::read(const std::string& label, const JsonValue& data, std::int64_t now_ms) {
  std::vector<Reading> readings;
  for (std::size_t i = 0; i < data.items.size(); ++i) {
    const std::string where = "Record " + std::to_string(i + 1) + " of " + label;
    const JsonValue& record = data.items[i];
    if (record.kind != Kind::object) {
      fields_.note(where, "is no object");
      continue;
    }
    readings.push_back(reading_of(record));
    std::string other;
    if (sameness_.is_new(readings.back().id, label, record, other)) judge(where, record, now_ms);
    same_.note(where, other);
  }
  judge_current(readings);
  return readings;
}

void RecordJudge::judge(const std::string& where, const JsonValue& record, std::int64_t now_ms) {
  ++count_;
  fields_.note(where, fields(record));
  device_.note(where, device(record));
  range_.note(where, range(record));
  arrival_.note(where, arrival(record, now_ms));
  id_.note(where, id(record));
  if (range(record).empty()) sum_.note(where, sum(record));
  soc_.note(where, soc(record));
  state_.note(where, state(record));
  contactors_.note(where, contactors(record));
  unknown_.note(where, unknown(record));
  series_.take(where, record, ocv_soc(record, options_.quirks.spaced_ocv_soc));
}

std::string RecordJudge::fields(const JsonValue& record) const {
  for (const char* key : {"pack_voltage", "temperature", "pack_current", "soc", "soh"}) {
    if (!is_reading(record.find(key))) return lacks(record, key, "number");
  }
  if (!is_reading(ocv_soc(record, options_.quirks.spaced_ocv_soc))) return lacks(record, "ocv_soc", "number");
  const JsonValue* cells = member(record, "cell_voltage", Kind::array);
  if (!cells) return lacks(record, "cell_voltage", "list");
  if (cells->items.empty() || cells->items.size() > 24)
    return "has " + std::to_string(cells->items.size()) + " cells (expected 1 to 24)";
  for (const JsonValue& cell : cells->items) {
    if (!is_reading(&cell)) return "has a cell_voltage that is no number";
  }
  for (const char* key : {"deviceId", "Device_id", "bms_state", "id"}) {
    if (key == std::string_view("Device_id") && options_.quirks.optional_members && !record.find(key)) continue;
    if (!member(record, key, Kind::string)) return lacks(record, key, "text");
    if (text(record, key).empty()) return std::string("has an empty ") + key;
  }
  for (const char* key : {"main_contactor_state", "charger_contactor_state"}) {
    if (!member(record, key, Kind::boolean)) return lacks(record, key, "true or false");
  }
  return whole(record, "_ts") ? "" : "has no whole number _ts";
}

std::string RecordJudge::device(const JsonValue& record) const {
  const std::string named = text(record, "deviceId");
  return named.empty() || named == device_id_ ? "" : "is of the device '" + shown(named) + "'";
}

std::string RecordJudge::range(const JsonValue& record) const {
  for (const Bound& bound : kBounds) {
    const auto value = number(record, bound.key);
    if (!value || (*value >= bound.low && *value <= bound.high)) continue;
    return std::string("has ") + bound.key + " " + decimal(*value) + " " + bound.unit + " (expected " +
           decimal(bound.low) + " to " + decimal(bound.high) + ")";
  }
  const JsonValue* cells = member(record, "cell_voltage", Kind::array);
  for (std::size_t i = 0; cells && i < cells->items.size(); ++i) {
    const auto cell = number(&cells->items[i]);
    if (cell && (*cell < 0 || *cell > 6.6))
      return "has cell " + std::to_string(i + 1) + " at " + decimal(*cell) + " V (expected 0 to 6.6)";
  }
  return "";
}

std::string RecordJudge::sum(const JsonValue& record) const {
  const auto pack = number(record, "pack_voltage");
  const JsonValue* cells = member(record, "cell_voltage", Kind::array);
  if (!pack || !cells) return "";
  double sum = 0;
  for (const JsonValue& cell : cells->items) {
    const auto value = number(&cell);
    if (!value) return "";
    sum += *value;
  }
  if (std::abs(sum - *pack) <= std::max(0.150, 0.005 * *pack)) return "";
  return "has cells that add up to " + decimal(sum) + " V and a pack_voltage of " + decimal(*pack) + " V";
}

std::string RecordJudge::soc(const JsonValue& record) const {
  const auto soc = number(record, "soc"), other = number(ocv_soc(record, options_.quirks.spaced_ocv_soc));
  if (!soc || !other || std::abs(*soc - *other) <= options_.soc_apart_pct) return "";
  return "has soc " + decimal(*soc) + " % and ocv_soc " + decimal(*other) + " %";
}

std::string RecordJudge::state(const JsonValue& record) const {
  const std::string word = text(record, "bms_state");
  if (word.empty() || sim::code_of(sim::Vocabulary::bms_state, word)) return "";
  return "has the unknown bms_state '" + shown(word) + "'";
}

std::string RecordJudge::contactors(const JsonValue& record) const {
  const std::string word = text(record, "bms_state");
  const JsonValue* main = member(record, "main_contactor_state", Kind::boolean);
  const JsonValue* charger = member(record, "charger_contactor_state", Kind::boolean);
  if (word == "DISCHARGING" && main && !main->boolean) return "is DISCHARGING with its main contactor open";
  if (word == "CHARGING" && charger && !charger->boolean) return "is CHARGING with its charger contactor open";
  return "";
}

std::string RecordJudge::id(const JsonValue& record) const {
  const std::string id = text(record, "id");
  return id.empty() || has_uuid_form(id) ? "" : "has the id '" + shown(id) + "'";
}

std::string RecordJudge::arrival(const JsonValue& record, std::int64_t now_ms) const {
  constexpr std::int64_t kFirst_s = 1'577'836'800;  // 2020-01-01: before any such service
  constexpr std::int64_t kAhead_s = 5;
  const auto arrived = whole(record, "_ts");
  if (!arrived) return "";
  if (*arrived > kSurely_ms) return "has _ts " + std::to_string(*arrived) + ", which is ms (expected seconds)";
  if (*arrived < kFirst_s) return "arrived before 2020 by its _ts " + std::to_string(*arrived);
  if (*arrived <= now_ms / 1000 + kAhead_s) return "";
  return "arrived " + std::to_string(*arrived - now_ms / 1000) + " s in the future by its _ts";
}

std::string RecordJudge::unknown(const JsonValue& record) const {
  for (const std::string& key : record.keys) {
    if (std::ranges::find(kKnown, std::string_view(key)) == kKnown.end())
      return "has the unknown field '" + shown(key) + "'";
  }
  return "";
}

void RecordJudge::judge_current(const std::vector<Reading>& readings) {
  std::int64_t since_ms = 0;
  bool against = false;
  for (const Reading& one : readings) {
    const bool now = one.current_A && ((one.state == "DISCHARGING" && *one.current_A > kFlows_A) ||
                                       (one.state == "CHARGING" && *one.current_A < -kFlows_A));
    if (now && !against) since_ms = one.time_ms;
    against = now;
    if (!now || one.time_ms - since_ms < kSustained_ms) continue;
    return current_.note("The record " + shown(one.id), "is " + shown(one.state) + " with " + decimal(*one.current_A) +
                                                            " A for 2 s and more; positive current charges");
  }
}

void RecordJudge::report(Findings& findings) const {
  const Tally* all[] = {&fields_, &same_, &device_, &range_,      &arrival_, &id_,
                        &sum_,    &soc_,  &state_,  &contactors_, &current_, &unknown_};
  for (const Tally* tally : all) {
    count_ > 0 ? tally->report(findings) : void();
  }
  if (count_ > 0) return series_.report(findings);
  findings.skip("records.fields", "There is no record to judge.");
}

}  // namespace packbench::hil::api::probe
