#include "hil/api/probe/window.h"

#include <algorithm>
#include <set>
#include <utility>

#include "hil/api/http/uri.h"
#include "hil/api/probe/json_read.h"

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

namespace {

class WindowReader {
 public:
  WindowReader(Session& session, std::string device_id, std::string name, RecordJudge& records)
      : session_(session), device_id_(std::move(device_id)), records_(records) {
    window_.name = std::move(name);
  }

  Window read(const std::string& query, const std::string& asked, Tally& meta) {
    std::string next;
    for (std::size_t page = 0; page < kMostPages; ++page) {
      const Got got = session_.get(telemetry_target(device_id_, query + next));
      if (!take(got, page)) return std::move(window_);
      meta.note("The answer to " + got.request, envelope_trouble(got, device_id_, asked, session_.options().quirks));
      next = next_page(got);
      window_.whole = next.empty();
      if (window_.whole || window_.readings.size() >= session_.options().most_records || !goes_on(got, next)) break;
    }
    return std::move(window_);
  }

 private:
  static constexpr std::size_t kMostPages = 10'000, kMostEmpty = 3;  // one after the other without anything new

  bool take(const Got& got, std::size_t page) {
    const JsonValue* data = data_of(got);
    const JsonValue* success = got.good() ? member(got.json, "success", Kind::boolean) : nullptr;
    window_.too_large = got.trouble == Reply::Trouble::too_large;
    window_.status = got.status;
    window_.good = data && success && success->boolean;
    if (!window_.good) return end(got, got.good() ? "has no \"success\": true with an array \"data\"" : got.problem);
    window_.end_ms = session_.told_ms(got);
    if (page == 0) window_.server_ms = window_.end_ms, window_.first_page = data->items.size();
    window_.paged = page > 0;
    const auto readings = records_.read(window_.name, *data, window_.end_ms);
    news_ = 0;
    for (const Reading& one : readings) news_ += one.id.empty() || ids_.insert(one.id).second ? 1 : 0;
    window_.readings.insert(window_.readings.end(), readings.begin(), readings.end());
    return true;
  }

  bool goes_on(const Got& got, const std::string& next) {
    if (!cursors_.insert(next).second)
      return end(got, "names a page as its next one that was before: the pages go round");
    empty_ = news_ > 0 ? 0 : empty_ + 1;
    return empty_ <= kMostEmpty || end(got, "has a next page and no record that was not before: the pages have no end");
  }

  bool end(const Got& got, const std::string& problem) {
    window_.good = window_.whole = false;
    window_.problem = got.request + " " + problem + ".";
    return false;
  }

  Session& session_;
  std::string device_id_;
  RecordJudge& records_;
  Window window_;
  std::set<std::string> ids_, cursors_;
  std::size_t news_ = 0, empty_ = 0;
};

}  // namespace

Window read_window(Session& session, const std::string& device_id, const std::string& name, const std::string& query,
                   const std::string& asked, RecordJudge& records, Tally& meta) {
  return WindowReader(session, device_id, name, records).read(query, asked, meta);
}

}  // namespace packbench::hil::api::probe
