// What a person reads who does something wrong for the first time: what is wrong, where, and what would be right.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

struct Slip {
  std::string name, method, target, body;
  std::vector<std::pair<std::string, std::string>> fields;
  int status;
  std::string pointer;  // of the first error; "-": there is none
  std::string words;    // of the message
};

using Fields = std::vector<std::pair<std::string, std::string>>;
const Fields kKeyOnly{{"ApiKey", kServiceKey}};

Slip get(std::string name, std::string target, int status, std::string pointer, std::string words,
         Fields fields = kKeyOnly) {
  return {std::move(name), "GET", "/v1" + target, "", std::move(fields), status, std::move(pointer), std::move(words)};
}

Slip query(std::string name, const std::string& text, std::string pointer, std::string words) {
  return get(std::move(name), "/devices/D1/telemetry?" + text, 400, std::move(pointer), std::move(words));
}

Slip post(std::string name, std::string target, std::string body, int status, std::string pointer, std::string words) {
  return {std::move(name),
          "POST",
          "/v1" + target,
          std::move(body),
          {{"ApiKey", kServiceKey}, {"Content-Type", "application/json"}},
          status,
          std::move(pointer),
          std::move(words)};
}

// A good record with these members more.
Slip field(std::string name, const std::string& members, std::string pointer, std::string words) {
  return post(std::move(name), "/devices/D1/telemetry", std::string(kPostedRecord) + "," + members + "}", 422,
              std::move(pointer), std::move(words));
}

// A good record in which this is written for soc.
Slip soc(std::string name, const std::string& value, int status, std::string pointer, std::string words) {
  std::string body = std::string(kPostedRecord) + "}";
  body.replace(body.find(R"("soc":1)") + 6, 1, value);
  return post(std::move(name), "/devices/D1/telemetry", body, status, std::move(pointer), std::move(words));
}

Slip content(std::string name, Fields fields, std::string words) {
  fields.insert(fields.end(), kKeyOnly.begin(), kKeyOnly.end());
  return {std::move(name), "POST", "/v1/devices", "{}", std::move(fields), 415, "-", std::move(words)};
}

Slip record(std::string name, std::string body, int status, std::string pointer, std::string words) {
  return post(std::move(name), "/devices/D1/telemetry", std::move(body), status, std::move(pointer), std::move(words));
}

Slip device(std::string name, std::string body, std::string pointer, std::string words) {
  return post(std::move(name), "/devices", std::move(body), 422, std::move(pointer), std::move(words));
}

std::vector<Slip> routes_and_queries() {
  return {
      get("slash_at_the_end", "/devices/", 404, "-", "no doubled slash and no slash at its end"),
      get("half_percent", "/devices/%4/telemetry", 400, "-", "is percent-encoded, a percent sign as %25"),
      get("unknown_route", "/users", 404, "-", "expected /v1/devices or /v1/devices/{deviceId}/telemetry, see"),
      get("blank_in_a_device", "/devices/a%20b/telemetry", 404, "/deviceId", "Device not found: a b"),
      get("long_device", "/devices/" + std::string(7000, 'a') + "/telemetry", 404, "/deviceId",
          std::string(128, 'a') + "..."),
      get("html", "/devices/D1/telemetry", 406, "-",
          "Accept header allows no form of this answer; expected application/json or application/x-ndjson or text/csv.",
          {{"ApiKey", kServiceKey}, {"Accept", "text/html"}}),
      query("cursor_alone", "cursor=abc", "/cursor",
            "repeat the timeRange, or start and end, of the page that gave the cursor"),
      query("no_cursor", "timeRange=last1hour&cursor=abc", "/cursor", "take it, whole, from X-Next-Cursor or Link"),
      query("every_of_latest", "every=60s", "/every", "ask for a range, such as timeRange=last1hour"),
      query("every_without_unit", "timeRange=last1hour&every=60", "/every", "such as 60s"),
      query("agg_alone", "timeRange=last1hour&agg=avg", "/agg", "such as every=60s"),
      query("long_ago", "start=2024-01-01", "/start", "The range from start to now is longer than 31 days"),
      query("long", "start=2024-01-01&end=2024-03-01", "/end", "The range is longer than 31 days; ask for it in parts"),
      query("nameless", "=1", "/", "There is no parameter ''; expected one of timeRange, start"),
      query("plus", "start=2025-02-20T00:00:00+05:30", "/start", "a plus sign in a query is written %2B"),
      query("no_offset", "start=2025-02-20T00:00:00", "/start", "a time ends with Z or an offset such as +05:30"),
  };
}

