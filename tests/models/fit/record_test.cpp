#include "models/fit/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/fit/fit.h"
#include "tests/models/fit/synthetic.h"

namespace packbench::models::fit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Record good() { return hppc({}, {}); }

std::string message_of(const Record& record) {
  try {
    fit_cell(std::span(&record, 1), {});
  } catch (const FitError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Record, GoodOneHasNoProblems) { EXPECT_THAT(problems_of(good()), IsEmpty()); }

TEST(Record, TimeThatDoesNotRiseIsRefusedWithItsPlace) {
  Record record = good();
  record.time_s[500] = record.time_s[499];
  EXPECT_THAT(message_of(record), HasSubstr("time does not rise at sample 501"));
}

TEST(Record, ValueThatIsNoNumberIsRefused) {
  Record record = good();
  record.voltage_V[7] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(message_of(record), HasSubstr("not a finite number"));
}

TEST(Record, FewSamplesAreRefused) {
  Record record = good();
  record.time_s.resize(99);
  record.current_A.resize(99);
  record.voltage_V.resize(99);
  EXPECT_THAT(message_of(record), HasSubstr("99 samples are too few"));
}

TEST(Record, ConstantCurrentIsRefused) {
  Record record = good();
  record.current_A.assign(record.current_A.size(), -5.0);
  EXPECT_THAT(message_of(record), HasSubstr("the current never changes"));
}

TEST(Record, VoltageOfAPackIsRefused) {
  Record record = good();
  for (double& voltage : record.voltage_V) voltage *= 15;
  EXPECT_THAT(message_of(record), HasSubstr("one cell is expected"));
}

TEST(Record, UnknownStateOfChargeIsRefused) {
  Record record = good();
  record.start_soc.reset();
  EXPECT_THAT(message_of(record), HasSubstr("no full charge"));
}

TEST(Record, CapacityMustBeAboveZero) {
  const Record record = good();
  Options options;
  options.capacity_Ah = 0;
  EXPECT_THROW(fit_cell(std::span(&record, 1), options), FitError);
}

// Charge at 5 A, taper at 4.2 V to 1 A, rest, discharge at 10 A for 0.1 Ah.
Record charged() {
  Record record;
  record.name = "charged";
  const auto add = [&](double current, double voltage) {
    record.time_s.push_back(static_cast<double>(record.time_s.size() + 1));
    record.current_A.push_back(current);
    record.voltage_V.push_back(voltage);
  };
  for (int i = 0; i < 100; ++i) add(5, 4.0 + 0.002 * i);
  for (int i = 0; i < 50; ++i) add(5 - 0.08 * (i + 1), 4.2);
  for (int i = 0; i < 10; ++i) add(0, 4.19);
  for (int i = 0; i < 36; ++i) add(-10, 4.1);
  return record;
}

TEST(Record, FullIsWhereTheTaperEnds) { EXPECT_THAT(full_charges(charged()), ElementsAre(149u)); }

TEST(Record, PulseUpToTheHighestVoltageIsNoFullCharge) {
  Record record = charged();
  for (std::size_t i = 100; i < 150; ++i) record.current_A[i] = 5;  // no taper
  EXPECT_THAT(full_charges(record), IsEmpty());
}

TEST(Record, ChargeCountsFromFull) {
  const Record record = charged();
  const std::vector<double> charge = charge_from_full_Ah(record, 10);
  EXPECT_DOUBLE_EQ(charge[149], 0);
  EXPECT_NEAR(charge.back(), -0.1, 1e-12);
  EXPECT_LT(charge.front(), -0.1);  // before full: what was still to come
  EXPECT_NEAR(discharged_Ah(record), 0.1, 1e-12);
}

TEST(Record, GivenStartCountsFromTheBegin) {
  Record record = charged();
  record.start_soc = 0.5;
  EXPECT_NEAR(charge_from_full_Ah(record, 10).front(), -5 + 5.0 / 3600, 1e-12);
}

}  // namespace
}  // namespace packbench::models::fit
