#include <gtest/gtest.h>

#include <algorithm>

#include "sim/language/requirements.h"
#include "sim/language/scenario_reader.h"
#include "sim/language/scenario_schema.h"
#include "sim/language/scenario_set.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;

std::string all_texts(const Problems& problems) {
  std::string out;
  for (const Problem& problem : problems) out += problem.text() + "\n";
  return out;
}

Scenario good(const std::string& text, const std::vector<std::string>& overrides = {}) {
  auto read = read_scenario_text(text, fs::path(SCENARIOS_DIR) / "t.yaml", overrides, SCENARIOS_DIR);
  if (auto* problems = std::get_if<Problems>(&read)) throw std::runtime_error(all_texts(*problems));
  return std::get<Scenario>(read);
}

std::string problems_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const auto read = read_scenario_text(text, "t.yaml", overrides, SCENARIOS_DIR);
  const auto* problems = std::get_if<Problems>(&read);
  return problems == nullptr ? "no problem\n" : all_texts(*problems);
}

const std::string kDesign = R"(scenario: cell overvoltage opens the charger contactor
requirement: [OV-2, IEC 62619 8.2.2]
tags: [protection, voltage]
pack: {profile: lfp-15s-100ah, soc: 90 %, temperature: 25 degC, spread: {seed: 7}}
bms: {profile: lfp-15s-100ah}
step: 100 ms                      # exchange with the device; the plant may step finer
phases:
  - charge: 0.5 C
    until: device.charger_contactor == open
    limit: 30 min
  - rest: 60 s
faults:
  - sensor: cell_voltage[8]
    kind: offset
    value: 20 mV
    at: 10 min
    for: 5 min
  - line: to_device
    kind: drop
    pattern: [3, 2]               # keep 3, drop 2, and so on
    when: device.state == CHARGING
expect:
  - name: charging stops in time
    when: max(sensed.cell_voltage) > 3.65 V for 2 s
    then: truth.pack_current <= 0.2 A
    within: 0.5 s
  - name: not too early
    never: opens(device.charger_contactor) and max(sensed.cell_voltage) < 3.64 V
  - name: SOC is honest
    always: abs(device.soc - truth.soc) <= 5 %
    after: 1 min
  - name: the cloud agrees
    telemetry: consistent within 2 s
)";

TEST(ScenarioReader, ReadsTheExampleOfTheFormat) {
  const Scenario s = good(kDesign);
  EXPECT_EQ(s.requirement, (std::vector<std::string>{"OV-2", "IEC 62619 8.2.2"}));
  EXPECT_EQ(s.pack.soc, 0.9);
  EXPECT_EQ(s.pack.spread_seed, 7u);
  ASSERT_EQ(s.phases.size(), 2u);
  EXPECT_EQ(s.phases[0].kind, PhaseKind::charge);
  EXPECT_EQ(s.phases[0].current_A, 50.0);  // half of the profile's 100 Ah
  EXPECT_EQ(s.phases[0].label, "charge 0.5 C");
  EXPECT_EQ(s.phases[1].duration, 60 * kSecond);
  EXPECT_EQ(s.duration_s(), 1860.0);
  ASSERT_EQ(s.faults.size(), 2u);
  EXPECT_EQ(s.faults[0].index, 7);
  EXPECT_EQ(s.faults[0].value, 0.02);
  EXPECT_EQ(s.faults[0].at, 600 * kSecond);
  EXPECT_EQ(s.faults[1].pattern, (std::vector<int>{3, 2}));
  EXPECT_FALSE(s.faults[1].when.empty());
  ASSERT_EQ(s.expect.size(), 4u);
  EXPECT_EQ(s.expect[0].latest, 500 * kMillisecond);
  EXPECT_EQ(s.expect[2].after, 60 * kSecond);
  EXPECT_EQ(s.expect[3].kind, CheckKind::telemetry_consistent);
  EXPECT_EQ(s.sha256.size(), 64u);
  EXPECT_EQ(s.bms_profile.find("cell_ov")->trip, 3.65);
  EXPECT_EQ(s.pack_profile.pack.cells, 15);
}

TEST(ScenarioReader, OverridesComeLast) {
  const Scenario s =
      good(kDesign, {"pack.soc=20 %", "step=10 ms", "phases[0].limit=1 h", "tags=[other]", "pack.spread=off"});
  EXPECT_EQ(s.pack.soc, 0.2);
  EXPECT_EQ(s.step, 10 * kMillisecond);
  EXPECT_EQ(s.phases[0].limit, 3600 * kSecond);
  EXPECT_EQ(s.tags, std::vector<std::string>{"other"});
  EXPECT_FALSE(s.pack.spread);
}

