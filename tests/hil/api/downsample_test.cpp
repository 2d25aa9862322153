// Ranges thinned to one record a bucket of time.
#include <rapidcheck.h>
#include <nlohmann/json.hpp>

#include "hil/api/service/downsample.h"
#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kMinute_ms = 60'000;

struct Thinned : testing::Test {
  void insert(std::int64_t measured_ms, const std::string& id, std::int64_t current_mA = 0) {
    Record record = plain_record(measured_ms, id);
    record.current_mA = current_mA;
    insert(record);
  }
  void insert(const Record& record) { api.store.insert(1, "D1", std::span(&record, 1), kServiceNow_ms); }
  nlohmann::json get(const std::string& query, int status = 200) {
    const Response response = api.get("/v1/devices/D1/telemetry" + query);
    EXPECT_EQ(response.status, status) << query << response.body;
    next = PlainService::field(response, "X-Next-Cursor");
    return nlohmann::json::parse(response.body);
  }
  std::vector<std::string> ids(const std::string& query) {
    std::vector<std::string> found;
    const auto body = get(query);
    for (const auto& record : body["data"]) found.push_back(record["id"]);
    return found;
  }
  // [0 min, 10 min) of 1970, so that minutes are easy to read.
  static std::string minutes(const std::string& more) {
    return "?start=1970-01-01T00:00:00Z&end=1970-01-01T00:10:00Z&every=60s" + more;
  }
  PlainService api;
  std::string next;
};

