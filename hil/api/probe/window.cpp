#include "hil/api/probe/window.h"

#include <algorithm>

#include "hil/api/probe/json_read.h"
#include "hil/api/uri.h"

namespace packbench::hil::api::probe {
namespace {

// cursor=... of <...?a=b&cursor=...>; rel="next"
std::string cursor_of_link(std::string_view link) {
  const std::size_t end = link.find('>');
  if (end == std::string_view::npos || link.substr(end).find("next") == std::string_view::npos) return {};
  const std::string_view target = link.substr(0, end);
  const std::size_t at = std::max(target.find("?cursor="), target.find("&cursor="));
  const std::size_t first = std::min(target.find("?cursor="), target.find("&cursor="));
  if (first == std::string_view::npos) return {};
  const std::size_t begin = (at == std::string_view::npos ? first : at) + std::string_view("?cursor=").size();
  return std::string(target.substr(begin, target.find('&', begin) - begin));
}

const JsonValue* data_of(const Got& got) { return got.good() ? member(got.json, "data", Kind::array) : nullptr; }

}  // namespace

std::string telemetry_target(const std::string& device_id, const std::string& query) {
  return "/devices/" + percent_encode(device_id) + "/telemetry" + (query.empty() ? "" : "?" + query);
}

std::string next_page(const Got& got) {
  std::string cursor(got.response.text_of("X-Next-Cursor"));
  if (cursor.empty()) {
    if (const JsonValue* meta = member(got.json, "meta", Kind::object)) cursor = text(*meta, "nextCursor");
  }
  if (!cursor.empty()) return "&cursor=" + percent_encode(cursor);
  const std::string encoded = cursor_of_link(got.response.text_of("Link"));
  return encoded.empty() ? "" : "&cursor=" + encoded;
}

std::string envelope_trouble(const Got& got, const std::string& device_id, const std::string& asked,
                             const Quirks& quirks) {
  const JsonValue* meta = member(got.json, "meta", Kind::object);
  if (!meta) return "has no object meta";
  if (!whole(*meta, "organizationId") && !(quirks.any_organization && member(*meta, "organizationId", Kind::string)))
    return "has no whole number meta.organizationId";
  if (text(*meta, "deviceId") != device_id) return "says meta.deviceId '" + shown(text(*meta, "deviceId")) + "'";
  const std::string range = text(*meta, "timeRange"), stamp = text(*meta, "timestamp");
  const bool may_lack = quirks.optional_members && !meta->find("timeRange");
  if (!may_lack && range.empty()) return "has no text meta.timeRange";
  if (!may_lack && !asked.empty() && range != asked) return "says meta.timeRange '" + shown(range) + "'";
  if (!stamp_ms(stamp)) return "has no time meta.timestamp";
  return stamp.find('-') == std::string::npos || quirks.both_stamp_forms
             ? ""
             : "says meta.timestamp '" + shown(stamp) + "', not in the document's form, as in 20250220T102405.103Z";
}

Window read_window(Session& session, const std::string& device_id, const std::string& name, const std::string& query,
                   const std::string& asked, RecordJudge& records, Tally& meta) {
  constexpr int kMostPages = 10'000;
  Window window;
  window.name = name;
  std::string next;
  for (int page = 0; page < kMostPages && !session.stopped(); ++page) {
    const Got got = session.get(telemetry_target(device_id, query + next));
    const JsonValue* data = data_of(got);
    const JsonValue* success = got.good() ? member(got.json, "success", Kind::boolean) : nullptr;
    window.good = data && success && success->boolean;
    if (!window.good) {
      window.problem =
          got.request + " " + (got.good() ? "has no \"success\": true with an array \"data\"" : got.problem) + ".";
      return window;
    }
    meta.note("The answer to " + got.request, envelope_trouble(got, device_id, asked, session.options().quirks));
    const auto readings = records.read(name, *data, got.date_ms.value_or(got.answered_ms));
    window.readings.insert(window.readings.end(), readings.begin(), readings.end());
    if (page == 0) {
      const JsonValue* about = member(got.json, "meta", Kind::object);
      window.server_ms =
          stamp_ms(about ? text(*about, "timestamp") : "").value_or(got.date_ms.value_or(got.answered_ms));
      window.first_page = data->items.size();
    }
    window.paged = page > 0;
    const std::string following = next_page(got);
    window.whole = following.empty();
    if (window.whole || window.readings.size() >= session.options().most_records || data->items.empty()) break;
    if (following == next) {
      window.good = false;
      window.problem = got.request + " names itself as its next page.";
      break;
    }
    next = following;
  }
  return window;
}

}  // namespace packbench::hil::api::probe
