// What is stated of the measured Leaf cell, measured again. Every figure is a root mean square of measured less
// modelled voltage over the samples between 10 and 95 % SOC, SOC by the charge since full over the capacity.
#include <gtest/gtest.h>

#include <cmath>

#include "models/fit/simulate.h"
#include "tests/models/fit/leaf.h"

namespace packbench::models::fit {
namespace {

Result fit_one(int degC, int pairs) {
  const Record record = leaf_hppc(degC);
  Options options;
  options.pairs = pairs;
  return fit_cell(std::span(&record, 1), options);
}

const Result& fit_of_three() {
  static const Result result = [] {
    const std::vector<Record> records{leaf_hppc(10), leaf_hppc(25), leaf_hppc(40)};
    return fit_cell(records, {});
  }();
  return result;
}

// Each discharge from full with its own counter's capacity: the only thing taken from these files.
struct Misfit {
  double rms_V = 0, knee_rms_V = 0, warmest_degC = 0;
  int discharges = 0;
};

double counted_Ah(const Record& record) {
  double sum = 0;
  for (std::size_t i = 0; i < record.time_s.size(); ++i) sum -= record.current_A[i] * interval_s(record, i) / 3600;
  return sum;
}

Misfit discharge_misfit(int c_rate) {
  const CellParameters cell = leaf_cell(fit_of_three());
  Misfit misfit;
  double square = 0, knee_square = 0, samples = 0, knee_samples = 0;
  for (const Record& part : full_discharges(leaf_discharges(c_rate), cell.capacity_Ah)) {
    const Replay again = replay(part, cell,
                                {.capacity_Ah = counted_Ah(part),
                                 .ambient_degC = 25,
                                 .cooling_W_per_K = kLeafCooling_W_per_K,
                                 .start_hysteresis = 1});
    const Bin window = bin_of(again.soc, part.voltage_V, again.voltage_V, kWindowLow, kWindowHigh);
    const Bin knee = bin_of(again.soc, part.voltage_V, again.voltage_V, -1, kWindowLow);
    square += window.rms_V * window.rms_V * static_cast<double>(window.samples);
    samples += static_cast<double>(window.samples);
    knee_square += knee.rms_V * knee.rms_V * static_cast<double>(knee.samples);
    knee_samples += static_cast<double>(knee.samples);
    for (const double degC : again.core_degC) misfit.warmest_degC = std::max(misfit.warmest_degC, degC);
    ++misfit.discharges;
  }
  misfit.rms_V = std::sqrt(square / samples);
  misfit.knee_rms_V = std::sqrt(knee_square / knee_samples);
  return misfit;
}

TEST(Leaf, OneHppcFileIsFittedToAMillivolt) {
  EXPECT_LE(fit_one(25, 2).records[0].cell_rms_V, 0.001);
  EXPECT_LE(fit_one(40, 2).records[0].cell_rms_V, 0.001);
  EXPECT_LE(fit_one(10, 3).records[0].cell_rms_V, 0.001);
}

TEST(Leaf, CellOfThreeTemperaturesHoldsTheMillivoltAt25degC) {
  EXPECT_LE(fit_of_three().records[1].cell_rms_V, 0.001);
  EXPECT_LE(fit_of_three().records[0].cell_rms_V, 0.004);  // one OCV and dU/dT for all temperatures
  EXPECT_LE(fit_of_three().records[2].cell_rms_V, 0.004);
}

TEST(Leaf, MeasuredDischargesArePredictedFromHppcAlone) {
  const Misfit one = discharge_misfit(1), two = discharge_misfit(2);
  EXPECT_EQ(one.discharges, 4);
  EXPECT_EQ(two.discharges, 5);
  EXPECT_LE(one.rms_V, 0.015);
  EXPECT_LE(two.rms_V, 0.015);
  RecordProperty("one_c_mV", std::to_string(1e3 * one.rms_V));
  RecordProperty("two_c_mV", std::to_string(1e3 * two.rms_V));
  RecordProperty("one_c_knee_mV", std::to_string(1e3 * one.knee_rms_V));
  RecordProperty("two_c_knee_mV", std::to_string(1e3 * two.knee_rms_V));
  EXPECT_GT(two.warmest_degC, 32);  // heats itself, which is half of the gain over a plain fit
  EXPECT_LT(two.warmest_degC, 40);
}

// The fit states its residual by its own sums; the pack steps through its node table and must say the same.
TEST(Leaf, PackGivesTheResidualThatTheFitStates) {
  const Record record = leaf_hppc(25);
  const Result result = fit_cell(std::span(&record, 1), {});
  const Replay again =
      replay(record, leaf_cell(result), {.ambient_degC = 25, .cooling_W_per_K = 1, .isothermal = true});
  const double rms_V = bin_of(again.soc, record.voltage_V, again.voltage_V, kWindowLow, kWindowHigh).rms_V;
  EXPECT_NEAR(rms_V, result.records[0].cell_rms_V, 2e-5);
}

// The structure (pairs, directions, hysteresis) was chosen by this figure alone, from HPPC files only: fit two
// temperatures, predict the third (models/fit/README.md).
TEST(Leaf, TemperatureLeftOutIsPredicted) {
  double square = 0;
  for (const int out : {10, 25, 40}) {
    std::vector<Record> others;
    for (const int degC : {10, 25, 40}) {
      if (degC != out) others.push_back(leaf_hppc(degC));
    }
    Options options;
    options.capacity_Ah = 30.5;
    const Record record = leaf_hppc(out);
    const Replay again = replay(record, leaf_cell(fit_cell(others, options)),
                                {.ambient_degC = record.temperature_degC, .isothermal = true});
    const double rms_V = bin_of(again.soc, record.voltage_V, again.voltage_V, kWindowLow, kWindowHigh).rms_V;
    square += rms_V * rms_V / 3;
  }
  EXPECT_LE(std::sqrt(square), 0.009);
}

}  // namespace
}  // namespace packbench::models::fit