std::vector<Slip> bodies() {
  return {
      content("no_content_type", {}, "Content-Type is missing; expected Content-Type: application/json"),
      content("form", {{"Content-Type", "application/x-www-form-urlencoded"}},
              "The Content-Type is application/x-www-form-urlencoded; expected Content-Type: application/json"),
      content("coding", {{"Content-Type", "application/json"}, {"Content-Encoding", "br"}},
              "The Content-Encoding is br; a body may be compressed by gzip"),
      record("empty_body", "", 400, "-", "The body is empty"),
      record("half_body", "{\"soc\":", 400, "-", "ends too early"),
      record("comma_at_the_end", std::string(kPostedRecord) + ",}", 400, "-", "'}' was not expected there"),
      record("null_body", "null", 422, "", "The body must be a record, as an object, or an array of 1 to 1000"),
      record("empty_batch", "[]", 422, "", "The array holds 0 records; expected 1 to 1000"),
      record("array_in_array", "[[]]", 422, "/0", "/0 must be an object"),
      record("twice", R"([{"soc":1,"soc":2}])", 422, "/0/soc", "The key \"soc\" appears twice"),
      soc("nan", "NaN", 422, "/soc", "/soc: NaN is not a number of JSON; write null where there is no reading"),
      soc("minus_infinity", "-Infinity", 422, "/soc", "-Infinity is not a number of JSON"),
      soc("overflow", "1e999", 422, "/soc", "The number 1e999 is too large"),
      soc("word", "None", 400, "-", "'None' was not expected there"),
      soc("text", "\"50\"", 422, "/soc", "must be a number, or null"),
      soc("range", "101", 422, "/soc", "/soc is 101; expected 0 to 100"),
      field("ts_seconds", R"("ts":1736784740)", "/ts",
            R"(must be a string such as "2025-02-20T10:24:05.103Z"; seconds and milliseconds since 1970 are not)"),
      field("ts_text_of_seconds", R"("ts":"1736784740")", "/ts", "epoch seconds and milliseconds are not accepted"),
      field("ts_null", R"("ts":null)", "/ts", "or left out: then it is the time of arrival"),
      field("ts_blank", R"("ts":"2025-02-20T10:00:00 05:30")", "/ts", "expected Z or an offset such as +05:30."),
      field("arrival", R"("_ts":1736784740)", "/_ts", "is set by the server, to the time of arrival; leave it out"),
      field("timestamp", R"("timestamp":1)", "/timestamp", "the time of measurement is ts"),
      field("spaced", R"("ocv soc":1)", "/ocv soc", "did you mean ocv_soc?"),
      field("stranger", R"("colour":1)", "/colour", "the fields are those of NewRecord in /openapi.json"),
      field("nameless_field", R"("":1)", "/", "is not a field of a record"),
      field("long_id", R"("id":")" + std::string(65, 'x') + "\"", "/id", "has 65 characters; expected 1 to 64"),
      field("sensors", R"("temperatures":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1])", "/temperatures",
            "has 25 items; expected 0 to 24"),
      device("array_of_devices", "[]", "", "must be an object with deviceId, name, model and location"),
      device("as_answered", R"({"DeviceId":"X"})", "/DeviceId", "did you mean deviceId?"),
      device("status", R"({"status":"enabled"})", "/status",
             "expected one of deviceId, name, model, location, cellCount"),
  };
}

class Slips : public testing::TestWithParam<Slip> {};

TEST_P(Slips, AreToldWithTheirPlaceAndWhatWouldBeRight) {
  const Slip& slip = GetParam();
  PlainService api;
  const Response response = api.service.handle({slip.method, slip.target, slip.fields, slip.body});
  EXPECT_EQ(response.status, slip.status) << response.body;
  const auto body = nlohmann::json::parse(response.body);
  EXPECT_THAT(body.value("message", ""), HasSubstr(slip.words));
  EXPECT_EQ(body.contains("errors") ? body["errors"][0]["pointer"].get<std::string>() : "-", slip.pointer);
  EXPECT_EQ(response.body.find('\t'), std::string::npos);
}
constexpr auto kName = [](const auto& one) { return one.param.name; };
INSTANTIATE_TEST_SUITE_P(Requests, Slips, testing::ValuesIn(routes_and_queries()), kName);
INSTANTIATE_TEST_SUITE_P(Bodies, Slips, testing::ValuesIn(bodies()), kName);

TEST(Slip, AKeyInAnotherHeaderIsMissingAndTheDetailNamesTheRightOne) {
  PlainService api;
  for (const char* other : {"Authorization", "X-Api-Key"}) {
    const Response response = api.service.handle({"GET", "/v1/devices", {{other, kServiceKey}}, ""});
    EXPECT_EQ(response.status, 401);
    EXPECT_THAT(response.body, HasSubstr("The request has no header ApiKey; a key comes in it and nowhere else."));
    EXPECT_THAT(response.body, Not(HasSubstr(kServiceKey)));
  }
}

TEST(Slip, WhoAsksTooOftenIsToldTheLimitAndTheWait) {
  ServiceOptions options;
  options.limits.per_key = {.per_minute = 30, .burst = 1};
  options.limits.failures_per_peer = {.per_minute = 20, .burst = 1};
  PlainService api(options);
  api.get("/v1/devices"), api.get("/v1/devices", "wrong", "10.0.0.2");
  const Response often = api.get("/v1/devices"), guessed = api.get("/v1/devices", "wrong", "10.0.0.2");
  EXPECT_EQ(often.status, 429);
  EXPECT_THAT(often.body,
              HasSubstr("This key asks more than 30 times a minute, beyond a burst of 1; try again in 2 s."));
  EXPECT_EQ(guessed.status, 429);
  EXPECT_THAT(guessed.body,
              HasSubstr("Requests without a valid key came from this address more than 20 times a minute, "
                        "beyond a burst of 1; try again in 3 s."));
}

TEST(Slip, OnAListenerForOperatorsTheirRoutesAreNamed) {
  PlainService api;
  const Response response = api.service.handle({"GET", "/v1/devices", {}, "", "", {false, true}});
  EXPECT_THAT(response.body, HasSubstr("this listener has /healthz, /readyz, /metrics and /openapi.json."));
}

TEST(Options, OfTheServerAsAWholeNamesItsMethodsWithoutAKey) {
  PlainService api;
  const Response response = api.service.handle({"OPTIONS", "*", {}, ""});
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(PlainService::field(response, "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(api.service.handle({"GET", "*", {}, ""}).status, 400);
}

}  // namespace
}  // namespace packbench::hil::api::test