TEST(ScenarioReader, TelemetryPeriodThatIsNotGivenFollowsASlowStep) {
  const std::string text = "scenario: s\nphases:\n  - rest: 1 s\n";
  EXPECT_EQ(good(text, {"step=50 ms"}).telemetry_period, kSecond);
  EXPECT_EQ(good(text, {"step=300 ms"}).telemetry_period, 1200 * kMillisecond);
  EXPECT_EQ(good(text, {"step=2 s"}).telemetry_period, 2 * kSecond);
  EXPECT_NE(problems_of(text, {"step=300 ms", "telemetry_period=1 s"}), "no problem\n");
}

TEST(ScenarioReader, TelemetryMayBeConsistentWithoutALimitOfTime) {
  const std::string text = "scenario: s\nphases:\n  - rest: 1 s\nexpect:\n  - {name: cloud, telemetry: consistent}\n";
  EXPECT_EQ(good(text).expect[0].latest, 0);
  EXPECT_EQ(good(text, {"expect[0].telemetry=consistent within 2 s"}).expect[0].latest, 2 * kSecond);
  EXPECT_EQ(good(text, {"expect[0].telemetry=consistent within 2 s"}).expect[0].window_source, "2 s");
}

TEST(ScenarioReader, UnknownOverrideIsAProblemThatNamesIt) {
  EXPECT_EQ(problems_of(kDesign, {"pack.sco=80 %"}),
            "--set pack.sco=80 %: pack.sco: unknown key 'sco' (expected one of profile, soc, temperature, ambient, "
            "coolant, ageing_acceleration, spread; did you mean 'soc'?)\n");
  EXPECT_EQ(problems_of(kDesign, {"step=3 V"}),
            "--set step=3 V: step: '3 V' is a voltage (expected a time, such as 2 s)\n");
}

TEST(ScenarioReader, DriveStandsAloneOrBesideAStimulus) {
  const Scenario s = good(
      "scenario: d\nphases:\n  - discharge: 20 A\n    drive: {\"cell_voltage[3]\": 2.79 V, temperature: 27.3 degC}\n   "
      " ramp: 2 s\n    for: 5 s\n"
      "  - drive: {pack_current: 0 A}\n    charger: connected\n    for: 1 s\n    send: [enable, reset]\n");
  EXPECT_EQ(s.phases[0].kind, PhaseKind::discharge);
  ASSERT_EQ(s.phases[0].drive.size(), 2u);
  const auto cell = std::ranges::find(s.phases[0].drive, std::optional(2), &DriveTarget::cell);
  ASSERT_NE(cell, s.phases[0].drive.end());
  EXPECT_EQ(cell->values, std::vector<double>{2.79});
  EXPECT_EQ(cell->ramp, 2 * kSecond);
  EXPECT_EQ(s.phases[1].kind, PhaseKind::drive);
  EXPECT_TRUE(s.phases[1].charger_connected);
  EXPECT_EQ(s.phases[1].send, (std::vector{DeviceCommand::enable, DeviceCommand::reset}));
}

TEST(ScenarioReader, CurrentProfileIsScaledThenClamped) {
  const Scenario s =
      good("scenario: p\nphases:\n  - profile: us06/pybamm_US06.csv\n    scale: -12\n    max_discharge: 90 A\n");
  const CurrentProfile& profile = s.phases[0].profile;
  ASSERT_EQ(profile.current_A.size(), 601u);
  EXPECT_EQ(*std::ranges::min_element(profile.current_A), -90.0);
  EXPECT_NEAR(*std::ranges::max_element(profile.current_A), 12 * 4.21, 0.5);
  EXPECT_EQ(s.duration_s(), 600.0);
}

TEST(ScenarioReader, BmsRowsCanBeChangedInPlace) {
  const Scenario s = good("scenario: b\nbms: {soc: unknown, set: {cell_uv: {trip: 2.60 V}}}\nphases:\n  - rest: 1 s\n");
  EXPECT_EQ(s.bms_profile.find("cell_uv")->trip, 2.60);
  EXPECT_EQ(s.bms_profile.find("cell_uv")->delay_s, 2.0);
  EXPECT_EQ(s.bms.soc_mode, BmsSetup::Soc::unknown);
}

