#include <gmock/gmock.h>

#include "api_fixture.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api::test {
namespace {

const std::string kTelemetry = "/v1/devices/STM32H753ZI/telemetry";

std::string record(const std::string& more) {
  return R"({"pack_voltage":41.2708,"cell_voltage":[2.6968,2.743],"temperature":27.315,"pack_current":-0.5,"soc":21.02,"bms_state":"IDLE","main_contactor_state":true,"charger_contactor_state":false)" +
         more + "}";
}

class Ingest : public testing::Test {
 protected:
  void SetUp() override { api.add_device(); }
  nlohmann::json post(const std::string& body) {
    const HttpResponse response = api.call("POST", kTelemetry, body);
    EXPECT_EQ(response.result_int(), 200u) << response.body();
    return nlohmann::json::parse(response.body());
  }
  ApiServer api;
};

TEST_F(Ingest, ARecordComesBackAsPosted) {
  EXPECT_EQ(post(record(R"(,"id":"a","ts":"2025-02-20T10:24:00Z","boot":2,"seq":5)")).dump(),
            R"({"accepted":1,"duplicates":0,"rejected":[],"success":true})");
  const auto stored = api.telemetry("?extended=1")["data"][0];
  EXPECT_EQ(stored["pack_voltage"], 41.2708);
  EXPECT_EQ(stored["pack_current"], -0.5);
  EXPECT_EQ(stored["ocv_soc"], nullptr);
  EXPECT_EQ(stored["soh"], 0);
  EXPECT_EQ(stored["Device_id"], "BMS_DEVICE_1");
  EXPECT_EQ(stored["_ts"], kNow_ms / 1000);
  EXPECT_EQ(stored["ts"], "2025-02-20T10:24:00.000Z");
}

TEST_F(Ingest, WithoutATimeTheArrivalIsTheTime) {
  post(record(""));
  const auto stored = api.telemetry("?extended=1")["data"][0];
  EXPECT_EQ(stored["ts"], "2025-02-20T10:24:05.103Z");
  EXPECT_EQ(stored["id"].get<std::string>().size(), 36u);
}

// Else it would be the latest record until that time has come.
TEST_F(Ingest, ATimeMoreThanADayAheadIsRefusedAndOneOfAClockThatIsWrongIsKept) {
  const auto at = [](std::int64_t ms) {
    return record(R"(,"ts":")" + stamp_text(kNow_ms + ms, StampForm::extended) + "\"");
  };
  constexpr std::int64_t kDay_ms = 24 * 3'600'000;
  EXPECT_EQ(post(at(kDay_ms))["accepted"], 1);
  EXPECT_EQ(post(at(-700 * kDay_ms))["accepted"], 1);
  const HttpResponse refused = api.call("POST", kTelemetry, "[" + at(0) + "," + at(kDay_ms + 1) + "]");
  EXPECT_EQ(refused.result_int(), 422u);
  EXPECT_THAT(refused.body(), testing::HasSubstr(R"("pointer":"/1/ts","code":"future")"));
  EXPECT_EQ(api.store.size().records, 2);
  api.clock.set(5000);  // back at the start, as without a battery: the last arrival is known
  EXPECT_EQ(post(at(kDay_ms - 1))["accepted"], 1);
}

TEST_F(Ingest, AServerWhoseClockWasNeverSetTakesEveryTime) {
  api.clock.set(5000);
  post(record(R"(,"ts":"2025-02-20T10:24:00Z")"));
}

TEST_F(Ingest, NoMoreFlagsThanCells) {
  post(record(R"(,"balancing":[true])"));
  post(record(R"(,"balancing":[true,false])"));
  const HttpResponse refused = api.call("POST", kTelemetry, record(R"(,"balancing":[true,false,true])"));
  EXPECT_EQ(refused.result_int(), 422u);
  EXPECT_THAT(refused.body(), testing::HasSubstr(R"("pointer":"/balancing","code":"cell_count")"));
}

TEST_F(Ingest, TheSameIdTwiceIsOneRecord) {
  post(record(R"(,"id":"a","ts":"2025-02-20T10:24:00Z")"));
  EXPECT_EQ(post(record(R"(,"id":"a","ts":"2025-02-20T10:24:01Z")"))["duplicates"], 1);
  EXPECT_EQ(api.ids("?timeRange=last5mins").size(), 1u);
  EXPECT_EQ(api.telemetry("?extended=1")["data"][0]["ts"], "2025-02-20T10:24:00.000Z");
}

TEST_F(Ingest, TheSameBootAndSequenceTwiceIsOneRecord) {
  post(record(R"(,"id":"a","boot":1,"seq":9)"));
  EXPECT_EQ(post(record(R"(,"id":"b","boot":1,"seq":9)"))["duplicates"], 1);
  EXPECT_EQ(post(record(R"(,"id":"c","boot":2,"seq":9)"))["accepted"], 1);
  EXPECT_EQ(post(record(R"(,"boot":3,"seq":9)"))["accepted"], 1);
  EXPECT_EQ(post(record(R"(,"boot":3,"seq":9)"))["duplicates"], 1);
}

TEST_F(Ingest, ABatchCountsWhatIsNewAndWhatIsNot) {
  const auto answer =
      post("[" + record(R"(,"id":"a")") + "," + record(R"(,"id":"b")") + "," + record(R"(,"id":"a")") + "]");
  EXPECT_EQ(answer["accepted"], 2);
  EXPECT_EQ(answer["duplicates"], 1);
}

