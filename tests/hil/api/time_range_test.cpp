#include <gmock/gmock.h>

#include "api_fixture.h"
#include "hil/api/service/cursor.h"

namespace packbench::hil::api::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TimeRange : public testing::Test {
 protected:
  void SetUp() override { api.add_device(); }
  void put(std::int64_t ms_from_now, const std::string& id) { api.insert(simple_record(kNow_ms + ms_from_now, id)); }
  ApiServer api;
};

TEST_F(TimeRange, Last5minsHoldsItsEdgesAndFiveSecondsAhead) {
  put(-301'000, "too-old");
  put(-300'001, "just-too-old");
  put(-300'000, "first");
  put(0, "now");
  put(5'000, "ahead");
  put(5'001, "too-far-ahead");
  EXPECT_THAT(api.ids("?timeRange=last5mins"), ElementsAre("first", "now", "ahead"));
}

TEST_F(TimeRange, EachPresetReachesAsFarAsItSays) {
  put(-604'800'001, "older"), put(-604'800'000, "week"), put(-3'600'001, "day"), put(-3'600'000, "hour"),
      put(-300'000, "minutes");
  EXPECT_THAT(api.ids("?timeRange=last5mins"), ElementsAre("minutes"));
  EXPECT_THAT(api.ids("?timeRange=last1hour"), ElementsAre("hour", "minutes"));
  EXPECT_THAT(api.ids("?timeRange=last7days"), ElementsAre("week", "day", "hour", "minutes"));
  EXPECT_THAT(api.ids("?timeRange=latest"), ElementsAre("minutes"));
}

TEST_F(TimeRange, LatestIsTheGreatestTimeNotTheLastArrivalHoweverOld) {
  put(-3'000'000'000, "newest-in-time");
  put(-4'000'000'000, "backfill");
  EXPECT_THAT(api.ids(""), ElementsAre("newest-in-time"));
  EXPECT_THAT(api.ids("?timeRange=last7days"), IsEmpty());
}

TEST_F(TimeRange, RangesAreHalfOpenOnMeasurementTime) {
  put(0, "start"), put(999, "inside"), put(1000, "end");
  EXPECT_THAT(api.ids("?start=20250220T102405.103Z&end=20250220T102406.103Z"), ElementsAre("start", "inside"));
  EXPECT_THAT(api.ids("?start=2025-02-20T10:24:05.1030001Z&end=2025-02-20T15:54:06.104%2B05:30"),
              ElementsAre("inside", "end"));
  const auto meta = api.telemetry("?start=20250220T102405.103Z&end=20250220T102406.103Z")["meta"];
  EXPECT_EQ(meta["timeRange"], "custom");
}

TEST_F(TimeRange, AStartAloneEndsNow) {
  put(-1, "before"), put(0, "now");
  EXPECT_THAT(api.ids("?start=2025-02-20"), ElementsAre("before"));
}

TEST_F(TimeRange, OrderIsByTimeThenIdWhateverTheArrival) {
  put(-10, "b"), put(-20, "z"), put(-10, "a");
  EXPECT_THAT(api.ids("?timeRange=last5mins"), ElementsAre("z", "a", "b"));
  EXPECT_THAT(api.ids("?timeRange=last5mins&order=desc"), ElementsAre("b", "a", "z"));
}

TEST_F(TimeRange, AKnownDeviceWithoutDataIsEmptyNotMissing) {
  for (const char* query : {"", "?timeRange=last7days", "?start=2025-02-19"})
    EXPECT_THAT(api.ids(query), IsEmpty()) << query;
}

TEST_F(TimeRange, ExtendedAddsTimeBootSequenceAndPaging) {
  Record record = simple_record(kNow_ms - 1, "one");
  record.boot = 3, record.sequence = 17;
  record.temperatures_mdegC = {25'000, kNoReading};
  record.cell_dmV[4] = kNoReading;
  api.insert(record);
  const auto body = api.telemetry("?timeRange=last5mins&extended=1");
  EXPECT_EQ(body["data"][0]["ts"], "2025-02-20T10:24:05.102Z");
  EXPECT_EQ(body["data"][0]["boot"], 3);
  EXPECT_EQ(body["data"][0]["seq"], 17);
  EXPECT_EQ(body["data"][0]["temperatures"], nlohmann::json::parse("[25,null]"));
  EXPECT_EQ(body["data"][0]["cell_voltage"][4], nullptr);
  EXPECT_EQ(body["meta"]["count"], 1);
  EXPECT_EQ(body["meta"]["hasMore"], false);
  EXPECT_EQ(body["meta"]["start"], "2025-02-20T10:19:05.103Z");
  EXPECT_EQ(api.telemetry("?timeRange=last5mins")["meta"].size(), 4u);
}

TEST(TimeStamps, TheServerCanWriteTheExtendedForm) {
  ServiceOptions options;
  options.stamps = StampForm::extended;
  ApiServer api({}, options);
  api.add_device();
  EXPECT_EQ(api.telemetry("")["meta"]["timestamp"], "2025-02-20T10:24:05.103Z");
}

// Pages of 2 over records that keep arriving before, at and after the reader's place, while the clock moves the
// preset's window past it.
class Paging : public testing::TestWithParam<std::string> {};

TEST_P(Paging, NeitherSkipsNorRepeatsWhileRecordsArrive) {
  ApiServer api;
  api.add_device();
  const auto put = [&api](int i) {
    api.insert(simple_record(kNow_ms - 100'000 + i / 2, "id" + std::to_string(100 + i)));
  };
  for (int i = 0; i < 40; i += 4) put(i);
  std::vector<std::string> seen;
  std::string target = "/v1/devices/STM32H753ZI/telemetry?timeRange=last5mins&limit=2&order=" + GetParam();
  for (int page = 0; !target.empty(); ++page) {
    ASSERT_LT(page, 40);
    const HttpResponse response = api.call("GET", target);
    ASSERT_EQ(response.result_int(), 200u) << response.body();
    const auto body = nlohmann::json::parse(response.body());
    for (const auto& record : body["data"]) seen.push_back(record["id"]);
    const std::string link(response[http::field::link]);
    EXPECT_EQ(link.empty(), response["X-Next-Cursor"].empty());
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    api.clock.set(kNow_ms + page * 60'000);
    if (page < 10) put(4 * page + 1);  // early in the order at first, late afterwards
  }
  const bool up = GetParam() == "asc";
  EXPECT_TRUE(up ? std::ranges::is_sorted(seen) : std::ranges::is_sorted(seen, std::greater()));
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
  for (int i = 0; i < 40; i += 4) EXPECT_THAT(seen, testing::Contains("id" + std::to_string(100 + i)));
}
INSTANTIATE_TEST_SUITE_P(BothOrders, Paging, testing::Values("asc", "desc"));

TEST_F(TimeRange, ACursorServesOnlyTheQueryThatGaveIt) {
  for (int i = 0; i < 4; ++i) api.insert(simple_record(kNow_ms - 1000 + i, "id" + std::to_string(i)));
  const std::string range = "?start=2025-02-20&end=2025-02-20T12:00:00Z&limit=2&extended=1";
  const std::string cursor = api.telemetry(range)["meta"]["nextCursor"];
  EXPECT_THAT(api.ids(range + "&cursor=" + cursor), ElementsAre("id2", "id3"));
  for (const std::string other : {"?timeRange=last5mins", "?start=2025-02-20&end=2025-02-20T12:00:01Z",
                                  "?start=2025-02-19&end=2025-02-20T12:00:00Z", "?start=2025-02-19",
                                  "?start=2025-02-20", "?start=2025-02-20&end=2025-02-20T12:00:00Z&order=desc",
                                  "?start=2025-02-20&end=2025-02-20T12:00:00Z&every=1h"}) {
    const auto refused = api.telemetry(other + "&cursor=" + cursor, 400);
    EXPECT_EQ(refused.value("code", ""), "invalid_cursor") << other;
    EXPECT_THAT(refused.value("message", ""), testing::HasSubstr("of another query")) << other;
  }
}

TEST_F(TimeRange, ACursorServesAnyFormAndLengthOfItsPages) {
  for (int i = 0; i < 4; ++i) api.insert(simple_record(kNow_ms - 1000 + i, "id" + std::to_string(i)));
  const std::string cursor = api.telemetry("?timeRange=last5mins&limit=2&extended=1")["meta"]["nextCursor"];
  EXPECT_THAT(api.ids("?timeRange=last5mins&cursor=" + cursor), ElementsAre("id2", "id3"));
  EXPECT_THAT(api.ids("?cursor=" + cursor + "&order=asc&limit=1&timeRange=last5mins"), ElementsAre("id2"));
}

TEST_F(TimeRange, ACursorOfAnotherPresetOfTheSameLengthIsRefused) {
  for (int i = 0; i < 4; ++i) api.insert(simple_record(kNow_ms - 1000 + i, "id" + std::to_string(i)));
  const auto page = api.telemetry("?timeRange=last5mins&limit=2&extended=1");
  const std::string start = page["meta"]["start"], end = page["meta"]["end"];
  const std::string cursor = page["meta"]["nextCursor"];
  EXPECT_EQ(api.telemetry("?start=" + start + "&end=" + end + "&cursor=" + cursor, 400)["code"], "invalid_cursor");
}

TEST_F(TimeRange, ACursorServesOnlyItsDeviceAndItsOrganization) {
  api.add_device("OTHER");
  Device theirs;
  theirs.organization = 2, theirs.device_id = kDevice, theirs.name = theirs.model = theirs.location = "x";
  ASSERT_TRUE(api.store.add_device(theirs));
  for (int i = 0; i < 4; ++i) api.insert(simple_record(kNow_ms - 1000 + i, "id" + std::to_string(i)));
  const std::string query = "?timeRange=last5mins&limit=2&extended=1";
  const std::string rest = query + "&cursor=" + api.telemetry(query)["meta"]["nextCursor"].get<std::string>();
  const std::string path = std::string("/v1/devices/") + kDevice + "/telemetry";
  EXPECT_EQ(api.call("GET", path + rest).result_int(), 200u);
  EXPECT_EQ(api.call("GET", "/v1/devices/OTHER/telemetry" + rest).result_int(), 400u);
  EXPECT_EQ(api.call("GET", path + rest, "", "ApiKey: another-organization\r\n").result_int(), 400u);
}

TEST_F(TimeRange, ACursorOutlivesTheServer) {
  for (int i = 0; i < 4; ++i) api.insert(simple_record(kNow_ms - 1000 + i, "id" + std::to_string(i)));
  const std::string query = "?timeRange=last5mins&limit=2&extended=1";
  const std::string cursor = api.telemetry(query)["meta"]["nextCursor"];
  Service another(api.store, ApiServer::keys(), api.clock.reader());
  const Response rest = another.handle(
      {"GET", "/v1/devices/STM32H753ZI/telemetry" + query + "&cursor=" + cursor, {{"ApiKey", kKey}}, ""});
  EXPECT_EQ(rest.status, 200);
  EXPECT_THAT(rest.body, testing::HasSubstr("id3"));
}

TEST_F(TimeRange, WhatWasNeverACursorIsRefused) {
  for (int i = 0; i < 4; ++i) api.insert(simple_record(kNow_ms - 1000 + i, "id" + std::to_string(i)));
  const std::string query = "?timeRange=last5mins&limit=2&extended=1";
  const std::string cursor = api.telemetry(query)["meta"]["nextCursor"];
  std::vector<std::string> wrong{"", "a", "a.1.2.3.x", "AAAAAAAAAAAAAAAA", "%FF", cursor + "A", cursor + "="};
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    wrong.push_back(cursor.substr(0, i));
    wrong.push_back(cursor), wrong.back()[i] = cursor[i] == 'A' ? 'B' : 'A';
  }
  for (const std::string& text : wrong) {
    const auto refused = api.telemetry(query + "&cursor=" + text, 400);
    EXPECT_EQ(refused.value("code", ""), "invalid_cursor") << text;
    EXPECT_THAT(refused.value("message", ""), testing::HasSubstr("X-Next-Cursor")) << text;
  }
}

// Sealed as the server does it: only what the place says is wrong.
TEST_F(TimeRange, AForgedPlaceStaysInTheWindowOfItsQuery) {
  const std::string query = "telemetry\n1\nSTM32H753ZI\nlast5mins\nasc\n";
  const auto asked = [&](const std::string& place) {
    return "?timeRange=last5mins&cursor=" + seal_cursor(query, place);
  };
  const auto place = [](std::int64_t from, std::int64_t to, std::int64_t at, const std::string& id) {
    return std::to_string(from) + "." + std::to_string(to) + "." + std::to_string(at) + "." + id;
  };
  const std::int64_t from = kNow_ms - 300'000, to = kNow_ms + 5'001;
  api.telemetry(asked(place(from, to, kNow_ms, "id")), 200);
  for (const std::string& wrong :
       {place(0, to, kNow_ms, "id"), place(from, to, to, "id"), place(from, to, from - 1, "id"),
        place(from, to, kNow_ms, ""), place(from, to, kNow_ms, std::string("a\0b", 3)),
        place(from, to, kNow_ms, "\xff"), place(from, to, kNow_ms, std::string(65, 'x')),
        std::string("-9223372036854775808.9223372036854775807.1.x"), std::string("1.2.3"), std::string()}) {
    EXPECT_EQ(api.telemetry(asked(wrong), 400)["code"], "invalid_cursor") << wrong;
  }
}

TEST_F(TimeRange, ARangeWithoutAnEndKeepsTheEndOfItsFirstPage) {
  for (int i = 0; i < 4; ++i) api.insert(simple_record(kNow_ms - 1000 + i, "id" + std::to_string(i)));
  const std::string range = "?start=2025-01-20T10:24:05.103Z&limit=3&extended=1";  // 31 days before now
  const auto first = api.telemetry(range);
  api.clock.set(kNow_ms + 10'000);
  api.insert(simple_record(kNow_ms + 1, "later"));
  EXPECT_THAT(api.ids(range + "&cursor=" + first["meta"]["nextCursor"].get<std::string>()), ElementsAre("id3"));
}

TEST(DevicePaging, FollowsTheIds) {
  ApiServer api;
  for (const char* id : {"b", "a", "c"}) api.add_device(id);
  const HttpResponse first = api.call("GET", "/v1/devices?limit=2");
  const std::string cursor(first["X-Next-Cursor"]);
  const auto rest = nlohmann::json::parse(api.call("GET", "/v1/devices?limit=5&cursor=" + cursor).body())["data"];
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0]["DeviceId"], "c");
}

TEST(DevicePaging, ACursorServesOnlyTheListThatGaveIt) {
  ApiServer api;
  for (const char* id : {"b", kDevice}) api.add_device(id);
  for (int i = 0; i < 2; ++i) api.insert(simple_record(kNow_ms - 1000 + i, "id" + std::to_string(i)));
  const auto status = [&](const std::string& target, const std::string& key = kKey) {
    return api.call("GET", target, "", "ApiKey: " + key + "\r\n").result_int();
  };
  const std::string list(api.call("GET", "/v1/devices?limit=1")["X-Next-Cursor"]);
  const std::string range = std::string("/v1/devices/") + kDevice + "/telemetry?timeRange=last5mins&limit=1";
  const std::string page(api.call("GET", range)["X-Next-Cursor"]);
  EXPECT_EQ(status("/v1/devices?cursor=" + list), 200u);
  EXPECT_EQ(status(range + "&cursor=" + page), 200u);
  EXPECT_EQ(status("/v1/devices?cursor=" + page), 400u);
  EXPECT_EQ(status(range + "&cursor=" + list), 400u);
  EXPECT_EQ(status("/v1/devices?cursor=" + list, "another-organization"), 400u);
  EXPECT_EQ(status("/v1/devices?cursor=b"), 400u);
}

}  // namespace
}  // namespace packbench::hil::api::test