TEST(ScenarioReader, WatchRulesCanBeChangedInPlace) {
  const std::string tail = "phases:\n  - rest: 1 s\n";
  const Scenario s = good("scenario: b\nbms: {watch: {sleep_after: 1 min, board_sensor: 0}}\n" + tail);
  EXPECT_EQ(s.bms_profile.watch.sleep_after_s, 60);
  EXPECT_EQ(s.bms_profile.watch.board_sensor, 0);
  EXPECT_EQ(s.bms_profile.watch.runaway_rise_K, 3);
  EXPECT_TRUE(problems_of("scenario: b\nbms:\n  watch:\n    fuse_wait: 0.1 s\n" + tail)
                  .starts_with("t.yaml:4:16: bms.watch.fuse_wait: 0.1 s is shorter than zero_current_wait"));
  EXPECT_TRUE(problems_of("scenario: b\nbms:\n  watch:\n    sleep_aftr: 1 s\n" + tail)
                  .starts_with("t.yaml:4:5: bms.watch.sleep_aftr: "));
}

TEST(ScenarioReader, FormulaErrorsStandAtTheirColumn) {
  const std::string head = "scenario: f\nphases:\n  - rest: 1 s\nexpect:\n  - name: a\n    always: ";
  EXPECT_TRUE(
      problems_of(head + "device.soc > 1 % and device.sco > 2 %\n").starts_with("t.yaml:6:34: expect[0].always: "));
  EXPECT_TRUE(problems_of(head + "\"device.sco > 2 %\"\n").starts_with("t.yaml:6:14: expect[0].always: "));
}

TEST(ScenarioReader, MissingFileIsOneProblem) {
  const auto read = read_scenario("/nonexistent/x.yaml");
  EXPECT_EQ(all_texts(std::get<Problems>(read)),
            "/nonexistent/x.yaml: file '/nonexistent/x.yaml' does not exist (expected a file that can be read)\n");
}

TEST(Library, EveryScenarioReads) {
  const ScenarioSet set = find_scenarios({SCENARIOS_DIR});
  EXPECT_EQ(all_texts(set.problems), "");
  for (const ScenarioEntry& entry : set.entries) {
    const auto read = read_scenario(entry.file, {}, SCENARIOS_DIR);
    if (const auto* problems = std::get_if<Problems>(&read)) ADD_FAILURE() << all_texts(*problems);
  }
}

TEST(Library, EveryRequirementNamedIsKnown) {
  const auto file = find_requirements({SCENARIOS_DIR});
  if (file.empty()) GTEST_SKIP() << "the library has no requirements";
  const auto requirements = read_requirements(file);
  if (const auto* problems = std::get_if<Problems>(&requirements)) FAIL() << all_texts(*problems);
  const auto& known = std::get<std::vector<Requirement>>(requirements);
  const ScenarioSet set = find_scenarios({SCENARIOS_DIR});
  for (const ScenarioEntry& entry : set.entries) {
    const auto read = read_scenario(entry.file, {}, SCENARIOS_DIR);
    if (const auto* scenario = std::get_if<Scenario>(&read)) {
      EXPECT_EQ(all_texts(unknown_requirements(*scenario, known)), "");
    }
  }
  EXPECT_EQ(unknown_requirements(good(kDesign), {{"OV-22", "", "", {}}}).size(), 2u);
}

TEST(ScenarioSet, SelectsByGlobAndTag) {
  const std::vector<ScenarioEntry> all{{"a/x.yaml", "cell trips", {"quick"}, {}}, {"b/y.yaml", "pack trips", {}, {}}};
  EXPECT_EQ(select(all, "", {}).size(), 2u);
  EXPECT_EQ(select(all, "cell*", {}).size(), 1u);
  EXPECT_EQ(select(all, "y.yaml", {}).size(), 1u);
  EXPECT_EQ(select(all, "*trips", {"quick"}).size(), 1u);
  EXPECT_EQ(select(all, "nothing", {}).size(), 0u);
  EXPECT_TRUE(matches_glob("abc", "a?c"));
  EXPECT_TRUE(matches_glob("abcabc", "*b*c"));
  EXPECT_FALSE(matches_glob("abc", "a?"));
}

TEST(ScenarioReference, NamesEveryKeyOfTheExample) {
  const std::string reference = scenario_reference();
  for (const char* key :
       {"scenario", "spread", "until", "limit_is", "cell_voltage[N]", "pattern", "within", "telemetry"})
    EXPECT_NE(reference.find("| `" + std::string(key) + "`"), std::string::npos) << key;
}

}  // namespace
}  // namespace packbench::sim
