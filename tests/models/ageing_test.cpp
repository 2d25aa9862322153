#include "models/ageing.h"

#include <gtest/gtest.h>

#include <cmath>

namespace packbench::models {
namespace {

constexpr double kYear_s = 365.25 * 86400;

// Stored at held conditions for `time_s` in calls of dt_s.
CellAge stored(const AgeingParameters& ageing, double degC, double soc, double time_s, double dt_s) {
  CellAge age;
  age.turn_soc = age.furthest_soc = soc;
  for (int i = 0; i < static_cast<int>(time_s / dt_s + 0.5); ++i) advance_age(age, ageing, degC, soc, 0, 3, dt_s);
  return age;
}

// Cycled between two SOC at one current, ending with the turn that closes the last half-cycle.
CellAge cycled(const AgeingParameters& ageing, double low, double high, double rate_C, int cycles, double dt_s = 10) {
  const double capacity_Ah = 3;
  CellAge age;
  age.turn_soc = age.furthest_soc = low;
  double soc = low;
  for (int half = 0; half <= 2 * cycles; ++half) {
    const double current_A = (half % 2 == 0 ? 1 : -1) * rate_C * capacity_Ah;
    const double end = half == 2 * cycles ? low + 2 * kTurningBand_soc + rate_C / 60 : half % 2 == 0 ? high : low;
    const double step = rate_C * dt_s / 3600;
    const auto steps = std::lround(std::abs(end - soc) / step);
    for (long i = 0; i < steps; ++i) {
      soc += current_A > 0 ? step : -step;
      advance_age(age, ageing, 25, soc, current_A, capacity_Ah, dt_s);
    }
  }
  return age;
}

TEST(CalendarAgeing, AtHeldConditionsLossIsTheRootOfTimeAndRiseIsLinear) {
  const AgeingParameters sony = naumann_sony_us26650();
  // By hand from Naumann et al. (2018): 25 degC, SOC 1, one year.
  const double loss = 1.2571e-5 * (2.8575 * 0.125 + 0.60225) * std::sqrt(kYear_s);
  const double rise = 3.4194e-10 * (-3.3903 * 0.25 + 1.5604) * kYear_s;
  const CellAge age = stored(sony, 25, 1, kYear_s, 600);
  EXPECT_NEAR(age.lost_share(), loss, 1e-9);
  EXPECT_NEAR(age.resistance_rise, rise, 1e-9);
  EXPECT_NEAR(loss, 0.068, 0.001);  // the order of the paper's figures: some percent in a year
}

TEST(CalendarAgeing, HeatActsByTheArrheniusRatio) {
  const AgeingParameters sony = naumann_sony_us26650();
  const double per_kelvin = 1 / 318.15 - 1 / 298.15;
  const double squares = calendar_loss_square_per_s(sony, 45, 0.5) / calendar_loss_square_per_s(sony, 25, 0.5);
  EXPECT_NEAR(squares, std::exp(-2 * 17126 / 8.31446261815324 * per_kelvin), 1e-12);
  const double rises = calendar_rise_per_s(sony, 45, 0.5) / calendar_rise_per_s(sony, 25, 0.5);
  EXPECT_NEAR(rises, std::exp(-71827 / 8.31446261815324 * per_kelvin), 1e-12);
}

// Going on under a new stress k from the loss reached so far is going on from the virtual time (loss / k)^2.
TEST(CalendarAgeing, ChangingConditionsGoOnFromTheVirtualTime) {
  const AgeingParameters sony = naumann_sony_us26650();
  CellAge age = stored(sony, 25, 0.3, 0.5 * kYear_s, 3600);
  const double warm = std::sqrt(calendar_loss_square_per_s(sony, 40, 0.9));
  const double virtual_s = std::pow(age.lost_share() / warm, 2);
  for (int i = 0; i < 1000; ++i) advance_age(age, sony, 40, 0.9, 0, 3, 3600);
  EXPECT_NEAR(age.lost_share(), warm * std::sqrt(virtual_s + 3.6e6), 1e-12);
}

TEST(CycleAgeing, AtHeldCyclesLossIsTheRootOfCyclesAndRiseIsLinear) {
  AgeingParameters sony = naumann_sony_us26650();
  sony.calendar_loss_per_sqrt_s = sony.calendar_rise_per_s = 0;
  // By hand from Naumann et al. (2020), in percent there: 1C, depth 0.8, 100 cycles of 0.8 full equivalents.
  const double loss = (0.0630 * 1 + 0.0971) * (4.0253 * 0.008 + 1.0923) * std::sqrt(80) / 100;
  const double rise = (-0.0020 * 1 + 0.0021) * (6.8477 * 0.027 + 0.9182) * 80 / 100;
  const CellAge age = cycled(sony, 0.1, 0.9, 1, 100);
  // Turns are seen every 60 s, in which 1C moves 1.7 % SOC: of depth 0.8 that is 2 % in cycles and below 1 % in the
  // law.
  EXPECT_NEAR(age.lost_share(), loss, 0.02 * loss);
  EXPECT_NEAR(age.resistance_rise, rise, 0.03 * rise);
}

TEST(CycleAgeing, HalfCyclesOfOneSizeGiveTheClosedFormInFineSteps) {
  AgeingParameters sony = naumann_sony_us26650();
  sony.calendar_loss_per_sqrt_s = sony.calendar_rise_per_s = 0;
  const double rate_C = 0.1;  // moves 0.17 % SOC in an interval
  const double square = cycle_loss_square_per_cycle(sony, rate_C, 0.5);
  const CellAge age = cycled(sony, 0.25, 0.75, rate_C, 20, 60);
  EXPECT_NEAR(age.cycle_loss_square, 20 * 0.5 * square, 0.005 * 20 * 0.5 * square);
}

TEST(CycleAgeing, SwingsSmallerThanTheTurningBandCountInTheHalfCycleAroundThem) {
  AgeingParameters sony = naumann_sony_us26650();
  sony.calendar_loss_per_sqrt_s = sony.calendar_rise_per_s = 0;
  const auto discharge = [&](double ripple_soc) {
    CellAge age;
    age.turn_soc = age.furthest_soc = 0.9;
    double soc = 0.9;
    for (int i = 0; i < 60; ++i) {  // 0.6 down in all, each minute ending with a swing up
      for (const double change : {-0.01 - ripple_soc, ripple_soc}) {
        soc += change;
        advance_age(age, sony, 25, soc, change * 3 * 60, 3, 60);
      }
    }
    for (int i = 0; i < 5; ++i) advance_age(age, sony, 25, soc += 0.01, 0.01 * 3 * 60, 3, 60);
    return age.cycle_loss_square;
  };
  const double smooth = discharge(0);
  const double rippled = discharge(0.005);
  EXPECT_GT(smooth, 0);
  EXPECT_GT(rippled, 1.8 * smooth);  // twice the charge has moved, at half as much more current in its larger half
}

TEST(Ageing, StepsOfAnyLengthEndAtTheSameAge) {
  const AgeingParameters sony = naumann_sony_us26650();
  const CellAge one = stored(sony, 35, 0.8, 86400, 60);
  for (const double dt_s : {0.5, 1.0, 20.0}) EXPECT_EQ(stored(sony, 35, 0.8, 86400, dt_s), one) << dt_s;
  EXPECT_NEAR(stored(sony, 35, 0.8, 86400, 86400).lost_share(), one.lost_share(), 1e-12);
}

TEST(Ageing, AccelerationIsAsGoodAsTime) {
  AgeingParameters sony = naumann_sony_us26650();
  const double slow = stored(sony, 30, 0.6, 100 * 86400, 600).lost_share();
  sony.acceleration = 100;
  EXPECT_NEAR(stored(sony, 30, 0.6, 86400, 600).lost_share(), slow, 1e-12);
  const double many = cycled(sony, 0.2, 0.8, 0.5, 1).cycle_loss_square;
  sony.acceleration = 1;
  EXPECT_NEAR(cycled(sony, 0.2, 0.8, 0.5, 1).cycle_loss_square * 100, many, 1e-12);
}

TEST(Ageing, NeverImprovesACell) {
  const AgeingParameters sony = naumann_sony_us26650();
  for (double soc = -0.2; soc <= 1.2; soc += 0.05) {
    for (const double degC : {-40.0, 0.0, 25.0, 60.0, 100.0}) {
      EXPECT_GE(calendar_loss_square_per_s(sony, degC, soc), 0);
      EXPECT_GE(calendar_rise_per_s(sony, degC, soc), 0);
    }
    for (const double rate_C : {0.0, 0.5, 1.0, 5.0}) {
      EXPECT_GE(cycle_loss_square_per_cycle(sony, rate_C, soc), 0);
      EXPECT_GE(cycle_rise_per_cycle(sony, rate_C, soc), 0);  // the paper's constants turn negative above 1.05C
    }
  }
}

TEST(Ageing, NothingAgesWithoutConstants) {
  EXPECT_TRUE(ageless(AgeingParameters{}));
  EXPECT_FALSE(ageless(naumann_sony_us26650()));
  const CellAge age = stored(AgeingParameters{}, 60, 1, kYear_s, 3600);
  EXPECT_EQ(age.lost_share(), 0);
  EXPECT_EQ(age.resistance_rise, 0);
}

TEST(Ageing, ConstantsThatAreNoNumbersAreNamed) {
  AgeingParameters ageing = naumann_sony_us26650();
  EXPECT_TRUE(problems_of(ageing).empty());
  ageing.cycle_loss_depth_cubic = std::nan("");
  ageing.acceleration = -1;
  EXPECT_EQ(problems_of(ageing).size(), 2u);
}

}  // namespace
}  // namespace packbench::models
