#include <gmock/gmock.h>

#include "api_fixture.h"

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
  for (const std::string other : {"?timeRange=last5mins&cursor=", "?start=2025-02-20&end=2025-02-20T12:00:01Z&cursor=",
                                  "?start=2025-02-19&end=2025-02-20T12:00:00Z&cursor=", "?start=2025-02-19&cursor=",
                                  "?start=2025-02-20&end=2025-02-20T12:00:00Z&order=desc&cursor="}) {
    EXPECT_EQ(api.telemetry(other + cursor, 400)["code"], "invalid_cursor") << other;
  }
  for (const std::string wrong :
       {"a", "a.", "a.1.2", "a.1.2.3", "a.1.2.3.x", "a.-9223372036854775808.9223372036854775807.1.x"}) {
    EXPECT_EQ(api.telemetry("?timeRange=last5mins&cursor=" + wrong, 400)["code"], "invalid_cursor") << wrong;
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
  EXPECT_EQ(first["X-Next-Cursor"], "b");
  const auto rest = nlohmann::json::parse(api.call("GET", "/v1/devices?limit=2&cursor=b").body())["data"];
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0]["DeviceId"], "c");
}

}  // namespace
}  // namespace packbench::hil::api::test
