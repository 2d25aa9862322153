#include "hil/api/service/telemetry_query.h"

#include <array>
#include <charconv>

#include "hil/api/service/cursor.h"
#include "hil/api/values/record_fields.h"

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
    const char* const hint = text.find(' ') == std::string::npos ? "." : "; a plus sign in a query is written %2B.";
    throw bad_query("invalid_time", name, "The " + name + " '" + text + "' " + *why + hint);
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
  const bool goes_on = !end && parameter(call.target, "cursor");  // then the first page's end counts
  if (!goes_on && query.range.to_ms - query.range.from_ms > call.options.max_range_ms) {
    throw bad_query("range_too_large", end ? "end" : "start",
                    std::string(end ? "The range" : "The range from start to now") + " is longer than " +
                        std::to_string(call.options.max_range_ms / 86'400'000) + " days; ask for it in parts.");
  }
}

// Takes "123." off the front of the text.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  constexpr std::int64_t kLimit = 1'000'000'000'000'000;  // the year 33658: far from an overflow of differences
  if (error != std::errc() || stop == end || *stop != '.' || value > kLimit || value < -kLimit) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return value;
}

// What a page shares with those after it. A window that moves with the clock is in their cursor.
std::string seal_of(const Call& call, const TelemetryQuery& query, bool open_ended) {
  const RangeQuery& range = query.range;
  std::string text = "telemetry\n" + std::to_string(call.access.organization) + "\n" + call.target.segments[2] + "\n" +
                     query.time_range + (range.order == Order::ascending ? "\nasc\n" : "\ndesc\n");
  if (query.time_range == "custom") text += std::to_string(range.from_ms) + "\n";
  if (query.time_range == "custom" && !open_ended) text += std::to_string(range.to_ms) + "\n";
  if (query.thinned) text.append(std::to_string(query.thinned->every_ms)).append(aggregate_name(query.thinned->agg));
  return text;
}

void read_thinning(const Call& call, TelemetryQuery& query) {
  const auto every = parameter(call.target, "every"), agg = parameter(call.target, "agg");
  if (agg && !every) throw bad_query("missing_every", "agg", "An agg needs an every, such as every=60s.");
  if (!every) return;
  if (query.latest)
    throw bad_query("conflicting_parameters", "every",
                    "The latest record cannot be thinned; ask for a range, such as timeRange=last1hour.");
  const auto every_ms = parse_every(*every);
  if (!every_ms) {
    throw bad_query("invalid_every", "every",
                    "The every '" + *every + "' is not a whole number of s, min, h or d, from 1s to 31d, such as 60s.");
  }
  const auto chosen = parse_aggregate(agg.value_or("last"));
  if (!chosen) throw bad_query("invalid_agg", "agg", "The agg '" + *agg + "' is not one of last, avg, min, max.");
  query.thinned = Downsampling{*every_ms, *chosen};
}

// Puts the query at the place of the cursor, in the window of the first page: the windows of presets, and the end where
// none is given, move on with the clock.
//
// Behind a bucket, what is left of the range begins with the next one.
void go_on(const std::string& cursor, bool open_ended, std::int64_t max_range_ms, TelemetryQuery& query) {
  RangeQuery& range = query.range;
  const std::string place =
      open_cursor(cursor, query.sealed_with, "the device, timeRange or start and end, order, every and agg");
  std::string_view text = place;
  const auto from_ms = take_number(text), to_ms = take_number(text), measured_ms = take_number(text);
  if (!measured_ms || text.empty() || text.size() > 64 || !is_visible(text)) refuse_cursor();
  if (*measured_ms < *from_ms || *measured_ms >= *to_ms) refuse_cursor();
  const bool preset = query.time_range != "custom";
  const bool same = preset       ? *to_ms - *from_ms == range.to_ms - range.from_ms
                    : open_ended ? *from_ms == range.from_ms && *to_ms - *from_ms <= max_range_ms
                                 : *from_ms == range.from_ms && *to_ms == range.to_ms;
  if (!same) refuse_cursor();
  range.from_ms = *from_ms;
  range.to_ms = *to_ms;
  range.after = Cursor{*measured_ms, std::string(text)};
}

}  // namespace

TelemetryQuery read_telemetry_query(const Call& call) {
  check_parameters(call, {"timeRange", "start", "end", "order", "limit", "cursor", "extended", "every", "agg"});
  const auto preset = parameter(call.target, "timeRange"), start = parameter(call.target, "start");
  const auto end = parameter(call.target, "end"), cursor = parameter(call.target, "cursor");
  if (preset && (start || end)) {
    throw bad_query("conflicting_parameters", "timeRange", "Use either timeRange or start and end, not both.");
  }
  if (end && !start) throw bad_query("missing_start", "start", "An end needs a start; give both.");
  TelemetryQuery query;
  start ? read_bounds(call, *start, end, query) : read_preset(preset.value_or("latest"), call.now_ms, query);
  query.range.order = order_parameter(call.target);
  query.range.limit = limit_parameter(call.target);
  query.limited = parameter(call.target, "limit").has_value();
  query.extended = flag_parameter(call.target, "extended");
  read_thinning(call, query);
  if (cursor && query.latest) {
    throw bad_query("conflicting_parameters", "cursor",
                    "The latest record has no further page; repeat the timeRange, or start and end, of the page that "
                    "gave the cursor.");
  }
  if (!query.latest) query.sealed_with = seal_of(call, query, !end);
  if (cursor) go_on(*cursor, !end, call.options.max_range_ms, query);
  return query;
}

RangeQuery rest_of(const TelemetryQuery& query) {
  RangeQuery range = query.range;
  if (range.after) range = behind_bucket(range, range.after->measured_ms, query.thinned->every_ms);
  range.after.reset();
  return range;
}

// The place is "FROM.TO.MEASURED.ID".
std::string cursor_text(const TelemetryQuery& query, const Cursor& last) {
  return seal_cursor(query.sealed_with, std::to_string(query.range.from_ms) + "." + std::to_string(query.range.to_ms) +
                                            "." + std::to_string(last.measured_ms) + "." + last.id);
}

}  // namespace packbench::hil::api