TEST_F(Thinned, TheLastRecordOfABucketStandsForItAndEmptyBucketsAreLeftOut) {
  insert(0, "a"), insert(59'999, "b"), insert(60'000, "c"), insert(3 * kMinute_ms, "d"), insert(200'000, "e");
  EXPECT_THAT(ids(minutes("")), ElementsAre("b", "c", "e"));
  EXPECT_THAT(ids(minutes("&order=desc")), ElementsAre("e", "c", "b"));
  EXPECT_THAT(ids(minutes("&agg=min")), ElementsAre("b", "c", "e"));
  EXPECT_THAT(ids(minutes("&agg=min&order=desc")), ElementsAre("e", "c", "b"));
}

TEST_F(Thinned, BucketsAreCutToTheRange) {
  for (int second = 0; second < 180; ++second) insert(second * 1000, std::to_string(1000 + second), second);
  const auto body = get("?start=1970-01-01T00:00:30Z&end=1970-01-01T00:02:10Z&every=1min&agg=avg");
  ASSERT_EQ(body["data"].size(), 3u);
  EXPECT_EQ(body["data"][0]["pack_current"], 0.045);  // seconds 30..59: 44.5, away from zero
  EXPECT_EQ(body["data"][1]["pack_current"], 0.09);   // seconds 60..119: 89.5
  EXPECT_EQ(body["data"][2]["pack_current"], 0.125);  // seconds 120..129: 124.5
  EXPECT_EQ(body["data"][2]["id"], "1129");
}

TEST_F(Thinned, EachNumberHasItsOwnAggregateAndWhatIsNoNumberIsOfTheLast) {
  Record one = plain_record(1000, "one"), two = plain_record(2000, "two");
  one.cell_dmV = {30'000, 40'000}, two.cell_dmV = {35'000, kNoReading};
  one.current_mA = -3, two.current_mA = -4;
  one.soc_pctpct = kNoReading, two.soc_pctpct = kNoReading;
  one.temperatures_mdegC = {10}, two.temperatures_mdegC = {30};
  one.bms_state = "FAULT", one.main_contactor = true;
  insert(one), insert(two);
  const auto of = [&](const std::string& agg) { return get(minutes("&extended=1&agg=" + agg))["data"][0]; };
  EXPECT_EQ(of("min")["cell_voltage"], nlohmann::json::parse("[3,4]"));
  EXPECT_EQ(of("max")["cell_voltage"], nlohmann::json::parse("[3.5,4]"));
  EXPECT_EQ(of("avg")["cell_voltage"], nlohmann::json::parse("[3.25,4]"));
  EXPECT_EQ(of("last")["cell_voltage"], nlohmann::json::parse("[3.5,null]"));
  EXPECT_EQ(of("avg")["pack_current"], -0.004);  // -3.5 mA, away from zero
  EXPECT_EQ(of("min")["pack_current"], -0.004);
  EXPECT_EQ(of("max")["pack_current"], -0.003);
  EXPECT_EQ(of("avg")["soc"], nullptr);
  EXPECT_EQ(of("avg")["temperatures"], nlohmann::json::parse("[0.02]"));
  EXPECT_EQ(of("max")["bms_state"], "IDLE");
  EXPECT_EQ(of("max")["main_contactor_state"], false);
  EXPECT_EQ(of("max")["ts"], "1970-01-01T00:00:02.000Z");
}

// A fault of one record in an hour is there in the hour, though the last record knows nothing of it.
TEST_F(Thinned, NoStateAndNoFaultOfABucketIsLost) {
  std::vector<Record> hour;
  for (int second = 0; second < 3600; ++second) {
    hour.push_back(plain_record(second * 1000, "r" + std::to_string(10'000 + second)));
    hour.back().faults.emplace();
  }
  hour[1800].bms_state = "FAULT", hour[1800].faults = {"cell_ov", "ntc"};
  hour[1801].bms_state = "FAULT", hour[1801].faults = {"ntc"};
  api.store.insert(1, "D1", hour, 0);
  const auto of = [&](const std::string& more) {
    return get("?start=1970-01-01T00:00:00Z&end=1970-01-01T02:00:00Z&every=1h&extended=1" + more)["data"][0];
  };
  for (const char* agg : {"&agg=avg", "&agg=min", "&agg=max"}) {
    const auto bucket = of(agg);
    EXPECT_EQ(bucket["states_seen"], nlohmann::json::parse(R"(["IDLE","FAULT"])"));
    EXPECT_EQ(bucket["faults_seen"], nlohmann::json::parse(R"(["cell_ov","ntc"])"));
    EXPECT_EQ(bucket["bms_state"], "IDLE");
    EXPECT_EQ(bucket["faults"], nlohmann::json::array());
  }
  EXPECT_EQ(of("&agg=max&order=desc")["faults_seen"], nlohmann::json::parse(R"(["ntc","cell_ov"])"));
  EXPECT_FALSE(of("").contains("faults_seen"));  // the last record alone is looked up
}

TEST_F(Thinned, WhatABucketTellsOfItsRecordsIsBounded) {
  for (int i = 0; i < 100; ++i) {
    Record record = plain_record(i, "r" + std::to_string(i));
    record.bms_state = "S" + std::to_string(i);
    insert(record);
  }
  EXPECT_EQ(get(minutes("&agg=max&extended=1"))["data"][0]["states_seen"].size(), 64u);
}

TEST_F(Thinned, DefaultBodiesStayThoseOfTheDocument) {
  insert(0, "a");
  const auto body = get(minutes("&agg=avg"));
  EXPECT_EQ(body["meta"].size(), 4u);
  EXPECT_EQ(body["data"][0].size(), 14u);
  const auto meta = get(minutes("&agg=avg&extended=1"))["meta"];
  EXPECT_EQ(meta["everySeconds"], 60);
  EXPECT_EQ(meta["agg"], "avg");
}

TEST_F(Thinned, WhatIsNotUnderstoodIs400) {
  for (const auto& [query, code] : {std::pair("?every=60s", "conflicting_parameters"),
                                    {"?timeRange=latest&every=60s", "conflicting_parameters"},
                                    {"?timeRange=last7days&agg=avg", "missing_every"},
                                    {"?timeRange=last7days&every=60", "invalid_every"},
                                    {"?timeRange=last7days&every=0s", "invalid_every"},
                                    {"?timeRange=last7days&every=32d", "invalid_every"},
                                    {"?timeRange=last7days&every=-1s", "invalid_every"},
                                    {"?timeRange=last7days&every=1.5s", "invalid_every"},
                                    {"?timeRange=last7days&every=9223372036854775807d", "invalid_every"},
                                    {"?timeRange=last7days&every=60s&agg=sum", "invalid_agg"},
                                    {"?timeRange=last7days&every=60s&every=60s", "repeated_parameter"}}) {
    EXPECT_EQ(get(query, 400)["code"], code) << query;
  }
}

// Whatever the records: paging gives the buckets that one page gives, and each aggregate is that of the records
// themselves.
TEST_F(Thinned, PagesAndAggregatesAreThoseOfTheRecords) {
  EXPECT_TRUE(rc::check([&] {
    PlainService fresh;
    const auto times =
        *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(-300'000, 300'000));
    const std::int64_t every_ms = 1000 * *rc::gen::inRange<std::int64_t>(1, 120);
    const Order order = *rc::gen::element(Order::ascending, Order::descending);
    std::map<std::int64_t, std::vector<std::int64_t>> buckets;  // number -> currents
    for (std::size_t i = 0; i < times.size(); ++i) {
      Record record = plain_record(times[i], "r" + std::to_string(i));
      record.current_mA = *rc::gen::inRange<std::int64_t>(-1000, 1000);
      fresh.store.insert(1, "D1", std::span(&record, 1), 0);
      const std::int64_t number = (times[i] + 1'000'000'000 * every_ms) / every_ms;
      buckets[number].push_back(record.current_mA);
    }
    for (const Aggregate agg : {Aggregate::last, Aggregate::avg, Aggregate::min, Aggregate::max}) {
      RangeQuery range{-300'000, 300'000, order, std::nullopt, *rc::gen::inRange<std::int64_t>(1, 5)};
      std::vector<Record> paged;
      for (bool more = true; more;) {
        Downsampler page(fresh.store, 1, "D1", range, {every_ms, agg});
        while (!page.work()) continue;
        const std::vector<Record> records = page.take();
        RC_ASSERT(std::ssize(records) <= range.limit);
        paged.insert(paged.end(), records.begin(), records.end());
        more = page.more();
        if (more) range = behind_bucket(range, records.back().measured_ms, every_ms);
      }
      RC_ASSERT(paged.size() == buckets.size());
      if (order == Order::descending) std::ranges::reverse(paged);
      std::size_t i = 0;
      for (const auto& [number, currents] : buckets) {
        const std::int64_t got = paged[i++].current_mA;
        if (agg == Aggregate::min) RC_ASSERT(got == *std::ranges::min_element(currents));
        if (agg == Aggregate::max) RC_ASSERT(got == *std::ranges::max_element(currents));
        double sum = 0;
        for (const std::int64_t current : currents) sum += static_cast<double>(current);
        const auto mean = std::llround(sum / static_cast<double>(currents.size()));  // exact: halves are representable
        if (agg == Aggregate::avg) RC_ASSERT(got == mean);
      }
    }
  }));
}

TEST_F(Thinned, ACursorGoesOnBehindItsBucketAndServesItsQueryOnly) {
  for (int i = 0; i < 50; ++i) insert(i * 10'000, std::to_string(100 + i));
  std::vector<std::string> all;
  std::string cursor;
  do {
    const auto page = ids(minutes("&limit=2" + cursor));
    all.insert(all.end(), page.begin(), page.end());
    insert(1, "late" + std::to_string(all.size()));  // into a bucket that was given already
    cursor = next.empty() ? "" : "&cursor=" + next;
  } while (!next.empty());
  EXPECT_THAT(all, ElementsAre("105", "111", "117", "123", "129", "135", "141", "147", "149"));
  get(minutes("&limit=2"));
  for (const char* other : {"&agg=avg", "&order=desc"}) {
    EXPECT_EQ(get(minutes(other + std::string("&cursor=") + next), 400)["code"], "invalid_cursor") << other;
  }
  EXPECT_EQ(get("?start=1970-01-01T00:00:00Z&end=1970-01-01T00:10:00Z&cursor=" + next, 400)["code"], "invalid_cursor");
}

// Others are served between the slices of a long answer: no slice reads more than its thousand records.
TEST_F(Thinned, ALongAnswerIsMadeInSlices) {
  std::vector<Record> records;
  for (int i = 0; i < 5500; ++i) records.push_back(plain_record(i * 100, "r" + std::to_string(i)));
  api.store.insert(1, "D1", records, 0);
  std::vector<std::function<void()>> waiting;
  api.service.work_by([&](std::function<void()> piece) { waiting.push_back(std::move(piece)); });
  std::optional<Response> got;
  api.service.handle({"GET", "/v1/devices/D1/telemetry" + minutes("&agg=avg"), {{"ApiKey", kServiceKey}}, ""},
                     [&](Response response) { got = std::move(response); });
  int slices = 1;
  for (; !waiting.empty(); ++slices) {
    EXPECT_FALSE(got);
    EXPECT_EQ(api.get("/v1/devices").status, 200);  // in between
    const auto piece = std::move(waiting.back());
    waiting.pop_back();
    piece();
  }
  EXPECT_EQ(slices, 6);
  ASSERT_TRUE(got);
  EXPECT_EQ(nlohmann::json::parse(got->body)["data"].size(), 10u);
}

TEST_F(Thinned, OnlySoManyLongAnswersAreInTheMakingAtOnce) {
  std::vector<std::function<void()>> waiting;
  api.service.work_by([&](std::function<void()> piece) { waiting.push_back(std::move(piece)); });
  std::vector<Record> records;
  for (int i = 0; i < 1500; ++i) records.push_back(plain_record(i, "r" + std::to_string(i)));
  api.store.insert(1, "D1", records, 0);
  std::vector<int> statuses;
  const auto ask = [&] {
    api.service.handle({"GET", "/v1/devices/D1/telemetry" + minutes("&agg=max"), {{"ApiKey", kServiceKey}}, ""},
                       [&](const Response& response) { statuses.push_back(response.status); });
  };
  for (std::size_t i = 0; i < kMostLong + 1; ++i) ask();
  EXPECT_THAT(statuses, ElementsAre(503));
  while (!waiting.empty()) {
    const auto piece = std::move(waiting.back());
    waiting.pop_back();
    piece();
  }
  EXPECT_EQ(statuses.size(), kMostLong + 1);
  ask(), waiting.back()();
  EXPECT_EQ(statuses.back(), 200);
}

}  // namespace
}  // namespace packbench::hil::api::test
