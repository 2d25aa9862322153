#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/fit/fit.h"
#include "tests/models/fit/synthetic.h"

namespace packbench::models::fit {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

double value_at(const std::vector<double>& soc, const std::vector<double>& value, double at) {
  std::size_t i = 1;
  while (i + 1 < soc.size() && soc[i] < at) ++i;
  return value[i - 1] + (value[i] - value[i - 1]) * (at - soc[i - 1]) / (soc[i] - soc[i - 1]);
}

double line(double empty, double full, double soc) { return empty + (full - empty) * soc; }

Options plain(double capacity_Ah = 10) {
  Options options;
  options.capacity_Ah = capacity_Ah;
  options.by_direction = false;
  options.hysteresis = false;
  return options;
}

std::string all_remarks(const Result& result) {
  std::string text;
  for (const std::string& remark : result.remarks) text += remark + "\n";
  return text;
}

// Without noise nothing but the prior and the stop of the search (1 % of a time constant) keeps the fit from the truth.
TEST(Recovery, RecordWithoutNoiseGivesTheCellBack) {
  const Truth truth;
  const Record record = hppc(truth, {.noise_V = 0});
  const Result result = fit_cell(std::span(&record, 1), plain());
  ASSERT_EQ(result.pairs.size(), 2u);
  EXPECT_NEAR(result.pairs[0].tau_s, truth.tau1_s, 0.03 * truth.tau1_s);
  EXPECT_NEAR(result.pairs[1].tau_s, truth.tau2_s, 0.03 * truth.tau2_s);
  for (const double soc : {0.2, 0.4, 0.6, 0.8}) {
    EXPECT_NEAR(value_at(result.ocv.soc, result.ocv.value, soc), line(3.2, 4.1, soc), 1e-4);
    EXPECT_NEAR(value_at(result.r0.soc, result.r0.discharge_ohm, soc), line(0.004, 0.003, soc), 3e-5);
    const MapTable& r1 = result.pairs[0].resistance;
    EXPECT_NEAR(value_at(r1.soc, r1.discharge_ohm, soc), line(0.003, 0.002, soc), 6e-5);
  }
  EXPECT_LT(result.records[0].own_rms_V, 2e-5);
}

TEST(Recovery, SlowPairIsToldFromTheOcvWhenRestsAreLong) {
  const Truth truth;
  const Record record = hppc(truth, {.noise_V = 0});
  const Result result = fit_cell(std::span(&record, 1), plain());
  const MapTable& r2 = result.pairs[1].resistance;
  for (const double soc : {0.2, 0.4, 0.6, 0.8})
    EXPECT_NEAR(value_at(r2.soc, r2.discharge_ohm, soc), line(0.004, 0.003, soc), 2e-4) << soc;
}

TEST(Recovery, RecordsInAnotherOrderGiveTheSameCell) {
  const Truth truth{.entropy_V_per_K = 1e-4, .rate_activation_J_per_mol = 20000, .warm_factor = 0.8};
  const std::vector<Record> records{hppc(truth, {.temperature_degC = 10, .seed = 1}),
                                    hppc(truth, {.temperature_degC = 25, .seed = 2}),
                                    hppc(truth, {.temperature_degC = 40, .seed = 3})};
  const std::vector<Record> others{records[2], records[0], records[1]};
  const Result a = fit_cell(records, plain()), b = fit_cell(others, plain());
  EXPECT_EQ(a.r0.temperature_degC, b.r0.temperature_degC);
  // Sums in another order differ in their last bits, which the search may turn into its stopping width of 1 %.
  EXPECT_NEAR(a.pairs[1].tau_s, b.pairs[1].tau_s, 0.01 * a.pairs[1].tau_s);
  for (std::size_t i = 0; i < a.r0.discharge_ohm.size(); ++i)
    EXPECT_NEAR(a.r0.discharge_ohm[i], b.r0.discharge_ohm[i], 1e-5) << i;
  EXPECT_EQ(a.records[0].name, "synthetic");
  EXPECT_NEAR(a.records[0].own_rms_V, b.records[1].own_rms_V, 1e-6);
}

TEST(Recovery, SameRecordsGiveTheSameBits) {
  const Record record = hppc({}, {});
  const Result a = fit_cell(std::span(&record, 1), plain()), b = fit_cell(std::span(&record, 1), plain());
  EXPECT_EQ(a.ocv.value, b.ocv.value);
  EXPECT_EQ(a.ocv.sigma, b.ocv.sigma);
  EXPECT_EQ(a.pairs[0].tau_s, b.pairs[0].tau_s);
  EXPECT_EQ(a.r0.discharge_sigma_ohm, b.r0.discharge_sigma_ohm);
}

TEST(Recovery, TemperatureEffectsAreFoundApart) {
  const Truth truth{.entropy_V_per_K = 1e-4, .rate_activation_J_per_mol = 20000, .warm_factor = 0.8};
  const std::vector<Record> records{hppc(truth, {.temperature_degC = 10, .noise_V = 0.0002, .seed = 1}),
                                    hppc(truth, {.temperature_degC = 25, .noise_V = 0.0002, .seed = 2}),
                                    hppc(truth, {.temperature_degC = 40, .noise_V = 0.0002, .seed = 3})};
  const Result result = fit_cell(records, plain());
  EXPECT_NEAR(result.rate_activation_J_per_mol, 20000, 1500);
  ASSERT_EQ(result.r0.temperature_degC, (std::vector<double>{10, 25, 40}));
  const std::size_t middle = result.r0.soc.size() / 2;
  const double soc = result.r0.soc[middle];
  EXPECT_NEAR(result.r0.discharge_ohm[middle * 3], line(0.004, 0.003, soc) / 0.8, 6e-5);
  EXPECT_NEAR(result.r0.discharge_ohm[middle * 3 + 2], line(0.004, 0.003, soc) * 0.8, 6e-5);
  EXPECT_NEAR(value_at(result.entropy.soc, result.entropy.value, 0.5), 1e-4, 5e-5);
}

TEST(Recovery, DirectionsAreFoundApart) {
  const Truth truth{.charge_factor = 1.3};
  const Record record = hppc(truth, {.noise_V = 0.0002});
  Options options = plain();
  options.by_direction = true;
  const Result result = fit_cell(std::span(&record, 1), options);
  const std::size_t middle = result.r0.soc.size() / 2;
  EXPECT_NEAR(result.r0.charge_ohm[middle] / result.r0.discharge_ohm[middle], 1.3, 0.03);
}

TEST(Recovery, HysteresisThatIsNotThereIsNotReported) {
  const Record record = hppc({}, {.noise_V = 0.0002});
  Options options = plain();
  options.hysteresis = true;
  EXPECT_THAT(fit_cell(std::span(&record, 1), options).hysteresis.soc, IsEmpty());
}

TEST(Remarks, PairThatTheCellHasNotIsNotIdentified) {
  const Truth truth{.r2_empty_ohm = 0, .r2_full_ohm = 0};
  const Record record = hppc(truth, {});
  EXPECT_THAT(all_remarks(fit_cell(std::span(&record, 1), plain())), HasSubstr("not identified"));
}

TEST(Remarks, SocThatNoRecordReachesIsSaid) {
  const Record record = hppc({}, {.lowest_soc = 0.5});
  EXPECT_THAT(all_remarks(fit_cell(std::span(&record, 1), plain())), HasSubstr("No record goes below 5"));
}

TEST(Remarks, GoodRecordLeavesNoneInTheMiddle) {
  const Record record = hppc({}, {.noise_V = 0.0001});
  EXPECT_THAT(all_remarks(fit_cell(std::span(&record, 1), plain())), Not(HasSubstr("40.")));
}

}  // namespace
}  // namespace packbench::models::fit
