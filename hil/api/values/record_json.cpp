#include "hil/api/values/record_json.h"

#include <algorithm>
#include <array>
#include <optional>

#include "hil/api/values/fixed_point.h"
#include "hil/api/values/record_fields.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api {
namespace {

constexpr std::int64_t kEnd_s = 253'402'300'800;                    // of the year 9999, as of every stamp
constexpr std::int64_t kMostCounted = (std::int64_t{1} << 53) - 1;  // whole in every reader of JSON

// Reads the members of one JSON object and collects what is wrong with them.
class Reader {
 public:
  Reader(const JsonValue& json, const std::string& at, std::vector<FieldError>& errors)
      : json_(json), at_(at), errors_(errors) {}

  void wrong(std::string_view key, std::string code, std::string detail) {
    errors_.push_back({at_ + "/" + std::string(key), std::move(code), std::move(detail)});
  }
  const JsonValue* member(std::string_view key, bool required) {
    const JsonValue* value = json_.find(key);
    if (!value && required) wrong(key, "required", "is missing.");
    return value;
  }
  void fixed(std::string_view key, const JsonValue& value, int digits, std::int64_t min, std::int64_t max,
             std::int64_t& out) {
    if (value.kind == JsonValue::Kind::null) {
      out = kNoReading;
      return;
    }
    if (value.kind != JsonValue::Kind::number)
      return wrong(key, "type", "must be a number, or null where there is no reading.");
    const auto number = parse_fixed(value.text, digits);
    if (!number || *number < min || *number > max) {
      return wrong(key, "range",
                   "is " + value.text.substr(0, 32) + "; expected " + fixed_text(min, digits) + " to " +
                       fixed_text(max, digits) + ".");
    }
    out = *number;
  }
  void list(std::string_view key, int digits, std::int64_t min, std::int64_t max, std::size_t least, bool required,
            std::vector<std::int64_t>& out) {
    const JsonValue* value = member(key, required);
    if (!value) return;
    const std::string expected = std::to_string(least) + " to " + std::to_string(kMostCells);
    if (value->kind != JsonValue::Kind::array)
      return wrong(key, "type", "must be an array of " + expected + " numbers.");
    if (value->items.size() < least || value->items.size() > kMostCells) {
      return wrong(key, "length", "has " + std::to_string(value->items.size()) + " items; expected " + expected + ".");
    }
    out.resize(value->items.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      fixed(std::string(key) + "/" + std::to_string(i), value->items[i], digits, min, max, out[i]);
    }
  }
  void flag(std::string_view key, bool& out) {
    const JsonValue* value = member(key, true);
    if (!value) return;
    if (value->kind != JsonValue::Kind::boolean) return wrong(key, "type", "must be true or false.");
    out = value->boolean;
  }
  // The extensions below have no meaning in answers of another shape, so only what is posted is refused.
  void balancing(bool strict, std::vector<std::int64_t>& out) {
    const JsonValue* value = member("balancing", false);
    if (!value) return;
    const auto flag = [](const JsonValue& item) { return item.kind == JsonValue::Kind::boolean; };
    if (value->kind != JsonValue::Kind::array || value->items.size() > kMostCells ||
        !std::ranges::all_of(value->items, flag)) {
      if (strict) wrong("balancing", "type", "must be an array of true or false, one a cell.");
      return;
    }
    for (const JsonValue& item : value->items) out.push_back(item.boolean);
  }
  void faults(bool strict, std::optional<std::vector<std::string>>& out) {
    const JsonValue* value = member("faults", false);
    if (!value) return;
    const auto word = [](const JsonValue& item) { return item.kind == JsonValue::Kind::string && is_fault(item.text); };
    if (value->kind != JsonValue::Kind::array || value->items.size() > kMaxFaults ||
        !std::ranges::all_of(value->items, word)) {
      if (strict) {
        wrong(
            "faults", "type",
            "must be an array of at most " + std::to_string(kMaxFaults) + " words of letters, digits and underscores.");
      }
      return;
    }
    out.emplace();
    for (const JsonValue& item : value->items) out->push_back(item.text);
  }
  std::optional<std::string> text(std::string_view key, bool required, std::size_t longest) {
    const JsonValue* value = member(key, required);
    if (!value) return std::nullopt;
    const std::string allowed = "1 to " + std::to_string(longest);
    if (value->kind != JsonValue::Kind::string) {
      wrong(key, "type", "must be a string of " + allowed + " characters.");
      return std::nullopt;
    }
    const std::size_t length = utf8_length(value->text);
    if (length == 0 || length > longest) {
      wrong(key, "length", "has " + std::to_string(length) + " characters; expected " + allowed + ".");
      return std::nullopt;
    }
    return value->text;
  }
  std::optional<std::int64_t> whole(std::string_view key, bool required) {
    const JsonValue* value = member(key, required);
    if (!value) return std::nullopt;
    const auto number = value->kind == JsonValue::Kind::number ? parse_whole(value->text) : std::nullopt;
    if (!number || *number < 0 || *number > kMostCounted) {
      wrong(key, "type", "must be a whole number from 0 to 9007199254740991.");
      return std::nullopt;
    }
    return number;
  }

