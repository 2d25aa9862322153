// What a board sends by itself, against what it reported: the judge's laws one by one, and a run against a real server.
#include <gmock/gmock.h>

#include <cstdlib>

#include "api_fixture.h"
#include "hil/api/client/client.h"
#include "hil/api/gateway/gateway.h"
#include "hil/api/judge/board_rules.h"
#include "hil/api/judge/report_history.h"
#include "played_run.h"

namespace packbench::hil::api::test {
namespace {

using sim::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Record reported(std::int64_t current_mA, bool main = true) {
  Record record = simple_record(kNow_ms, "r");
  record.current_mA = current_mA;
  record.main_contactor = main;
  return record;
}

class History : public testing::Test {
 protected:
  void SetUp() override {
    history.add(reported(1000), 1 * sim::kSecond, 10'000);
    history.add(reported(2000), 2 * sim::kSecond, 11'000);
    history.add(reported(9000, false), 3 * sim::kSecond, 12'000);
  }
  ReportHistory history;
};

TEST_F(History, ARecordIsExplainedByAReportOrByTwoNeighbours) {
  EXPECT_EQ(history.match(reported(1000), 20'000).at, 2 * sim::kSecond);  // the newest pair that it lies in
  EXPECT_EQ(history.match(reported(1500), 20'000).at, 2 * sim::kSecond);
  EXPECT_EQ(history.match(reported(999), 20'000).at, 2 * sim::kSecond);  // one digit of the wire
  EXPECT_EQ(history.match(reported(9001, false), 20'000).at, 3 * sim::kSecond);
}

TEST_F(History, WhatNoReportExplainsIsNamedByItsSmallestDifference) {
  const auto match = history.match(reported(998), 20'000);
  EXPECT_FALSE(match.at);
  EXPECT_THAT(match.difference, HasSubstr("pack_current 0.998 A, device reported"));
  Record other = reported(1000);
  other.bms_state = "FAULT";
  EXPECT_THAT(history.match(other, 20'000).difference, HasSubstr("bms_state FAULT, device reported DISCHARGING"));
  other = reported(1000);
  other.cell_dmV.pop_back();
  EXPECT_FALSE(history.match(other, 20'000).at);
}

TEST_F(History, AMatchKnowsTheOldestAndTheNewestReportThatExplainIt) {
  const auto match = history.match(reported(1000), 20'000);
  EXPECT_EQ(match.oldest, 1 * sim::kSecond);
  EXPECT_EQ(match.at, 2 * sim::kSecond);
  EXPECT_EQ(match.heard_ms, 11'000);
}

TEST_F(History, AReportThatIsHeardLateExplainsWhatNoneOfBeforeDoes) {
  EXPECT_EQ(history.match(reported(9000, false), 11'500, 500).at, 3 * sim::kSecond);
  EXPECT_FALSE(history.match(reported(9000, false), 11'500, 499).at);
  EXPECT_EQ(history.match(reported(1000), 10'000, 2000).at, 1 * sim::kSecond);
}

TEST_F(History, AReportThatCameAfterTheRecordWasSeenExplainsNothing) {
  EXPECT_FALSE(history.match(reported(9000, false), 11'500).at);
  EXPECT_EQ(history.match(reported(1000), 9'000).difference, "there was no report before it");
}

std::vector<Record> every_second(std::initializer_list<int> seconds) {
  std::vector<Record> records;
  for (const int second : seconds)
    records.push_back(simple_record(kNow_ms + 1000 * second, "r" + std::to_string(second)));
  return records;
}

// The board told the times.
std::vector<std::string> judged(const std::vector<Record>& records, std::int64_t from_ms, std::int64_t to_ms) {
  std::vector<Placed> placed;
  for (const Record& record : records) placed.push_back({record});
  return judge_sequence(placed, from_ms, to_ms);
}

TEST(Sequence, GapsDoublesDisorderAndSilenceAreNamed) {
  EXPECT_THAT(judged(every_second({0, 1, 2, 3, 4}), kNow_ms, kNow_ms + 5000), IsEmpty());
  EXPECT_THAT(judged(every_second({0, 1, 2, 8, 9}), kNow_ms, kNow_ms + 10'000),
              ElementsAre("a gap of 6 s after 2 s, where a record every 1 s is usual"));
  EXPECT_THAT(judged(every_second({0, 1, 2}), kNow_ms, kNow_ms + 10'000),
              ElementsAre(HasSubstr("a gap of 8 s at the end")));
  EXPECT_THAT(judged(every_second({0, 1, 1, 2}), kNow_ms, kNow_ms + 3000), ElementsAre("the record r1 comes twice"));
  EXPECT_THAT(judged(every_second({0, 2, 1, 3}), kNow_ms, kNow_ms + 4000),
              ElementsAre("the record r1 comes after a later one"));
  EXPECT_THAT(judged({}, 0, 5000), ElementsAre("the device sent no record to the API in 5 s"));
}

Record numbered(int second, int sequence) {
  Record record = simple_record(kNow_ms + 1000 * second, "r" + std::to_string(second));
  record.boot = 1, record.sequence = sequence;
  return record;
}

TEST(Sequence, OneThatIsMissingIsSeenByItsNumberOrByItsGap) {
  const std::vector<Record> holed{numbered(0, 5), numbered(1, 6), numbered(3, 8)};
  EXPECT_THAT(judged(holed, kNow_ms, kNow_ms + 4000), ElementsAre("1 record is missing, by boot and seq"));
  EXPECT_EQ(missing_records(holed), 1);
  EXPECT_EQ(missing_records(every_second({0, 1, 2, 8, 9})), 5);
  EXPECT_EQ(missing_records(every_second({0, 1, 2, 3})), 0);
  EXPECT_EQ(missing_records({}), 0);
}

// A gap is longer than two and a half steps: here 2.5 s.
TEST(Sequence, AGapBeginsJustBeyondItsBound) {
  const std::vector<Record> records = every_second({0, 1, 2});
  const std::int64_t last_ms = records.back().measured_ms;
  EXPECT_THAT(judged(records, kNow_ms, last_ms + 2500), IsEmpty());
  EXPECT_THAT(judged(records, kNow_ms, last_ms + 2501), ElementsAre(HasSubstr("a gap of 2.501 s at the end")));
}

TEST(ReportOrder, ValuesOfBeforeThoseOfAnEarlierRecordAreNamed) {
  const auto explained = [](int second, int oldest, int newest) {
    return Explained{numbered(second, second), oldest * sim::kSecond, newest * sim::kSecond};
  };
  EXPECT_THAT(judge_report_order({explained(0, 1, 1), explained(2, 2, 9), explained(1, 1, 2)}), IsEmpty());
  const auto found =
      judge_report_order({explained(0, 1, 1), explained(1, 4, 4), explained(2, 3, 3), explained(3, 5, 5)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].text, "the record r2 has values of before those of the earlier record r1");
}

constexpr int kSent = 10;

// A board that sends its own telemetry: whatever it reports, changed by `meddle`, every tenth step.
sim::CheckResult judged_board(const std::function<void(Record&)>& meddle, bool sends = true) {
  SqliteStore store(":memory:");
  Service service(store, ApiServer::keys(), system_clock());
  Server server(service, {});
  setenv("PACKBENCH_API_KEY", kKey, 1);
  Client cloud({server.url(), kKey});
  Device device;
  device.device_id = "BOARD", device.name = device.model = device.location = "x";
  EXPECT_TRUE(cloud.add_device(device));
  sim::Scenario scenario;
  scenario.telemetry_period = 100 * sim::kMillisecond;
  PlayedRun run(scenario, {.remote_url = server.url(), .board_id = "BOARD"});
  for (int i = 0; i < kSent; ++i) {
    run.step();
    EXPECT_EQ(run.telemetry.step(run.now - kStep, run.report, run.frame), "");  // it is heard before it is sent
    if (!sends) continue;
    Record record = Gateway{"BOARD", "B", 1}.record(run.report.status, system_clock()(), i);
    if (i == kSent / 3) meddle(record);
    const double before = run.frame[Signal::api_count];
    EXPECT_TRUE(cloud.post("BOARD", record));
    // The bench looks on, at the same step, until the watch has seen it.
    while (!(run.frame[Signal::api_count] > (std::isnan(before) ? 0 : before)))
      EXPECT_EQ(run.telemetry.step(run.now - kStep, run.report, run.frame), "");
  }
  return run.judge(600 * sim::kSecond);
}

TEST(BoardTelemetry, AnHonestBoardPassesWithTheDistributionOfItsLatency) {
  const sim::CheckResult result = judged_board([](Record&) {});
  EXPECT_EQ(result.verdict, Verdict::pass) << result.detail;
  EXPECT_THAT(result.detail, HasSubstr("10 records"));
  EXPECT_THAT(result.detail, HasSubstr("Report to record: half within "));
}

TEST(BoardTelemetry, AValueThatWasNeverReportedFails) {
  const sim::CheckResult result = judged_board([](Record& record) { record.pack_dmV += 1000; });
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.detail, HasSubstr("is nothing that the device reported: pack_voltage 49.7"));
}

TEST(BoardTelemetry, AContactorThatWasNeverReportedFails) {
  const sim::CheckResult result = judged_board([](Record& record) { record.charger_contactor = true; });
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.detail, HasSubstr("charger_contactor_state closed, device reported open"));
}

TEST(BoardTelemetry, ABoardThatSendsNothingFails) {
  const sim::CheckResult result = judged_board({}, false);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.detail, HasSubstr("the device sent no record to the API"));
}

TEST(BoardTelemetry, AnApiThatIsAwayIsInconclusive) {
  boost::asio::io_context context;
  const boost::asio::ip::tcp::socket taken(context, {boost::asio::ip::address_v4::loopback(), 0});  // nobody listens
  const std::string url = "http://127.0.0.1:" + std::to_string(taken.local_endpoint().port());
  PlayedRun run({}, {.remote_url = url, .board_id = "BOARD"});
  run.steps(30);
  const sim::CheckResult result = run.judge();
  EXPECT_EQ(result.verdict, Verdict::inconclusive) << result.detail;
  EXPECT_THAT(result.detail, HasSubstr("connection refused"));
}

}  // namespace
}  // namespace packbench::hil::api::test