TEST_F(Ingest, ArrivalNeverGoesBackWhenTheClockDoes) {
  post(record(R"(,"id":"a","ts":"2025-02-20T10:24:00Z")"));
  api.clock.set(kNow_ms - 60'000);
  post(record(R"(,"id":"b","ts":"2025-02-20T10:24:01Z")"));
  api.clock.set(kNow_ms);
  const auto records = api.telemetry("?timeRange=last5mins")["data"];
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1]["_ts"], records[0]["_ts"]);
}

// Else one wrong look at the clock would keep a device out of every preset for as long as it was ahead.
TEST_F(Ingest, WithoutATimeARecordAfterAWrongClockHasTheRightOne) {
  constexpr std::int64_t kYear_ms = 365LL * 86'400'000;
  api.clock.set(kNow_ms + 10 * kYear_ms);
  post(record(R"(,"id":"a")"));
  api.clock.set(kNow_ms);
  post(record(R"(,"id":"b")"));
  EXPECT_EQ(api.ids("?timeRange=last5mins"), std::vector<std::string>{"b"});
}

TEST_F(Ingest, ADeviceWithACellCountTakesNoOther) {
  ASSERT_EQ(api.call("POST", "/v1/devices", R"({"deviceId":"C","name":"n","model":"m","location":"l","cellCount":15})")
                .result_int(),
            201u);
  const HttpResponse response = api.call("POST", "/v1/devices/C/telemetry", record(""));
  EXPECT_EQ(response.result_int(), 422u);
  EXPECT_THAT(response.body(), testing::HasSubstr("has 2 cells; the device has 15"));
}

TEST_F(Ingest, TheDeviceListShowsTheLastConnection) {
  post(record(""));
  EXPECT_EQ(nlohmann::json::parse(api.call("GET", "/v1/devices").body())["data"][0]["LastConnected"],
            "20250220T102405.103Z");
}

TEST(Idempotency, TheSameKeyAndBodyReplaysAnotherBodyConflicts) {
  ApiServer api;
  const std::string fields = std::string("ApiKey: ") + kKey + "\r\nIdempotency-Key: k1\r\n";
  const std::string one = R"({"deviceId":"D1","name":"n","model":"m","location":"l"})";
  const std::string two = R"({"deviceId":"D2","name":"n","model":"m","location":"l"})";
  EXPECT_EQ(api.call("POST", "/v1/devices", one, fields).result_int(), 201u);
  EXPECT_EQ(api.call("POST", "/v1/devices", one, fields).result_int(), 201u);
  EXPECT_EQ(api.call("POST", "/v1/devices", one).result_int(), 409u);
  const HttpResponse conflict = api.call("POST", "/v1/devices", two, fields);
  EXPECT_EQ(conflict.result_int(), 409u);
  EXPECT_THAT(conflict.body(), testing::HasSubstr("idempotency_conflict"));
}

TEST(Idempotency, ABatchIsAnsweredAgainAsTheFirstTimeAndStoredOnce) {
  ApiServer api;
  api.add_device();
  const std::string fields = std::string("ApiKey: ") + kKey + "\r\nIdempotency-Key: batch-1\r\n";
  const std::string two = "[" + record(R"(,"seq":1,"boot":1)") + "," + record("") + "]";  // the second has no id
  const auto first = api.call("POST", kTelemetry, two, fields), again = api.call("POST", kTelemetry, two, fields);
  EXPECT_EQ(first.body(), R"({"success":true,"accepted":2,"duplicates":0,"rejected":[]})");
  EXPECT_EQ(again.body(), first.body());
  EXPECT_EQ(api.ids("?timeRange=last5mins").size(), 2u);
  EXPECT_EQ(api.store.size().records, 2);
  EXPECT_EQ(api.call("POST", kTelemetry, record(""), fields).result_int(), 409u);
  EXPECT_EQ(api.call("POST", "/v1/devices", two, fields).result_int(), 422u);  // its own body is judged first
}

TEST(Idempotency, AKeyIsRememberedOnlyWithWhatItStored) {
  ApiServer api;
  api.add_device("D1");
  const std::string fields = std::string("ApiKey: ") + kKey + "\r\nIdempotency-Key: k\r\n";
  const std::string taken = R"({"deviceId":"D1","name":"n","model":"m","location":"l"})";
  const std::string free = R"({"deviceId":"D2","name":"n","model":"m","location":"l"})";
  EXPECT_EQ(api.call("POST", "/v1/devices", taken, fields).result_int(), 409u);
  EXPECT_EQ(api.call("POST", "/v1/devices", free, fields).result_int(), 201u);
}

TEST(Idempotency, KeysOfTwoOrganizationsDoNotMeet) {
  ApiServer api;
  const std::string device = R"({"deviceId":"D1","name":"n","model":"m","location":"l"})";
  for (const std::string key : {kKey, "another-organization"}) {
    EXPECT_EQ(api.call("POST", "/v1/devices", device, "ApiKey: " + key + "\r\nIdempotency-Key: k\r\n").result_int(),
              201u);
  }
}

}  // namespace
}  // namespace packbench::hil::api::test
