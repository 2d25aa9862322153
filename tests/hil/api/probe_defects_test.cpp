// The checker against instances with one defect each: named by its own finding, and by no other.
#include <nlohmann/json.hpp>

#include "hil/api/values/stamp.h"
#include "probe_fixture.h"

namespace packbench::hil::api::test {
namespace {

using Json = nlohmann::ordered_json;
using Bend = BentServer::Bend;

// What a defect does, and the findings that name it.
struct Defect {
  std::string name;
  Bend bend;
  std::set<std::string> found;
  int records = kRecords;
  std::function<bool(int)> keep{};
  std::int64_t ago_ms = 0;
};

void PrintTo(const Defect& defect, std::ostream* out) { *out << defect.name; }

std::string key_of(const Request& request) { return std::string(request.field("ApiKey").value_or("")); }

// Changes the body of answers whose target holds `part` and that give something.
Bend body(const std::string& part, const std::function<void(Json&)>& change) {
  return {.answer = [=](const Request& request, Response& response) {
    if (!asks(request, part) || response.status != 200) return;
    Json json = Json::parse(response.body);
    if (json["data"].empty()) return;
    change(json);
    response.body = json.dump();
  }};
}

// Changes every record of every answer.
Bend records(const std::function<void(Json&)>& change) {
  return body("/telemetry", [=](Json& json) {
    for (Json& record : json["data"]) change(record);
  });
}

Bend status(const std::string& part, int code) {
  return {.answer = [=](const Request& request, Response& response) {
    if (asks(request, part) && response.status < 300)
      response.status = code, response.body = R"({"success":false,"statusCode":0,"message":"no"})";
  }};
}

Bend raw(const std::string& part, const std::string& bytes, bool hang_up = true) {
  return {.raw = [=](const Request& request) { return asks(request, part) ? bytes : std::string(); },
          .hang_up = hang_up};
}

std::string ok(const std::string& text) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(text.size()) +
         "\r\n\r\n" + text;
}

Bend field(const std::string& name, const std::string& value, const std::string& part = "/v1") {
  return {.answer = [=](const Request& request, Response& response) {
    if (!asks(request, part)) return;
    std::erase_if(response.fields, [&](const auto& one) { return one.first == name; });
    if (!value.empty()) response.fields.emplace_back(name, value);
  }};
}

void set_key(Request& request, const std::string& key) {
  std::erase_if(request.fields, [](const auto& one) { return one.first == "ApiKey"; });
  if (!key.empty()) request.fields.emplace_back("ApiKey", key);
}

Bend key(const std::function<bool(const Request&)>& when, const std::string& replaced) {
  return {.request = [=](Request& request) {
    if (when(request)) set_key(request, replaced);
  }};
}

// The range that begins and ends at a record: the fixture's are of this many ms.
bool from_record_to_record(const Request& request) {
  const auto end = request.target.find(".403Z&end=2025");
  return asks(request, "start=2025") && end != std::string::npos && request.target.substr(end + 25, 4) == ".403";
}

// The milliseconds of the end, one more.
std::string later(const std::string& target) {
  const int ms = std::stoi(target.substr(target.find("&end=") + 21, 3));
  return std::to_string(ms + 1);
}

void change_body(Response& response, const std::function<void(Json&)>& change) {
  if (response.status != 200) return;
  Json json = Json::parse(response.body);
  if (json["data"].empty()) return;
  change(json);
  response.body = json.dump();
}

std::vector<Defect> defects() {
  const std::string own = kServiceKey;
  return {
      {"list_open_to_all", key([](const Request& r) { return lists(r) && key_of(r).empty(); }, own), {"auth.no_key"}},
      {"any_key_will_do",
       key([=](const Request& r) { return !key_of(r).empty() && key_of(r) != own; }, own),
       {"auth.wrong_key"}},
      {"telemetry_open_to_all",
       key([](const Request& r) { return !lists(r) && key_of(r).empty(); }, own),
       {"auth.telemetry"}},
      {"own_key_refused", key([](const Request&) { return true; }, "nobody's"), {"auth.key"}},
      {"refusal_without_words",
       {.answer =
            [](const Request&, Response& r) {
              if (r.status == 401) r.body = "";
            }},
       {"auth.body"}},
      {"header_in_one_case",
       {.request =
            [](Request& r) {
              if (std::ranges::any_of(r.fields, [](const auto& one) { return one.first == "apikey"; }))
                std::erase_if(r.fields, [](const auto& one) { return one.first == "apikey"; });
            }},
       {"auth.header_case"}},
      {"html_type", field("Content-Type", "text/html", "last5mins"), {"http.content_type"}},
      {"redirect",
       {.answer =
            [](const Request& q, Response& r) {
              if (asks(q, "timeRange=last1hour"))
                r.status = 302, r.fields.emplace_back("Location", "http://elsewhere/"), r.body = "{}";
            }},
       {"http.redirect", "telemetry.last1hour"}},
      {"key_in_answer",
       body("/v1/devices",
            [=](Json& j) {
              if (j["data"][0].contains("Name")) j["data"][0]["Name"] = own;
            }),
       {"http.key_kept"}},
      {"device_without_model", body("/v1/devices", [](Json& j) { j["data"][0].erase("Model"); }), {"devices.fields"}},
      {"device_twice",
       body("/v1/devices",
            [](Json& j) {
              if (j["data"][0].contains("Name")) j["data"].push_back(j["data"][0]);
            }),
       {"devices.unique"}},
      {"device_stamp_extended",
       body("/v1/devices",
            [](Json& j) {
              if (j["data"][0].contains("Name")) j["data"][0]["CreatedAt"] = "2025-01-31T06:49:47.416Z";
            }),
       {"devices.stamps"}},
      {"latest_is_two",
       body("timeRange=latest",
            [](Json& j) {
              if (j["data"].size() == 1) j["data"].push_back(j["data"][0]);
            }),
       {"telemetry.latest"}},
      {"latest_is_old",
       body("timeRange=latest",
            [](Json& j) {
              for (Json& one : j["data"])
                one["id"] = uuid(kRecords - 10), one["_ts"] = one["_ts"].get<std::int64_t>() - 45;
            }),
       {"telemetry.newest"}},
      {"latest_is_empty", body("timeRange=latest", [](Json& j) { j["data"].clear(); }), {"telemetry.latest"}},
      {"latest_lags_by_one",
       {.request =
            [](Request& r) {
              // The record before the newest, which is 5.7 s old.
              if (asks(r, "timeRange=latest"))
                r.target.replace(r.target.find("timeRange=latest"), 16,
                                 "start=20250220T102359.000Z&end=20250220T102400.000Z");
            }},
       {"telemetry.newest", "telemetry.meta"}},
      {"values_change", body("last1hour", [](Json& j) { j["data"][7]["soc"] = 51; }), {"records.same"}},
      {"windows_are_cut",
       body("timeRange=last1hour", [](Json& j) { j["data"].erase(j["data"].begin(), j["data"].end() - 100); }),
       {"telemetry.range", "telemetry.containment", "telemetry.beginning"}},
      {"day_of_1990_is_the_newest_record",
       {.request =
            [](Request& r) {
              if (const auto at = r.target.find("start=1990"); at != std::string::npos)
                r.target.replace(at, std::string::npos, "timeRange=latest&extended=1");
            }},
       {"telemetry.past"}},
      {"bare_refused",
       {.answer =
            [](const Request& q, Response& r) {
              if (q.target.ends_with("/telemetry")) r.status = 400, r.body = "{}";
            }},
       {"telemetry.bare"}},
      {"not_an_array", body("timeRange=last1hour", [](Json& j) { j["data"] = 1; }), {"telemetry.last1hour"}},
      {"success_is_false",
       body("timeRange=last7days&extended", [](Json& j) { j["success"] = false; }),
       {"telemetry.last7days"}},
      {"wrong_device_in_meta", body("last5mins", [](Json& j) { j["meta"]["deviceId"] = "D2"; }), {"telemetry.meta"}},
      {"wrong_range_in_meta",
       body("last5mins", [](Json& j) { j["meta"]["timeRange"] = "latest"; }),
       {"telemetry.meta"}},
      {"record_missing_in_the_short_window",
       body("last5mins", [](Json& j) { j["data"].erase(j["data"].begin() + 5); }),
       {"telemetry.containment"}},
      {"record_missing_in_the_long_window",
       body("last7days&extended", [](Json& j) { j["data"].erase(j["data"].end() - 5); }),
       {"telemetry.containment"}},
      {"out_of_order", body("last1hour", [](Json& j) { std::swap(j["data"][3], j["data"][4]); }), {"telemetry.order"}},
      {"record_twice",
       body("last1hour", [](Json& j) { j["data"].insert(j["data"].begin() + 3, Json(j["data"][3])); }),
       {"telemetry.duplicates"}},
      {"window_too_long",
       body("last5mins", [](Json& j) { j["data"][0]["ts"] = "2025-02-20T10:00:00.000Z"; }),
       {"telemetry.window", "records.same"}},
      {"range_ignored",
       {.answer =
            [](const Request& q, Response& r) {
              if (!asks(q, "start=2") || !asks(q, "extended=1")) return;
              Json json = Json::parse(r.body);
              if (json["data"].empty()) return;
              json["data"][0]["ts"] = "2025-01-01T00:00:00.000Z";
              r.body = json.dump();
            }},
       {"telemetry.range", "telemetry.range_extended", "records.same"}},
      {"start_left_out",
       {.answer =
            [](const Request& q, Response& r) {
              if (from_record_to_record(q)) change_body(r, [](Json& j) { j["data"].erase(0); });
            }},
       {"telemetry.bounds"}},
      {"end_given_too",
       {.request =
            [](Request& r) {
              if (from_record_to_record(r)) r.target.replace(r.target.find("&end=") + 21, 3, later(r.target));
            }},
       {"telemetry.bounds"}},
      {"range_leaves_one_out",
       {.answer =
            [](const Request& q, Response& r) {
              if (from_record_to_record(q)) change_body(r, [](Json& j) { j["data"].erase(5); });
            }},
       {"telemetry.bounds"}},
      {"hour_by_start_and_end_leaves_one_out",
       {.answer =
            [](const Request& q, Response& r) {
              if (asks(q, "start=2025-")) change_body(r, [](Json& j) { j["data"].erase(300); });
            }},
       {"telemetry.range_extended"}},
      {"extended_stamp_refused", status("start=2025-", 400), {"telemetry.range_extended"}},
      {"gap", {}, {"telemetry.gaps"}, kRecords, [](int i) { return i < kRecords - 100 || i > kRecords - 50; }},
      {"stale", {}, {"telemetry.fresh"}, kRecords, {}, 600'000},
      {"no_clock", field("Date", ""), {"clock.server"}},
      {"wrong_clock", field("Date", http_date(kServiceNow_ms + 3'600'000)), {"clock.server"}},
      {"device_clock_ahead",
       records([](Json& r) {
         if (r["id"] == uuid(367)) r["_ts"] = r["_ts"].get<std::int64_t>() - 60;
       }),
       {"clock.device"}},
      {"soc_of_120", records([](Json& r) { r["soc"] = 120, r["ocv_soc"] = 100; }), {"records.range"}},
      {"cell_of_9_V", records([](Json& r) { r["cell_voltage"][0] = 9, r["pack_voltage"] = 56.8; }), {"records.range"}},
      {"no_soh", records([](Json& r) { r.erase("soh"); }), {"records.fields"}},
      {"spaced_ocv_soc", records([](Json& r) { r["ocv soc"] = r["ocv_soc"], r.erase("ocv_soc"); }), {"records.fields"}},
      {"contactor_as_text", records([](Json& r) { r["main_contactor_state"] = "closed"; }), {"records.fields"}},
      {"record_of_another_device", records([](Json& r) { r["deviceId"] = "D9"; }), {"records.device"}},
      {"ids_that_are_no_uuids", records([](Json& r) { r["id"] = "x" + r["id"].get<std::string>(); }), {"records.id"}},
      {"cells_do_not_add_up", records([](Json& r) { r["pack_voltage"] = 48; }), {"records.sum"}},
      {"socs_apart", records([](Json& r) { r["ocv_soc"] = 90; }), {"records.soc"}},
      {"state_unknown", records([](Json& r) { r["bms_state"] = "FLYING"; }), {"records.state"}},
      {"contactor_against_state", records([](Json& r) { r["main_contactor_state"] = false; }), {"records.contactors"}},
      {"current_against_state", records([](Json& r) { r["pack_current"] = 50; }), {"records.current"}},
      {"ts_in_ms", records([](Json& r) { r["_ts"] = r["_ts"].get<std::int64_t>() * 1000; }), {"records.arrival"}},
      {"ts_before_all_time",
       records([](Json& r) { r["_ts"] = -999'999'999'999'999'999; }),
       {"records.arrival", "clock.device"}},
      {"unknown_field", records([](Json& r) { r["_rid"] = "a"; }), {"records.unknown"}},
      {"unknown_device_served",
       {.answer =
            [](const Request& q, Response& r) {
              if (asks(q, "packbench-probe")) r.status = 200, r.body = "{}";
            }},
       {"refusals.unknown_device"}},
      {"typing_error_served",
       {.request =
            [](Request& r) {
              if (const auto at = r.target.find("last5minutes"); at != std::string::npos)
                r.target.replace(at, 12, "latest");
            }},
       {"refusals.unknown_range"}},
      {"fault_on_a_bad_time",
       {.answer =
            [](const Request& q, Response& r) {
              if (asks(q, "yesterday")) r.status = 500;
            }},
       {"refusals.no_time"}},
      {"page_skips_a_record",
       body("limit=240&cursor=",
            [](Json& j) {
              if (j["data"].size() > 1) j["data"].erase(0);
            }),
       {"limits.pages"}},
      {"long_range_breaks",
       {.answer =
            [](const Request& q, Response& r) {
              if (asks(q, "start=20241") || asks(q, "start=2015")) r.status = 500;
            }},
       {"limits.range"}},
      {"cut_off_silently", {}, {"limits.truncation"}, 100},
      {"half_a_json", raw("last1hour", ok("{\"success\":true,\"data\":[")), {"telemetry.last1hour"}},
      {"deep_json", raw("last1hour", ok(std::string(100'000, '['))), {"telemetry.last1hour"}},
      {"no_http", raw("last1hour", "hello\r\n\r\n"), {"telemetry.last1hour"}},
      {"hangs_up", raw("last1hour", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"), {"telemetry.last1hour"}},
      {"never_ends",
       raw("last1hour", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", false),
       {"telemetry.last1hour"}},
      {"too_large",
       raw("last1hour", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"),
       {"telemetry.last1hour"}},
      {"endless_header",
       raw("last1hour", "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x')),
       {"telemetry.last1hour"}},
      {"empty_pages_without_end",
       raw("last1hour",
           ok(R"({"success":true,"data":[],"meta":{"organizationId":1,"deviceId":"D1","timeRange":"last1hour","timestamp":"20250220T102405.103Z","nextCursor":"x"}})"),
           true),
       {"telemetry.last1hour"}},
      {"page_without_end", field("X-Next-Cursor", "again", "last1hour"), {"telemetry.last1hour"}},
  };
}

class OneDefect : public testing::TestWithParam<Defect> {};

TEST_P(OneDefect, IsNamedByItsOwnFinding) {
  const Defect& defect = GetParam();
  BentServer server(defect.bend);
  fill(server, defect.records, defect.keep, defect.ago_ms);
  probe::Options options = asking(server);
  if (defect.name == "never_ends") options.timeout = std::chrono::milliseconds(500);
  const probe::Report report = probe::run(options);
  EXPECT_EQ(remarks(report), defect.found) << texts(report);
}

INSTANTIATE_TEST_SUITE_P(Probe, OneDefect, testing::ValuesIn(defects()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace packbench::hil::api::test
