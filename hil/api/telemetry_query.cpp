#include "hil/api/telemetry_query.h"

#include <array>
#include <charconv>

namespace packbench::hil::api {
namespace {

constexpr std::int64_t kAhead_ms = 5000;

struct Preset {
  std::string_view name;
  std::int64_t window_ms;  // 0: the newest record
};

constexpr std::array kPresets{Preset{"latest", 0}, Preset{"last5mins", 300'000}, Preset{"last1hour", 3'600'000},
                              Preset{"last7days", 604'800'000}};

void read_preset(const std::string& name, std::int64_t now_ms, TelemetryQuery& query) {
  for (const Preset& preset : kPresets) {
    if (preset.name != name) continue;
    query.time_range = name;
    query.latest = preset.window_ms == 0;
    query.range.from_ms = now_ms - preset.window_ms;
    query.range.to_ms = now_ms + kAhead_ms + 1;
    return;
  }
  throw bad_query("invalid_time_range", "timeRange",
                  "The timeRange '" + name + "' is not one of latest, last5mins, last1hour, last7days.");
}

std::int64_t read_bound(const std::string& name, const std::string& text) {
  const auto parsed = parse_stamp(text);
  if (const auto* why = std::get_if<std::string>(&parsed)) {
    throw bad_query("invalid_time", name, "The " + name + " '" + text + "' " + *why + ".");
  }
  return std::get<Stamp>(parsed).ceil_ms();
}

void read_bounds(const Call& call, const std::string& start, const std::optional<std::string>& end,
                 TelemetryQuery& query) {
  query.time_range = "custom";
  query.latest = false;
  query.range.from_ms = read_bound("start", start);
  query.range.to_ms = end ? read_bound("end", *end) : call.now_ms;
  if (query.range.from_ms >= query.range.to_ms) {
    throw bad_query("invalid_range", "start",
                    end ? "The start must be before the end."
                        : "The start must be before now, which is the end when none is given.");
  }
  if (query.range.to_ms - query.range.from_ms > call.options.max_range_ms) {
    throw bad_query("range_too_large", "end",
                    "The range is longer than " + std::to_string(call.options.max_range_ms / 86'400'000) + " days.");
  }
}

// "a.1736784740000.ID": order, time, id.
Cursor read_cursor(const std::string& text, Order order) {
  const Problem wrong = bad_query("invalid_cursor", "cursor", "The cursor is not one that this query gave.");
  Cursor cursor;
  if (text.size() < 2 || text[0] != (order == Order::ascending ? 'a' : 'd') || text[1] != '.') throw wrong;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), cursor.measured_ms);
  if (error != std::errc() || end == text.data() + text.size() || *end != '.') throw wrong;
  cursor.id.assign(end + 1, text.data() + text.size());
  if (cursor.id.empty() || cursor.id.size() > 64) throw wrong;
  return cursor;
}

}  // namespace

TelemetryQuery read_telemetry_query(const Call& call) {
  check_parameters(call, {"timeRange", "start", "end", "order", "limit", "cursor", "extended"});
  const auto preset = parameter(call.target, "timeRange"), start = parameter(call.target, "start");
  const auto end = parameter(call.target, "end"), cursor = parameter(call.target, "cursor");
  if (preset && (start || end)) {
    throw bad_query("conflicting_parameters", "timeRange", "Use either timeRange or start and end, not both.");
  }
  if (end && !start) throw bad_query("missing_start", "start", "An end needs a start.");
  TelemetryQuery query;
  start ? read_bounds(call, *start, end, query) : read_preset(preset.value_or("latest"), call.now_ms, query);
  query.range.order = order_parameter(call.target);
  query.range.limit = limit_parameter(call.target);
  query.extended = flag_parameter(call.target, "extended");
  if (cursor && query.latest)
    throw bad_query("conflicting_parameters", "cursor", "The latest record has no further page.");
  if (cursor) query.range.after = read_cursor(*cursor, query.range.order);
  return query;
}

std::string cursor_text(Order order, const Cursor& cursor) {
  return (order == Order::ascending ? "a." : "d.") + std::to_string(cursor.measured_ms) + "." + cursor.id;
}

}  // namespace packbench::hil::api
