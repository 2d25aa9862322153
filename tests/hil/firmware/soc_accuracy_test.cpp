// The firmware's state of charge on the real plant over a mixed day, with the sensors' offsets, gains and noise. On the
// host only. Prints the largest error, RMS, bias and the time until the error stays below 5 %.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "hil/firmware/core/soc.h"
#include "hil/firmware/host/profile_bytes.h"
#include "sim/language/bms_profile_reader.h"
#include "sim/language/pack_profile_reader.h"
#include "sim/plant/sensing.h"

namespace {

using namespace packbench;
using sim::Signal;

struct Day {
  const char* pack;
  const char* bms;
  double start_soc, told_soc;  // told below 0: nothing
  double temperature_degC;
  std::uint64_t seed;
  double charger_V;
};

sim::Scenario scenario_of(const Day& day) {
  const std::string folder = PACKBENCH_SCENARIOS;
  sim::Scenario scenario;
  scenario.pack_profile = std::get<sim::PackProfile>(sim::read_pack_profile(folder + "/packs/" + day.pack + ".yaml"));
  scenario.bms_profile = std::get<sim::BmsProfile>(sim::read_bms_profile(folder + "/bms/" + day.bms + ".yaml"));
  scenario.pack.soc = day.start_soc;
  scenario.pack.temperature_degC = day.temperature_degC;
  scenario.pack.spread_seed = scenario.seed = day.seed;
  scenario.step = scenario.plant_step = sim::kSecond;
  return scenario;
}

firmware::Measurement measured(const sim::Frame& frame, std::uint64_t time_us, int cells) {
  firmware::Measurement m;
  m.time_us = time_us;
  m.cells = cells;
  m.temperatures = 5;
  m.current_mA = static_cast<std::int32_t>(std::lround(frame[Signal::sensed_pack_current] * 1e3));
  for (int i = 0; i < cells; ++i) {
    m.cell_dmV[i] = static_cast<std::int32_t>(
        std::lround(frame.array(Signal::sensed_cell_voltage)[static_cast<std::size_t>(i)] * 1e4));
  }
  for (int i = 0; i < m.temperatures; ++i) {
    m.temperature_mdegC[i] = static_cast<std::int32_t>(
        std::lround(frame.array(Signal::sensed_temperature)[static_cast<std::size_t>(i)] * 1e3));
  }
  return m;
}

// Ten minutes each of some current between 60 A out and 45 A in, or nothing; turned round before the ends.
struct Household {
  explicit Household(double volt) : charger_V(volt) {}
  sim::Stimulus next(double soc) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    const double current_A = static_cast<double>(random >> 33) / 2147483648.0 * 105.0 - 60.0;
    if (soc < 0.06) filling = true;
    if (soc > 0.995) filling = false;
    sim::Stimulus s;
    s.charger_voltage_V = charger_V;
    const double leaning_A = current_A + (filling ? 20 : -10);
    s.charger_connected = leaning_A > 5;
    s.charger_current_A = s.charger_connected ? leaning_A : 0;
    s.load_current_A = leaning_A < -5 ? -leaning_A : 0;
    return s;
  }
  double charger_V;
  std::uint64_t random = 42;
  bool filling = false;
};

struct Errors {
  double most = 0, sum = 0, squares = 0;
  int samples = 0, last_wide_s = 0;
  void add(double error, int now_s) {
    most = std::max(most, std::abs(error));
    sum += error;
    squares += error * error;
    ++samples;
    if (std::abs(error) > 0.05) last_wide_s = now_s;
  }
};

// The errors after `from_s`.
Errors run(const Day& day, int seconds, int from_s) {
  const sim::Scenario scenario = scenario_of(day);
  firmware::Profile profile;
  const auto bytes = firmware::encode_profile(scenario.bms_profile);
  EXPECT_EQ(firmware::decode_profile(bytes.data(), bytes.size(), profile), nullptr);
  sim::Plant plant(scenario);
  sim::Sensing sensing(scenario, scenario.seed);
  sim::Frame frame({profile.cells, scenario.pack_profile.sensing.temperatures});
  firmware::StateOfCharge soc;
  soc.configure(profile);
  if (day.told_soc >= 0) soc.set(profile, static_cast<std::uint32_t>(std::lround(day.told_soc * 1e4)));
  Household household(day.charger_V);
  plant.set_actuators({false, false, true, 0});
  Errors errors;
  int last_wide_s = 0;
  for (int second = 0; second < seconds; ++second) {
    plant.sample(frame);
    sensing.sample(plant.now(), plant.feedback(), frame);
    if (second == 5) plant.set_actuators({true, true, false, 0});
    if (second % 600 == 60) plant.set_stimulus(household.next(frame[Signal::truth_soc]));
    const auto now_us = static_cast<std::uint64_t>(second) * 1'000'000;
    const firmware::Measurement m = measured(frame, now_us, profile.cells);
    const firmware::Summary summary = firmware::summarise(m);
    if (second > 0) {
      const double error = soc.soc_pctpct(profile) * 1e-4 - frame[Signal::truth_soc];
      if (std::abs(error) > 0.05) last_wide_s = second;
      if (second >= from_s) errors.add(error, second);
    }
    for (std::uint64_t task_us = 10'000; task_us <= 1'000'000; task_us += 10'000) {
      soc.step(now_us + task_us, 10'000, profile, m, summary, {});
    }
    plant.advance(plant.now() + sim::kSecond);
  }
  std::printf(
      "%-14s %3.0f %% told %4.0f %%, %3.0f degC, seed %2d: max %.2f %%, RMS %.2f %%, bias %+.2f %%, within 5 %% after "
      "%d s\n",
      day.pack, day.start_soc * 100, day.told_soc * 100, day.temperature_degC, static_cast<int>(day.seed),
      errors.most * 100, std::sqrt(errors.squares / errors.samples) * 100, errors.sum / errors.samples * 100,
      last_wide_s);
  return errors;
}

constexpr int kDay_s = 86'400;

TEST(SocAccuracy, MixedDayStaysWithinFivePercent) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    EXPECT_LE(run({"lfp-15s-100ah", "lfp-15s-100ah", 0.6, 0.6, 25, seed, 52.5}, kDay_s, 0).most, 0.05);
  }
  EXPECT_LE(run({"lfp-15s-100ah", "lfp-15s-100ah", 0.6, 0.6, 12, 4, 52.5}, kDay_s, 0).most, 0.05);
  EXPECT_LE(run({"lfp-16s-100ah", "lfp-16s-100ah", 0.4, 0.4, 30, 5, 56.0}, kDay_s, 0).most, 0.05);
}

TEST(SocAccuracy, AWrongOrUnknownStartIsRightAfterHalfADay) {
  for (const double told : {0.30, 0.90, -1.0}) {
    EXPECT_LE(run({"lfp-15s-100ah", "lfp-15s-100ah", 0.6, told, 25, 6, 52.5}, kDay_s, kDay_s / 2).most, 0.05);
  }
}

TEST(SocAccuracy, SodiumIonFindsItselfOnItsSlope) {
  EXPECT_LE(run({"na-ion-15s", "na-ion-15s", 0.5, 0.5, 25, 7, 62.25}, kDay_s, 0).most, 0.05);
  EXPECT_LE(run({"na-ion-15s", "na-ion-15s", 0.5, 0.8, 25, 8, 62.25}, kDay_s, kDay_s / 2).most, 0.05);
}

}  // namespace