  // Every field that posted and answered records share.
  void common(Record& record, bool strict) {
    constexpr std::int64_t kAny = std::int64_t{1} << 62;
    for (const Number& number : kNumbers) {
      const JsonValue* value = member(number.key, number.required);
      if (value)
        fixed(number.key, *value, number.digits, strict ? number.min : -kAny, strict ? number.max : kAny,
              record.*number.value);
    }
    list("cell_voltage", kVoltDigits, strict ? 0 : -kAny, strict ? kMaxCell_dmV : kAny, 1, true, record.cell_dmV);
    list("temperatures", kDegreeDigits, strict ? kMin_mdegC : -kAny, strict ? kMax_mdegC : kAny, 0, false,
         record.temperatures_mdegC);
    balancing(strict, record.balancing);
    faults(strict, record.faults);
    flag("main_contactor_state", record.main_contactor);
    flag("charger_contactor_state", record.charger_contactor);
    record.bms_state = text("bms_state", true, 64).value_or("");
    record.device_name = text("Device_id", false, 128).value_or("");
    record.boot = whole("boot", false);
    record.sequence = whole("seq", false);
  }
  std::optional<std::int64_t> time(std::string_view key) {
    const JsonValue* value = member(key, false);
    if (!value) return std::nullopt;
    if (value->kind != JsonValue::Kind::string) {
      const bool number = value->kind == JsonValue::Kind::number;
      wrong(key, "type",
            std::string("must be a string such as \"2025-02-20T10:24:05.103Z\"") +
                (number ? "; seconds and milliseconds since 1970 are not accepted."
                        : ", or left out: then it is the time of arrival."));
      return std::nullopt;
    }
    const auto parsed = parse_stamp(value->text);
    if (const auto* why = std::get_if<std::string>(&parsed)) {
      wrong(key, "time", *why + ".");
      return std::nullopt;
    }
    return std::get<Stamp>(parsed).floor_ms;
  }

 private:
  const JsonValue& json_;
  const std::string& at_;
  std::vector<FieldError>& errors_;
};

FieldError unknown_member(const std::string& at, const std::string& key) {
  const std::string pointer = json_pointer(at, key);
  if (key == "_ts")
    return {pointer, "unknown_field",
            "is set by the server, to the time of arrival; leave it out, and give the time as ts."};
  const bool time = key.find("time") != std::string::npos;
  return unknown_field(pointer, key, "a record", {kPostedKeys.begin(), kPostedKeys.end()},
                       time ? "the time of measurement is ts." : "the fields are those of NewRecord in /openapi.json.");
}

}  // namespace

NewRecord read_new_record(const JsonValue& json, std::string_view device_id, const std::string& at,
                          std::vector<FieldError>& errors) {
  NewRecord read;
  Reader reader(json, at, errors);
  if (json.kind != JsonValue::Kind::object) {
    errors.push_back({at, "type", "must be an object."});
    return read;
  }
  for (const std::string& key : json.keys) {
    if (std::ranges::find(kPostedKeys, key) == kPostedKeys.end()) errors.push_back(unknown_member(at, key));
  }
  Record& record = read.record;
  record.ocv_soc_pctpct = kNoReading;
  reader.common(record, true);
  if (const auto id = reader.text("deviceId", false, 128); id && *id != device_id) {
    reader.wrong("deviceId", "mismatch",
                 "is not the device of the path, " + std::string(device_id) + "; leave it out, or repeat that.");
  }
  if (has_control(record.device_name)) reader.wrong("Device_id", "pattern", "must not hold control characters.");
  if (!record.bms_state.empty() && !is_state(record.bms_state)) {
    reader.wrong("bms_state", "pattern",
                 "must be upper-case letters, digits and underscores, a letter first, such as DISCHARGING.");
  }
  record.id = reader.text("id", false, 64).value_or("");
  if (!is_visible(record.id)) reader.wrong("id", "pattern", "must be visible ASCII without blanks.");
  if (!record.cell_dmV.empty() && record.balancing.size() > record.cell_dmV.size()) {
    reader.wrong("balancing", "cell_count", "must not have more flags than there are cells.");
  }
  const bool has_boot = json.find("boot"), has_sequence = json.find("seq");
  if (has_boot != has_sequence) {
    reader.wrong(has_boot ? "seq" : "boot", "required", "is missing; boot and seq come together.");
  }
  const auto time = reader.time("ts");
  read.has_time = time.has_value();
  record.measured_ms = time.value_or(0);
  return read;
}

Record read_answer_record(const JsonValue& json, const std::string& at, std::vector<FieldError>& errors) {
  Record record;
  Reader reader(json, at, errors);
  if (json.kind != JsonValue::Kind::object) {
    errors.push_back({at, "type", "must be an object."});
    return record;
  }
  reader.common(record, false);
  if (const JsonValue* spaced = json.find("ocv soc"); spaced && !json.find("ocv_soc")) {
    reader.fixed("ocv soc", *spaced, 2, 0, 10'000, record.ocv_soc_pctpct);
  }
  record.id = reader.text("id", true, 64).value_or("");
  for (const auto& [key, text] :
       {std::pair("id", &record.id), {"bms_state", &record.bms_state}, {"Device_id", &record.device_name}}) {
    if (has_control(*text)) reader.wrong(key, "pattern", "must not hold control characters.");
  }
  record.arrived_s = reader.whole("_ts", true).value_or(0);
  if (record.arrived_s >= kEnd_s) reader.wrong("_ts", "range", "is after the year 9999.");
  record.measured_ms = reader.time("ts").value_or(record.arrived_s * 1000);
  return record;
}

}  // namespace packbench::hil::api
