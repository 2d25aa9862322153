// The cloud side of a run against a device that is played here, and a Device API that tampers with what it holds.
#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <functional>

#include "api_fixture.h"
#include "hil/api/gateway/gateway.h"
#include "hil/api/judge/telemetry.h"
#include "played_run.h"

namespace packbench::hil::api::test {
namespace {

using sim::Signal;
using sim::TimeNs;
using sim::Verdict;
using testing::HasSubstr;

TEST(Telemetry, AnHonestRunPassesWithItsLatencyAsMargin) {
  PlayedRun run;
  run.steps(101);
  const sim::CheckResult result = run.judge();
  EXPECT_EQ(result.verdict, Verdict::pass) << result.detail;
  EXPECT_EQ(result.measured, 0);
  EXPECT_EQ(result.limit, 2000);
  EXPECT_EQ(result.margin, 2000);
  EXPECT_EQ(result.unit, "ms");
  EXPECT_FALSE(result.marginal);
  EXPECT_THAT(result.detail, HasSubstr("10 records"));
  EXPECT_EQ(result.requirement, std::vector<std::string>{"TEL-1"});
  EXPECT_EQ(run.telemetry.summary().reports, 10);
  EXPECT_EQ(run.telemetry.summary().records, 10);
}

TEST(Telemetry, FillsTheApiSignalsAtInstantsAndHoldsThemBetween) {
  PlayedRun run;
  run.steps(10);  // up to 0.9 s: the instant at 0 had no report
  EXPECT_TRUE(std::isnan(run.frame[Signal::api_pack_voltage]));
  run.step();
  EXPECT_EQ(run.frame[Signal::api_pack_voltage], 49.6);
  EXPECT_EQ(run.frame[Signal::api_pack_current], -50);
  EXPECT_EQ(run.frame.array(Signal::api_cell_voltage)[14], run.report.status.cell_dmV[14] == 0 ? -1 : 3.3141);
  EXPECT_EQ(run.frame[Signal::api_temperature], 25.9);
  EXPECT_EQ(run.frame[Signal::api_soc], 0.5);
  EXPECT_EQ(run.frame[Signal::api_ocv_soc], 0.5123);
  EXPECT_EQ(run.frame[Signal::api_soh], 0);
  EXPECT_EQ(run.frame[Signal::api_bms_state], 3);
  EXPECT_EQ(run.frame[Signal::api_main_contactor_state], 1);
  EXPECT_EQ(run.frame[Signal::api_age], 0);
  EXPECT_EQ(run.frame[Signal::api_count], 1);
  run.current_A = -10;
  run.steps(9);
  EXPECT_EQ(run.frame[Signal::api_pack_current], -50);
  EXPECT_DOUBLE_EQ(run.frame[Signal::api_age], 0.9);
  EXPECT_EQ(run.frame[Signal::api_count], 1);
}

TEST(Telemetry, ASilentDeviceIsNotSentTwiceAndItsRecordIsAsOldAsItsReport) {
  PlayedRun run;
  run.steps(25);  // up to 2.4 s
  run.silent = true;
  run.steps(56);  // the report of 2.5 s goes out at 3 s, nothing after it
  EXPECT_EQ(run.telemetry.summary().reports, 3);
  EXPECT_DOUBLE_EQ(run.telemetry.summary().latency_max_s, 0.5);
  EXPECT_EQ(run.judge().margin, 1500);
  EXPECT_EQ(run.judge(550 * sim::kMillisecond).marginal, true);
  const sim::CheckResult late = run.judge(400 * sim::kMillisecond);
  EXPECT_EQ(late.verdict, Verdict::fail);
  EXPECT_EQ(late.margin, -100);
}

TEST(Telemetry, NothingReportedIsInconclusive) {
  PlayedRun run;
  run.silent = true;
  run.steps(30);
  EXPECT_EQ(run.judge().verdict, Verdict::inconclusive);
  EXPECT_FALSE(run.judge().margin);
}

TEST(Telemetry, ACheckThatStartsAfterTheRunHasNothingToJudge) {
  PlayedRun run;
  run.steps(30);
  EXPECT_EQ(run.judge(0, sim::kSecond).verdict, Verdict::pass);
  run.telemetry.start_phases(2500 * sim::kMillisecond);
  EXPECT_EQ(run.judge(0, sim::kSecond).verdict, Verdict::inconclusive);
}

TEST(Telemetry, TheSameRunGivesTheSameSignals) {
  const auto values = [] {
    PlayedRun run;
    run.steps(31);
    return std::vector<double>(run.frame.values().begin(), run.frame.values().end());
  };
  const auto one = values(), other = values();
  ASSERT_EQ(one.size(), other.size());
  EXPECT_EQ(std::memcmp(one.data(), other.data(), one.size() * sizeof(double)), 0);
}

// Beyond six sigma, gain, offset and quantisation: 3.3 V * 0.0005 + 2 mV + 1.8 mV + 77 uV + 50 uV = 5.58 mV.
TEST(Telemetry, AValueBeyondTheSensingsBoundsFailsAndOneInsideDoesNot) {
  for (const auto& [off_dmV, verdict] : {std::pair(55, Verdict::pass), std::pair(57, Verdict::fail)}) {
    PlayedRun run;
    run.steps(20);
    run.step([off = off_dmV](packlink_status_t& status) {
      status.cell_dmV[4] = static_cast<std::uint16_t>(status.cell_dmV[4] + off);
    });
    const sim::CheckResult result = run.judge();
    EXPECT_EQ(result.verdict, verdict) << result.detail;
    if (verdict == Verdict::fail) {
      EXPECT_THAT(result.detail, HasSubstr("record 2 at 2.0 s: cell 5 3.3"));
    }
  }
}

TEST(Telemetry, CurrentAndTemperatureAreComparedWithTheTruthToo) {
  PlayedRun current;
  current.steps(20);
  current.step([](packlink_status_t& status) { status.current_mA = -49'000; });
  EXPECT_THAT(current.judge().detail, HasSubstr("pack_current -49 A, truth -50 to -50 A"));
  PlayedRun warm;
  warm.steps(20);
  warm.step([](packlink_status_t& status) { status.temperature_mdegC[1] = 29'000; });
  EXPECT_THAT(warm.judge().detail, HasSubstr("temperature 2 29 degC"));
}

TEST(Telemetry, AStatusThatLiesAboutAContactorFails) {
  PlayedRun run;
  run.steps(30);
  run.step([](packlink_status_t& status) { status.main_contactor = false; });
  run.steps(10);
  const sim::CheckResult result = run.judge();
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.detail, HasSubstr("record 3 at 3.0 s: main_contactor_state open, the contacts were closed"));
  EXPECT_EQ(result.worst_at_s, 3.0);
  EXPECT_EQ(result.margin, -1);
}

TEST(Telemetry, AContactMayFollowItsReportByItsPickupAndOneStep) {
  for (const auto& [lag, verdict] : {std::pair(1, Verdict::pass), std::pair(3, Verdict::fail)}) {
    PlayedRun run;
    run.steps(20);
    run.step([](packlink_status_t& status) { status.main_contactor = false; });  // reported open at 2.0 s
    for (int i = 1; i <= lag; ++i) {
      if (i == lag) run.main = false;
      run.step([](packlink_status_t& status) { status.main_contactor = false; });
    }
    run.steps(20);
    EXPECT_EQ(run.judge().verdict, verdict) << lag << run.judge().detail;
  }
}

// What a device reports that no record may hold is the device's fault, not the bench's trouble.
TEST(Telemetry, AReportThatTheApiRefusesFails) {
  PlayedRun run;
  run.steps(20);
  run.step([](packlink_status_t& status) { status.soc_pctpct = 30'000; });
  const sim::CheckResult result = run.judge();
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.detail, HasSubstr("/soc is 300; expected 0 to 100"));
}

TEST(Telemetry, AnUnreachableApiIsSaidOnceAndInconclusive) {
  std::string url;
  {
    ApiServer gone;
    url = gone.server.url();
  }
  TelemetryOptions options;
  options.remote_url = url;
  PlayedRun run({}, options);
  run.steps(40);
  ASSERT_EQ(run.errors.size(), 1u);
  EXPECT_THAT(run.errors[0], HasSubstr("connection refused"));
  const sim::CheckResult result = run.judge();
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_THAT(result.detail, HasSubstr("connection refused"));
}

// The API takes two requests and then five a second: simulated time waits, and nothing is lost or late.
TEST(Telemetry, ARemoteApiThatThrottlesIsWaitedFor) {
  SqliteStore store(":memory:");
  ServiceOptions limited;
  limited.limits.per_key = {300, 2};
  SettableClock clock(kEpoch_ms + 10'000);
  Service service(store, ApiServer::keys(), clock.reader(), limited);
  Server server(service, {});
  setenv("PACKBENCH_API_KEY", kKey, 1);
  TelemetryOptions options;
  options.remote_url = server.url();
  PlayedRun run({}, options);
  run.steps(31);
  EXPECT_TRUE(run.errors.empty()) << run.errors.front();
  const sim::CheckResult result = run.judge();
  EXPECT_EQ(result.verdict, Verdict::pass) << result.detail;
  EXPECT_EQ(result.measured, 0);
  EXPECT_THAT(result.detail, HasSubstr("3 records"));
}

TEST(Telemetry, AnEpochThatIsNoTimeIsRefused) {
  sim::Scenario scenario;
  scenario.epoch = "new year";
  EXPECT_THROW(Telemetry(scenario, {}), std::invalid_argument);
}

// Holds records and gives them back changed.
class TamperingStore : public SqliteStore {
 public:
  TamperingStore() : SqliteStore(":memory:") {}
  void visit(std::int64_t organization, const std::string& device, const RangeQuery& query,
             const std::function<void(const Record&)>& visitor) override {
    std::vector<Record> records;
    SqliteStore::visit(organization, device, query, [&](const Record& record) { records.push_back(record); });
    if (tamper) tamper(records);
    for (const Record& record : records) visitor(record);
  }
  std::function<void(std::vector<Record>&)> tamper;
};

// What the judge says of a run of 5 s whose API gives its records back through `tamper`.
sim::CheckResult judged(const std::function<void(std::vector<Record>&)>& tamper) {
  TamperingStore store;
  SettableClock clock(kEpoch_ms + 10'000);
  Service service(store, ApiServer::keys(), clock.reader());
  Server server(service, {});
  setenv("PACKBENCH_API_KEY", kKey, 1);
  TelemetryOptions options;
  options.remote_url = server.url();
  PlayedRun run({}, options);
  run.steps(51);
  EXPECT_TRUE(run.errors.empty()) << run.errors.front();
  store.tamper = tamper;
  return run.judge();
}

struct Tampering {
  std::string name;
  std::function<void(std::vector<Record>&)> change;
  std::string finding;
};

class Judge : public testing::TestWithParam<Tampering> {};

TEST_P(Judge, CatchesWhatTheApiGetsWrong) {
  const sim::CheckResult result = judged(GetParam().change);
  EXPECT_EQ(result.verdict, Verdict::fail) << result.detail;
  EXPECT_THAT(result.detail, HasSubstr(GetParam().finding));
  EXPECT_LT(result.margin.value_or(0), 0);
}

INSTANTIATE_TEST_SUITE_P(
    All, Judge,
    testing::Values(
        Tampering{"altered_value", [](auto& r) { r.at(1).pack_dmV += 1; },
                  "record 2 at 2.0 s: pack_voltage 49.6001 V, device reported 49.6000 V"},
        Tampering{"altered_cell", [](auto& r) { r.at(0).cell_dmV[14] -= 10; },
                  "record 1 at 1.0 s: cell_voltage[15] 3.3131 V, device reported 3.3141 V"},
        Tampering{"lost_cell", [](auto& r) { r.at(0).cell_dmV.pop_back(); }, "14 cells, device reported 15"},
        Tampering{"altered_current", [](auto& r) { r.at(2).current_mA = 50'000; },
                  "record 3 at 3.0 s: pack_current 50.000 A, device reported -50.000 A"},
        Tampering{"altered_soc", [](auto& r) { r.at(2).soc_pctpct += 1; }, "soc 50.01 %, device reported 50.00 %"},
        Tampering{"altered_state", [](auto& r) { r.at(2).bms_state = "FAULT"; },
                  "bms_state FAULT, device reported IDLE"},
        Tampering{"wrong_contactor", [](auto& r) { r.at(3).main_contactor = false; },
                  "record 4 at 4.0 s: main_contactor_state open, device reported closed"},
        Tampering{"wrong_charger", [](auto& r) { r.at(3).charger_contactor = true; },
                  "charger_contactor_state closed, device reported open"},
        Tampering{"altered_time", [](auto& r) { r.at(4).measured_ms += 1; }, "time is 0.001 s off"},
        Tampering{"time_beyond_any_run", [](auto& r) { r.at(4).measured_ms = 253'402'300'799'999; }, "s off"},
        Tampering{"missing", [](auto& r) { r.erase(r.begin() + 2); }, "record 3 at 3.0 s is missing"},
        Tampering{"all_missing", [](auto& r) { r.clear(); }, "5 inconsistencies"},
        Tampering{"doubled", [](auto& r) { r.insert(r.begin() + 2, r[1]); }, "record 2 at 2.0 s comes 2 times"},
        Tampering{"doubled_under_another_id", [](auto& r) { r.push_back(r.back()), r.back().id = "zzz"; },
                  "was never sent (id zzz)"},
        Tampering{"swapped", [](auto& r) { std::swap(r.at(1), r.at(2)); },
                  "record 3 at 2.0 s comes after a later one"}),
    [](const auto& one) { return one.param.name; });

TEST(Judge, PassesTheRemoteApiThatIsLeftAlone) {
  const sim::CheckResult result = judged({});
  EXPECT_EQ(result.verdict, Verdict::pass) << result.detail;
}

TEST(Gateway, TakesEveryValueOverAndNamesWhatIsMissing) {
  packlink_status_t status{};
  status.cells = 3;
  status.temperatures = 3;
  status.cell_dmV[0] = 33'000, status.cell_dmV[1] = PACKLINK_NO_VOLTAGE, status.cell_dmV[2] = 0;
  status.temperature_mdegC[0] = -5'001, status.temperature_mdegC[1] = PACKLINK_NO_TEMPERATURE,
  status.temperature_mdegC[2] = 70'000;
  status.pack_dmV = PACKLINK_NO_VOLTAGE32;
  status.current_mA = PACKLINK_NO_CURRENT;
  status.soc_pctpct = 9'999;
  status.ocv_soc_pctpct = status.soh_pctpct = PACKLINK_NO_PERCENT;
  status.state = 200;
  status.boot_count = 4;
  status.charger_contactor = true;
  status.balancing = 0b1000'0101;  // cell 8 is none of the three
  status.faults = 1;
  status.latched_faults = 0b11;
  const Record record = Gateway{"D", "N", 7}.record(status, 1234, 9);
  EXPECT_EQ(record.balancing, (std::vector<std::int64_t>{1, 0, 1}));
  EXPECT_EQ(record.faults, (std::vector<std::string>{"cell_ov", "cell_ov_hard"}));
  EXPECT_EQ(record.cell_dmV, (std::vector<std::int64_t>{33'000, kNoReading, 0}));
  EXPECT_EQ(record.temperature_mdegC, -5'001);
  EXPECT_EQ(record.pack_dmV, kNoReading);
  EXPECT_EQ(record.current_mA, kNoReading);
  EXPECT_EQ(record.soc_pctpct, 9'999);
  EXPECT_EQ(record.ocv_soc_pctpct, kNoReading);
  EXPECT_EQ(record.soh_pctpct, 0);
  EXPECT_EQ(record.bms_state, "UNKNOWN_200");
  EXPECT_FALSE(record.main_contactor);
  EXPECT_TRUE(record.charger_contactor);
  EXPECT_EQ(record.measured_ms, 1234);
  EXPECT_EQ(record.boot, 4);
  EXPECT_EQ(record.sequence, 9);
}

TEST(Gateway, ABrokenSensorIsNoTemperature) {
  packlink_status_t status{};
  status.temperatures = 4;
  status.temperature_mdegC[0] = 25'000, status.temperature_mdegC[1] = 160'000;
  status.temperature_mdegC[2] = -50'000, status.temperature_mdegC[3] = 30'000;
  EXPECT_EQ((Gateway{"D", "N", 7}.record(status, 0, 0).temperature_mdegC), 25'000);
  status.temperature_mdegC[0] = -40'001;
  EXPECT_EQ((Gateway{"D", "N", 7}.record(status, 0, 0).temperature_mdegC), kNoReading);
}

}  // namespace
}  // namespace packbench::hil::api::test
