// Members of foreign JSON, by the type that is expected of them.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "hil/api/values/fixed_point.h"
#include "hil/api/values/json_value.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api::probe {

using Kind = JsonValue::Kind;

inline const JsonValue* member(const JsonValue& json, std::string_view key, Kind kind) {
  const JsonValue* value = json.kind == Kind::object ? json.find(key) : nullptr;
  return value && value->kind == kind ? value : nullptr;
}

inline std::optional<double> number(const JsonValue* value) {
  if (!value || value->kind != Kind::number) return std::nullopt;
  return std::strtod(value->text.c_str(), nullptr);
}

inline std::optional<double> number(const JsonValue& json, std::string_view key) {
  return json.kind == Kind::object ? number(json.find(key)) : std::nullopt;
}

// A whole number as written: 3, not 3.0.
inline std::optional<std::int64_t> whole(const JsonValue& json, std::string_view key) {
  const JsonValue* value = member(json, key, Kind::number);
  const auto read = value ? parse_fixed(value->text, 0) : std::nullopt;
  return read && std::to_string(*read) == value->text ? read : std::nullopt;
}

inline std::string text(const JsonValue& json, std::string_view key) {
  const JsonValue* value = member(json, key, Kind::string);
  return value ? value->text : "";
}

inline std::optional<std::int64_t> stamp_ms(const std::string& text) {
  const auto parsed = parse_stamp(text);
  const Stamp* stamp = std::get_if<Stamp>(&parsed);
  return stamp ? std::optional(stamp->floor_ms) : std::nullopt;
}

}  // namespace packbench::hil::api::probe
