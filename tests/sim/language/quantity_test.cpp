#include "sim/quantity.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

#include "sim/mark.h"
#include "sim/spelling.h"

namespace packbench::sim {
namespace {

Quantity good(std::string_view text) {
  const auto parsed = parse_quantity(text);
  const auto* quantity = std::get_if<Quantity>(&parsed);
  if (quantity == nullptr) throw std::runtime_error(std::get<std::string>(parsed));
  return *quantity;
}

std::string sentence(std::string_view text) {
  const auto parsed = parse_quantity(text);
  const auto* out = std::get_if<std::string>(&parsed);
  return out == nullptr ? "no problem" : *out;
}

void expect(std::string_view text, double value, Dimension dimension) {
  EXPECT_EQ(good(text).value, value) << text;  // bit for bit: scaling divides or multiplies once
  EXPECT_EQ(good(text).dimension, dimension) << text;
}

TEST(Quantity, UnitsBecomeSi) {
  expect("50 A", 50, Dimension::current);
  expect("3.65V", 3.65, Dimension::voltage);
  expect(" 154 uV ", 154e-6, Dimension::voltage);
  expect("-20 mV", -0.02, Dimension::voltage);
  expect("2 min", 120, Dimension::time);
  expect("1.5 h", 5400, Dimension::time);
  expect("80 %", 0.8, Dimension::one);
  expect("0.8", 0.8, Dimension::one);
  expect("1.0e3 W", 1000, Dimension::power);
  expect("2 kW", 2000, Dimension::power);
  expect("0.5 C", 0.5, Dimension::c_rate);
  expect("25 degC", 25, Dimension::temperature);
  expect("2 K", 2, Dimension::temperature_difference);
  expect("10 mohm", 0.01, Dimension::resistance);
  expect("100 Ah", 100, Dimension::charge);
  expect("1 mV/h", 1 / 3.6e6, Dimension::voltage_rate);
}

TEST(Quantity, SaysWhatIsWrong) {
  EXPECT_EQ(sentence("5 volts"), "unknown unit 'volts' (expected V, mV, uV, kV)");
  EXPECT_EQ(sentence("5 °C"), "unknown unit '°C' (expected degC)");
  EXPECT_EQ(sentence("5 sec"), "unknown unit 'sec' (expected s, ms, us, min, h)");
  EXPECT_EQ(sentence("5 parsec"),
            "unknown unit 'parsec' (expected V, A, W, s, min, h, degC, K, Ah, ohm, C, Hz or %, with a prefix u, m or k "
            "where usual)");
  EXPECT_EQ(sentence("fast"), "'fast' is not a quantity (expected a number and a unit, such as 3.65 V)");
  EXPECT_EQ(sentence(""), "'' is not a quantity (expected a number and a unit, such as 3.65 V)");
  EXPECT_EQ(sentence("nan V"), "'nan V' is not a quantity (expected a number and a unit, such as 3.65 V)");
  EXPECT_EQ(sentence("1e999 V"),
            "'1e999 V' is outside the range of numbers (expected a magnitude between 1e-300 and 1e300)");
}

TEST(Quantity, TextReadsBackToTheSameBits) {
  EXPECT_TRUE(rc::check([](double value, unsigned which) {
    RC_PRE(std::isfinite(value) && (value == 0 || std::abs(value) > 1e-300));
    const Quantity quantity{value,
                            static_cast<Dimension>(which % (static_cast<unsigned>(Dimension::current_rate) + 1))};
    const Quantity back = good(quantity_text(quantity));
    RC_ASSERT(back.value == quantity.value);
    RC_ASSERT(back.dimension == quantity.dimension);
  }));
}

TEST(Quantity, AnyBytesGiveAQuantityOrASentence) {
  EXPECT_TRUE(rc::check([](const std::string& text) { RC_ASSERT(parse_quantity(text).index() < 2); }));
}

TEST(Problem, TextHasPlacePathWhatAndExpected) {
  EXPECT_EQ((Problem{{"a.yaml", 3, 5}, "pack.soc", "'x' is wrong", "expected y"}).text(),
            "a.yaml:3:5: pack.soc: 'x' is wrong (expected y)");
  EXPECT_EQ((Problem{{"a.yaml", 0, 0}, "", "is missing", ""}).text(), "a.yaml: is missing");
}

TEST(Spelling, NearWordsAreSuggestedAndFarOnesAreNot) {
  const std::vector<std::string> known{"charge", "discharge", "rest"};
  EXPECT_EQ(nearest_word("chrage", known), "charge");
  EXPECT_EQ(nearest_word("Rest", known), "rest");
  EXPECT_EQ(nearest_word("power", known), std::nullopt);
  EXPECT_EQ(expected_one_of("chagre", known), "expected one of charge, discharge, rest; did you mean 'charge'?");
}

TEST(Spelling, DistanceIsAMetricUpToSwaps) {
  EXPECT_TRUE(rc::check([](const std::string& a, const std::string& b) {
    RC_ASSERT(edit_distance(a, a) == 0);
    RC_ASSERT(edit_distance(a, b) == edit_distance(b, a));
    RC_ASSERT(edit_distance(a, b) <= static_cast<int>(std::max(a.size(), b.size())));
  }));
}

}  // namespace
}  // namespace packbench::sim
