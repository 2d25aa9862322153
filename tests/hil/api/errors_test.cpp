#include <gmock/gmock.h>

#include "api_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

struct Case {
  std::string name, method, target, body;
  std::string fields;  // empty: the good key
  unsigned status;
  std::string code;
};

const std::string kAuth = std::string("ApiKey: ") + kKey + "\r\n";
const std::string kTelemetry = "/v1/devices/STM32H753ZI/telemetry";
const std::string kGoodRecord =
    R"("pack_voltage":41.2,"cell_voltage":[2.7,2.8],"temperature":27,"pack_current":0,"soc":21,"bms_state":"IDLE","main_contactor_state":true,"charger_contactor_state":false)";
const std::string kNewDevice = R"({"deviceId":"D1","name":"n","model":"m","location":"l"})";

std::string many(const std::string& piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

std::vector<Case> cases() {
  const auto get = [](std::string name, std::string query, std::string code) {
    return Case{std::move(name), "GET", kTelemetry + query, "", "", 400, std::move(code)};
  };
  const auto record = [](std::string name, std::string body, unsigned status, std::string code) {
    return Case{std::move(name), "POST", kTelemetry, std::move(body), "", status, std::move(code)};
  };
  const auto device = [](std::string name, std::string body, unsigned status, std::string code) {
    return Case{std::move(name), "POST", "/v1/devices", std::move(body), "", status, std::move(code)};
  };
  return {
      get("preset_and_range", "?timeRange=latest&start=2025-02-19", "conflicting_parameters"),
      get("end_alone", "?end=2025-02-19", "missing_start"),
      get("start_after_end", "?start=2025-02-19&end=2025-02-18", "invalid_range"),
      get("empty_range", "?start=2025-02-19&end=2025-02-19", "invalid_range"),
      get("start_in_the_future", "?start=2025-02-21", "invalid_range"),
      get("32_days", "?start=2025-01-01&end=2025-02-02", "range_too_large"),
      get("epoch_number", "?start=1736784740", "invalid_time"),
      get("blank_offset", "?start=2025-02-20T00:00:00+05:30", "invalid_time"),
      get("unknown_preset", "?timeRange=last5min", "invalid_time_range"),
      get("empty_preset", "?timeRange=", "invalid_time_range"),
      get("misspelt_parameter", "?timerange=last5mins", "unknown_parameter"),
      get("repeated_parameter", "?limit=1&limit=2", "repeated_parameter"),
      get("limit_zero", "?limit=0", "invalid_limit"),
      get("limit_large", "?limit=10001", "invalid_limit"),
      get("limit_text", "?limit=10x", "invalid_limit"),
      get("order", "?order=up", "invalid_order"),
      get("extended", "?extended=yes", "invalid_flag"),
      get("cursor", "?timeRange=last5mins&cursor=xyz", "invalid_cursor"),
      get("cursor_of_other_order", "?timeRange=last5mins&order=desc&cursor=a.1.x", "invalid_cursor"),
      get("cursor_with_latest", "?timeRange=latest&cursor=a.1.x", "conflicting_parameters"),
      get("broken_percent", "?timeRange=%zz", "bad_target"),
      {"unknown_device", "GET", "/v1/devices/NOPE/telemetry", "", "", 404, "device_not_found"},
      {"slash_in_device", "GET", "/v1/devices/a%2Fb/telemetry", "", "", 404, "device_not_found"},
      {"dots_in_path", "GET", "/v1/devices/../telemetry", "", "", 404, "device_not_found"},
      {"encoded_dots", "GET", "/v1/devices/%2e%2e/telemetry", "", "", 404, "device_not_found"},
      {"encoded_way_up", "GET", "/v1/devices/..%2f..%2fetc%2fpasswd/telemetry", "", "", 404, "device_not_found"},
      {"way_up", "GET", "/v1/../v1/devices", "", "", 404, "route_not_found"},
      {"doubled_slash", "GET", "//v1/devices", "", "", 404, "route_not_found"},
      {"slash_at_the_end", "GET", "/v1/devices/", "", "", 404, "route_not_found"},
      {"upper_case_route", "GET", "/V1/devices", "", "", 404, "route_not_found"},
      {"encoded_twice", "GET", "/v1/devices/%2553/telemetry", "", "", 404, "device_not_found"},
      {"encoded_zero", "GET", "/v1/devices/a%00b/telemetry", "", "", 400, "bad_target"},
      {"encoded_line_end", "GET", "/v1/devices/a%0d%0aSet-Cookie:x/telemetry", "", "", 404, "device_not_found"},
      {"absolute_form", "GET", "http://localhost/v1/nowhere", "", "", 404, "route_not_found"},
      {"fragment", "GET", "/v1/devices#x", "", "", 400, "bad_target"},
      {"asterisk", "GET", "*", "", "", 400, "bad_target"},
      {"authority", "CONNECT", "localhost:80", "", "", 400, "bad_target"},
      {"high_byte_in_target", "GET", "/v1/\xff", "", "", 400, "bad_target"},
      {"half_percent", "GET", "/v1/devices/%", "", "", 400, "bad_target"},
      {"statement_in_device", "GET", "/v1/devices/x'%20OR%20'1'='1/telemetry", "", "", 404, "device_not_found"},
      {"operations_on_this_listener", "GET", "/metrics", "", "", 404, "route_not_found"},
      {"other_organization", "GET", kTelemetry, "", "ApiKey: another-organization\r\n", 404, "device_not_found"},
      {"unknown_route", "GET", "/v1/users", "", "", 404, "route_not_found"},
      {"unknown_version", "GET", "/v2/devices", "", "", 404, "route_not_found"},
      {"delete", "DELETE", "/v1/devices", "", "", 405, "method_not_allowed"},
      {"strange_method", "BREW", kTelemetry, "", "", 405, "method_not_allowed"},
      {"no_key", "GET", kTelemetry, "", "Accept: */*\r\n", 401, "key_missing"},
      {"wrong_key", "GET", kTelemetry, "", "ApiKey: wrong\r\n", 401, "key_invalid"},
      {"key_in_query", "GET", kTelemetry + "?ApiKey=" + kKey, "", "Accept: */*\r\n", 401, "key_missing"},
      {"not_acceptable", "GET", kTelemetry, "", kAuth + "Accept: text/html\r\n", 406, "not_acceptable"},
      {"refused_by_q", "GET", kTelemetry, "", kAuth + "Accept: application/json;q=0\r\n", 406, "not_acceptable"},
      {"form_body", "POST", "/v1/devices", "a=b", kAuth + "Content-Type: text/plain\r\n", 415,
       "unsupported_media_type"},
      {"latin1_body", "POST", "/v1/devices", kNewDevice, kAuth + "Content-Type: application/json; charset=latin1\r\n",
       415, "unsupported_media_type"},
      {"unknown_coding", "POST", "/v1/devices", "x",
       kAuth + "Content-Type: application/json\r\nContent-Encoding: br\r\n", 415, "unsupported_encoding"},
      {"coded_twice", "POST", "/v1/devices", "x",
       kAuth + "Content-Type: application/json\r\nContent-Encoding: gzip, gzip\r\n", 415, "unsupported_encoding"},
      {"no_gzip", "POST", "/v1/devices", "x", kAuth + "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
       400, "malformed_gzip"},
      device("malformed", "{", 400, "malformed_json"),
      device("empty_body", "", 400, "malformed_json"),
      device("invalid_utf8", "{\"deviceId\":\"\xff\"}", 400, "malformed_json"),
      device("duplicate_key", R"({"name":"a","name":"b"})", 422, "duplicate_key"),
      device("bytes_that_are_no_utf8", "{\"deviceId\":\"D1\",\"name\":\"\xc0\xaf\"}", 400, "malformed_json"),
      device("half_of_a_surrogate", R"({"deviceId":"D1","name":"\ud800"})", 400, "malformed_json"),
      device("deep_objects", many(R"({"a":)", 5'000), 422, "too_deep"),
      device("deep", std::string(10'000, '['), 422, "too_deep"),
      device("zero_byte_at_the_end", std::string(kNewDevice) + std::string(1, '\0'), 400, "malformed_json"),
      device("key_of_a_kilobyte", "{\"" + std::string(1024, 'k') + "\":1}", 422, "long_key"),
      device("many_values", "[" + many("0,", 500'000) + "0]", 422, "too_many_values"),
      device("line_end_in_a_name", R"({"deviceId":"D1","name":"a\r\nb","model":"m","location":"l"})", 422,
             "invalid_content"),
      device("zero_in_a_name", R"({"deviceId":"D1","name":"a\u0000b","model":"m","location":"l"})", 422,
             "invalid_content"),
      device("array", "[]", 422, "invalid_content"),
      device("missing", R"({"deviceId":"D1","name":"n","model":"m"})", 422, "invalid_content"),
      device("blank", R"({"deviceId":"D1","name":" ","model":"m","location":"l"})", 422, "invalid_content"),
      device("long", R"({"deviceId":"D1","name":")" + std::string(129, 'n') + R"(","model":"m","location":"l"})", 422,
             "invalid_content"),
      device("number", R"({"deviceId":7,"name":"n","model":"m","location":"l"})", 422, "invalid_content"),
      device("bad_id", R"({"deviceId":"-x","name":"n","model":"m","location":"l"})", 422, "invalid_content"),
      device("unknown_field", R"({"deviceId":"D1","name":"n","model":"m","location":"l","colour":"red"})", 422,
             "invalid_content"),
      device("existing", R"({"deviceId":"STM32H753ZI","name":"n","model":"m","location":"l"})", 409,
             "duplicate_device"),
      record("record_malformed", "{\"pack_voltage\":None}", 400, "malformed_json"),
      record("record_nan", "{\"pack_voltage\":NaN}", 422, "invalid_content"),
      record("record_overflow", "{\"pack_voltage\":1e999}", 422, "number_overflow"),
      record("record_empty", "{}", 422, "invalid_content"),
      record("batch_empty", "[]", 422, "invalid_content"),
      record("record_text", "{" + kGoodRecord + R"(,"soh":"0"})", 422, "invalid_content"),
      record("record_unknown_field", "{" + kGoodRecord + R"(,"voltage":1})", 422, "invalid_content"),
      record("record_other_device", "{" + kGoodRecord + R"(,"deviceId":"X"})", 422, "invalid_content"),
      record("record_half_sequence", "{" + kGoodRecord + R"(,"seq":1})", 422, "invalid_content"),
      record("record_time", "{" + kGoodRecord + R"(,"ts":"1736784740"})", 422, "invalid_content"),
      record("record_seq_too_large", "{" + kGoodRecord + R"(,"boot":1,"seq":9007199254740992})", 422,
             "invalid_content"),
      record("record_id_blank", "{" + kGoodRecord + R"(,"id":"a b"})", 422, "invalid_content"),
      record("record_soh_range", "{" + kGoodRecord + R"(,"soh":110.01})", 422, "invalid_content"),
  };
}

class Errors : public testing::TestWithParam<Case> {};

TEST_P(Errors, AreAnsweredWithTheirCodeInTheOneErrorForm) {
  const Case& c = GetParam();
  ApiServer api;
  api.add_device();
  const HttpResponse response =
      c.fields.empty() ? api.call(c.method, c.target, c.body) : api.call(c.method, c.target, c.body, c.fields);
  EXPECT_EQ(response.result_int(), c.status) << response.body();
  EXPECT_EQ(response[http::field::content_type], "application/json");
  EXPECT_EQ(response[http::field::cache_control], "no-store");
  const auto body = nlohmann::json::parse(response.body());
  EXPECT_EQ(body["code"], c.code) << response.body();
  EXPECT_EQ(body["success"], false);
  EXPECT_EQ(body["statusCode"], c.status);
  EXPECT_EQ(body["status"], c.status);
  EXPECT_FALSE(body["message"].get<std::string>().empty());
  EXPECT_FALSE(body["title"].get<std::string>().empty());
  EXPECT_THAT(body["type"].get<std::string>(), testing::StartsWith("urn:packbench:problem:"));
  EXPECT_EQ(body["instance"], "urn:uuid:" + std::string(response["X-Request-Id"]));
  EXPECT_THAT(response.body(), Not(HasSubstr(kKey)));
  for (const auto& field : response) EXPECT_NE(field.name_string(), "Set-Cookie");
}
INSTANTIATE_TEST_SUITE_P(All, Errors, testing::ValuesIn(cases()), [](const auto& one) { return one.param.name; });

TEST(ErrorForm, MissingAndInvalidKeysHaveTheGatewaysTexts) {
  ApiServer api;
  const HttpResponse missing = api.call("GET", "/v1/devices", "", "");
  EXPECT_EQ(missing[http::field::www_authenticate], "ApiKey realm=\"device-api\"");
  EXPECT_THAT(missing.body(),
              HasSubstr("Access denied due to missing subscription key. Make sure to include subscription key"));
  EXPECT_THAT(api.call("GET", "/v1/devices", "", "ApiKey: f76d\r\n").body(),
              HasSubstr("Access denied due to invalid subscription key. Make sure to provide a valid key for an active "
                        "subscription."));
}

TEST(ErrorForm, HeaderNamesHaveNoCase) {
  ApiServer api;
  EXPECT_EQ(api.call("GET", "/v1/devices", "", std::string("apikey: ") + kKey + "\r\n").result_int(), 200u);
}

TEST(ErrorForm, ProblemJsonIsGivenToWhoListsIt) {
  ApiServer api;
  const std::string accept = kAuth + "Accept: application/json, application/problem+json\r\n";
  EXPECT_EQ(api.call("GET", "/v1/devices/x/telemetry", "", accept)[http::field::content_type],
            "application/problem+json");
}

TEST(ErrorForm, MethodsThatAreAllowedAreNamed) {
  ApiServer api;
  EXPECT_EQ(api.call("PUT", "/v1/devices")[http::field::allow], "GET, HEAD, POST");
}

TEST(ErrorForm, ABlankInTheOffsetGetsAHint) {
  ApiServer api;
  api.add_device();
  const auto body = api.telemetry("?start=2025-02-20T00:00:00+05:30", 400);
  EXPECT_THAT(body["message"].get<std::string>(), HasSubstr("%2B"));
  EXPECT_EQ(body["errors"][0]["pointer"], "/start");
}

TEST(ErrorForm, EveryWrongFieldOfABatchIsPointedAt) {
  ApiServer api;
  api.add_device();
  const std::string good = "{" + kGoodRecord + "}";
  std::string bad = good;
  bad.replace(bad.find("2.8]"), 4, "9.9]");
  const auto body = nlohmann::json::parse(api.call("POST", kTelemetry, "[" + good + "," + bad + ",7]").body());
  ASSERT_EQ(body["errors"].size(), 2u);
  EXPECT_EQ(body["errors"][0]["pointer"], "/1/cell_voltage/1");
  EXPECT_THAT(body["errors"][0]["detail"].get<std::string>(), HasSubstr("expected 0 to 6.6"));
  EXPECT_EQ(body["errors"][1]["pointer"], "/2");
  EXPECT_TRUE(api.ids("").empty());  // all or nothing
}

TEST(ErrorForm, APointerToAFieldThatIsNoneIsEscaped) {
  ApiServer api;
  api.add_device();
  const auto body = nlohmann::json::parse(api.call("POST", kTelemetry, "{" + kGoodRecord + R"(,"a/b~c":1})").body());
  ASSERT_EQ(body["errors"].size(), 1u);
  EXPECT_EQ(body["errors"][0]["pointer"], "/a~1b~0c");
}

TEST(ErrorForm, ANumberTooLargeForAnyUnitIsOutOfItsRange) {
  ApiServer api;
  api.add_device();
  const auto body = nlohmann::json::parse(api.call("POST", kTelemetry, "{" + kGoodRecord + R"(,"soh":1e300})").body());
  EXPECT_EQ(body["errors"][0]["code"], "range");
}

TEST(ErrorForm, LengthsAreInCharacters) {
  ApiServer api;
  const auto device = [](int characters) {
    std::string name;
    for (int i = 0; i < characters; ++i) name += "\xC3\xBC";
    return R"({"deviceId":"D1","name":")" + name + R"(","model":"m","location":"l"})";
  };
  EXPECT_EQ(api.call("POST", "/v1/devices", device(129)).result_int(), 422u);
  EXPECT_EQ(api.call("POST", "/v1/devices", device(128)).result_int(), 201u);
}

TEST(Lenient, UnknownParametersCanBeTolerated) {
  ServiceOptions options;
  options.lenient_query = true;
  ApiServer api({}, options);
  api.add_device();
  api.telemetry("?colour=red", 200);
  api.telemetry("?limit=1&limit=1", 400);
}

}  // namespace
}  // namespace packbench::hil::api::test
