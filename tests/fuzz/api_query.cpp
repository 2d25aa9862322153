// Any query for the records of a device: its pages, one after the other by their cursors, hold what it holds at once,
// in order and each record once, and a stream has the same records in the same order. A cursor that was not given out
// leads to records of the device, in order, or to a refusal. Input: the query.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hil/api/http/uri.h"
#include "tests/fuzz/api_under_fuzz.h"
#include "tests/fuzz/require.h"

namespace {

using namespace packbench::hil::api;
using nlohmann::json;
using packbench::fuzz::require;

constexpr int kRecords = 24;
const std::string kTelemetry = "/v1/devices/DVC1/telemetry";

// One record by itself, and then every 20 s two of one time.
struct Filled : packbench::fuzz::ApiUnderFuzz {
  Filled() {
    for (int i = 1; i < kRecords; ++i) {
      const std::string time = stamp_text(packbench::fuzz::kApiNow_ms - 2000 - i / 2 * 20'000, StampForm::extended);
      const std::string body =
          R"({"pack_voltage":1,"cell_voltage":[1],"temperature":1,"pack_current":0,"soc":1,"bms_state":"IDLE",)"
          R"("main_contactor_state":true,"charger_contactor_state":false,"id":"r)" +
          std::to_string(i) + R"(","ts":")" + time + "\"}";
      require(post(kTelemetry, body).status == 200);
    }
  }
};

Filled& api() {
  static Filled filled;
  return filled;
}

// What tells one record from another and where it belongs.
struct Place {
  std::string time, id;
  friend auto operator<=>(const Place&, const Place&) = default;
};

Place place_of(const json& record) { return {record.value("ts", ""), record["id"]}; }

struct Query {
  std::vector<std::pair<std::string, std::string>> parameters;

  std::string value(const std::string& name) const {
    const auto found = std::ranges::find(parameters, name, &std::pair<std::string, std::string>::first);
    return found == parameters.end() ? "" : found->second;
  }
  Query with(const std::string& name, const std::string& value) const {
    Query changed = without(name);
    changed.parameters.emplace_back(name, value);
    return changed;
  }
  Query without(const std::string& name) const {
    Query changed = *this;
    std::erase_if(changed.parameters, [&](const auto& one) { return one.first == name; });
    return changed;
  }
  std::string target() const {
    std::string text = kTelemetry + "?";
    for (const auto& [name, value] : parameters) text += percent_encode(name) + "=" + percent_encode(value) + "&";
    return text;
  }
};

Response ask(const Query& query, const char* media) {
  return api().service.handle({"GET", query.target(), {{"ApiKey", packbench::fuzz::kApiKey}, {"Accept", media}}, {}});
}

// All pages from this one on.
std::vector<Place> pages(Query query) {
  std::vector<Place> all;
  for (int count = 0; count < kRecords; ++count) {
    const Response page = ask(query, "application/json");
    require(page.status == 200);
    const json parsed = json::parse(page.body);
    for (const json& record : parsed["data"]) all.push_back(place_of(record));
    const std::string next(page.text_of("X-Next-Cursor"));
    if (next.empty()) return all;
    query = query.with("cursor", next);
  }
  require(false);  // no page without a record, so none after the last
  return all;
}

std::string text_of(const Response& response) {
  std::string text = response.body;
  for (auto step = Feed::Step::more; response.feed && step == Feed::Step::more;) step = response.feed->next(text);
  return text;
}

std::vector<Place> lines(const Query& query) {
  const Response response = ask(query, "application/x-ndjson");
  require(response.status == 200);
  const std::string text = text_of(response);
  std::vector<Place> all;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    all.push_back(place_of(json::parse(text.substr(at, end - at))));
  return all;
}

void check_rows(const Query& query, std::size_t records) {
  const Response response = ask(query, "text/csv");
  require(response.status == 200);
  require(static_cast<std::size_t>(std::ranges::count(text_of(response), '\n')) == records + 1);
}

void check_order(const Query& query, std::vector<Place> all) {
  if (query.value("order") == "desc") std::ranges::reverse(all);
  require(std::ranges::adjacent_find(all, std::ranges::greater_equal()) == all.end());
}

void check(const Query& asked) {
  const Response first = ask(asked, "application/json");
  require(first.status == 200 || first.status == 400);
  require(json::accept(first.body));
  const std::string range = asked.value("timeRange");
  const bool latest = asked.value("start").empty() && (range.empty() || range == "latest");
  if (first.status != 200 || latest) return;
  const Query query = asked.with("extended", "1");
  const std::vector<Place> all = pages(query);
  check_order(query, all);
  require(lines(query.without("limit")) == all);
  check_rows(query.without("limit"), all.size());
  if (query.value("cursor").empty()) require(pages(query.with("limit", "10000")) == all);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto target = parse_target(kTelemetry + "?" + std::string(text));
  if (target) {
    check({target->parameters});
  } else {
    require(api().get(kTelemetry + "?" + std::string(text)).status == 400);
  }
  return 0;
}
