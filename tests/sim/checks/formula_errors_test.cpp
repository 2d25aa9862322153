// What a test engineer reads when a formula is wrong: column, what, expected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {
namespace {

struct Case {
  std::string text;
  int column;
  std::string what;
  std::string expected;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.text; }

class FormulaErrors : public testing::TestWithParam<Case> {};

TEST_P(FormulaErrors, NameColumnMistakeAndExpectation) {
  const auto result = parse_formula(GetParam().text, small_symbols());
  const auto* errors = std::get_if<std::vector<ExpressionError>>(&result);
  ASSERT_NE(errors, nullptr);
  ASSERT_EQ(errors->size(), 1U);
  EXPECT_EQ(errors->front().column, GetParam().column);
  EXPECT_EQ(errors->front().what, GetParam().what);
  EXPECT_EQ(errors->front().expected, GetParam().expected);
}

const std::string kOperand = "a signal, a quantity, a function or '('";
const std::string kName = "a signal such as truth.pack_current, a quantity or a function";

INSTANTIATE_TEST_SUITE_P(
    Units, FormulaErrors,
    testing::Values(
        Case{"truth.pack_current > 3 V", 22,
             "'truth.pack_current' is a current (A) and cannot be compared with a voltage (V)", "a value in A"},
        Case{"max(truth.cell_temperature) - 20 degC > 3 degC", 41,
             "'max(truth.cell_temperature) - 20 degC' is a temperature difference (K) and cannot be compared with a "
             "temperature (degC)",
             "a value in K"},
        Case{"truth.soc > 3 A", 13, "'truth.soc' is a plain number and cannot be compared with a current (A)",
             "a value in % or without a unit"},
        Case{"truth.cell_temperature[1] + 20 degC > 3 degC", 1,
             "a temperature (degC) cannot be added to a temperature (degC)",
             "a difference of two temperatures, which is in K"},
        Case{"truth.soc + 1 V > 3", 1, "a plain number cannot be added to a voltage (V)",
             "two quantities of the same kind"},
        Case{"truth.cell_temperature[1] * 2 > 3 degC", 1, "a temperature (degC) cannot be multiplied by a plain number",
             "a difference in K, since a temperature in degC is not a size"},
        Case{"truth.pack_voltage * truth.pack_voltage > 3", 1, "a voltage (V) cannot be multiplied by a voltage (V)",
             "quantities whose product or quotient has a unit of this language"},
        Case{"abs(truth.cell_temperature[1]) > 3 K", 5, "the size of a temperature in degC has no meaning",
             "a difference in K, such as abs(a - b)"},
        Case{"-truth.cell_temperature[1] > 3 K", 2, "the negative of a temperature in degC has no meaning",
             "a difference in K"},
        Case{"sum(truth.cell_temperature) > 3 K", 5, "a sum of temperatures in degC has no meaning",
             "mean(...), min(...) or max(...)"},
        Case{"rate(truth.heat) > 3", 6, "there is no unit for the rate of a power (W)",
             "delta(...), or the rate of a voltage, current, temperature or plain number"},
        Case{"truth.pack_current > 5 volts", 22, "unknown unit 'volts'", "V, mV, uV, kV"},
        Case{"truth.pack_current > 0.5 C", 22,
             "the C-rate '0.5 C' needs the capacity of a pack, which is not known here", "a current in A"},
        Case{"truth.soc > 3 % for 2 V", 21, "'2 V' is not a duration that can be used here",
             "a time above 0 s and up to 24 h, such as 2 s"},
        Case{"delta(truth.soc, 25 h) > 3 %", 18, "'25 h' is not a duration that can be used here",
             "a time above 0 s and up to 24 h, such as 2 s"},
        Case{"max(truth.soc, truth.heat) > 3", 16, "max() mixes a plain number with a power (W)",
             "arguments of the same kind"}));

INSTANTIATE_TEST_SUITE_P(
    Shapes, FormulaErrors,
    testing::Values(
        Case{"truth.cell_voltage > 3 V", 1, "'truth.cell_voltage' has 3 values where one is compared",
             "one number, such as max(truth.cell_voltage), min(truth.cell_voltage) or one element as in "
             "truth.cell_voltage[1]"},
        Case{"abs(truth.cell_voltage - 3 V) < 1 V", 1,
             "'abs(truth.cell_voltage - 3 V)' has 3 values where one is compared",
             "one number, as max(...) or min(...) of it"},
        Case{"truth.cell_voltage[4] > 3 V", 20, "element 4 does not exist", "a whole number from 1 to 3"},
        Case{"truth.cell_voltage[0] > 3 V", 20, "element 0 does not exist", "a whole number from 1 to 3"},
        Case{"truth.cell_voltage[1.5] > 3 V", 20, "element 1.5 does not exist", "a whole number from 1 to 3"},
        Case{"truth.soc[1] > 3", 1, "only a signal with several values has elements",
             "a signal such as truth.cell_voltage[8]"},
        Case{"max(truth.cell_temperature - sensed.temperature) > 3 K", 5,
             "'truth.cell_temperature' has 3 elements and 'sensed.temperature' has 2", "arrays of the same length"},
        Case{"device.balancing == on", 1, "'device.balancing' has 3 values where one is compared",
             "one number, such as max(device.balancing), min(device.balancing) or one element as in "
             "device.balancing[1]"}));

INSTANTIATE_TEST_SUITE_P(
    Names, FormulaErrors,
    testing::Values(
        Case{"truth.pack_curent > 3 A", 1, "unknown name 'truth.pack_curent'", "did you mean 'truth.pack_current'?"},
        Case{"trhut.pack_current > 3 A", 1, "unknown name 'trhut.pack_current'", "did you mean 'truth.pack_current'?"},
        Case{"pack_current > 3 A", 1, "unknown name 'pack_current'", "did you mean 'truth.pack_current'?"},
        Case{"max(truth.cell_voltage) > bms.cell_ov.tripp", 27, "unknown name 'bms.cell_ov.tripp'",
             "did you mean 'bms.cell_ov.trip'?"},
        Case{"frobnicate > 3", 1, "unknown name 'frobnicate'", kName},
        Case{"some.thing > 3", 1, "unknown name 'some.thing'",
             "a signal such as truth.pack_current ('packbench list --signals' shows all)"},
        Case{"truth.soc == CHARGING", 14, "'CHARGING' is a word where a number is needed", kName},
        Case{"foo(3) > 2", 1, "unknown function 'foo'",
             "min, max, sum, mean, abs, delta, rate, opens, closes or changes"},
        Case{"truth.main_contactor == opne", 25, "'opne' is not a word of 'truth.main_contactor'",
             "one of open, closed; did you mean 'open'?"},
        Case{"truth.main_contactor == on", 25, "'on' is not a word of 'truth.main_contactor'", "one of open, closed"},
        Case{"device.faults contains cell_ovv", 24, "'cell_ovv' is not a word of 'device.faults'",
             "did you mean 'cell_ov'?"},
        Case{"device.state contains FAULT", 1, "'device.state' is a coded word, not a set of words",
             "a set: device.faults, device.warnings or device.latched_faults"},
        Case{"device.faults == cell_ov", 1, "'device.faults' is a set of words and cannot be compared",
             "'contains' and a word"},
        Case{"device.state > INIT", 14, "'device.state' is a coded word and has no order", "== or !="},
        Case{"device.state == 3", 17, "'3' is a plain number and cannot be compared with 'device.state'",
             "one of INIT, STANDBY, PRECHARGE, IDLE, DISCHARGING, CHARGING, BALANCING, FULL, FAULT, FAULT_LATCHED, "
             "SLEEP, SHUTDOWN, UPDATE"},
        Case{"opens(device.state)", 7, "'device.state' is not a contactor",
             "a contactor such as truth.main_contactor"}));

INSTANTIATE_TEST_SUITE_P(
    Syntax, FormulaErrors,
    testing::Values(Case{"", 1, "the formula ends too early", "a formula such as truth.pack_current <= 0.2 A"},
                    Case{"truth.soc >", 12, "the formula ends too early", kOperand},
                    Case{"(truth.soc > 3", 15, "the formula ends too early", "')'"},
                    Case{"truth.soc > 3)", 14, "unexpected ')'", "an operator, 'and', 'or', 'for' or the end"},
                    Case{"truth.soc = 3", 11, "unexpected '='", "'=='"},
                    Case{"truth.soc > 3 && truth.soc < 4", 15, "unexpected '&&'", "'and'"},
                    Case{"truth.soc > 3 || truth.soc < 4", 15, "unexpected '||'", "'or'"},
                    Case{"!(truth.soc > 3)", 1, "unexpected '!'", "'not'"},
                    Case{"3 V < max(truth.cell_voltage) < 4 V", 31, "unexpected '<'",
                         "'and' between two comparisons, since they cannot be chained"},
                    Case{"truth.soc > 3 and", 18, "the formula ends too early", kOperand},
                    Case{"min() > 3", 5, "unexpected ')'", kOperand},
                    Case{"abs(truth.soc, 3) > 3", 1, "abs() has 2 arguments", "one number"},
                    Case{"delta(truth.soc, 1 s, 3) > 3", 1, "delta() has 3 arguments",
                         "a number and a duration, as in delta(truth.soc, 1 s)"},
                    Case{"truth.cell_voltage[] > 3 V", 20, "unexpected ']'",
                         "the number of a cell or sensor, counted from 1"},
                    Case{"device.faults contains 3", 24, "unexpected '3'", "a word, such as cell_ov"},
                    Case{"truth.pack_current > 2 Ω", 22, "unknown unit 'Ω'", "ohm, mohm, uohm, kohm, Mohm"}));

INSTANTIATE_TEST_SUITE_P(
    Kinds, FormulaErrors,
    testing::Values(
        Case{"truth.soc", 1, "'truth.soc' is a plain number where true or false is needed",
             "a comparison with <, <=, >, >=, == or !="},
        Case{"device.state", 1, "'device.state' is a coded word where true or false is needed",
             "a comparison such as device.state == INIT"},
        Case{"device.faults", 1, "'device.faults' is a set of words where true or false is needed",
             "'contains' and a word, such as device.faults contains cell_ov"},
        Case{"(truth.soc > 3) + 2 > 1", 2, "'truth.soc > 3' is true or false where a number is needed", "a number"},
        Case{"device.state + 2 > 1", 1, "'device.state' is a coded word where a number is needed", "a number"}));

TEST(FormulaErrors, AllMistakesOfNamesAndUnitsAreReportedAtOnceByColumn) {
  const auto result =
      parse_formula("truth.pack_voltage > 3 A and truth.socc > 3 and device.state == IDEL", small_symbols());
  const auto& errors = std::get<std::vector<ExpressionError>>(result);
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[0].column, 22);
  EXPECT_EQ(errors[1].column, 30);
  EXPECT_EQ(errors[2].column, 65);
}

TEST(FormulaErrors, ASyntaxErrorEndsTheSearchAndKeepsWhatWasFound) {
  const auto result =
      parse_formula("truth.pack_current > 2 volts and truth.soc = 3 and truth.socc > 3", small_symbols());
  const auto& errors = std::get<std::vector<ExpressionError>>(result);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].what, "unknown unit 'volts'");
  EXPECT_EQ(errors[1].what, "unexpected '='");
}

TEST(FormulaErrors, OneMistakeGivesOneMessageHoweverMuchIsBuiltOnIt) {
  const auto result = parse_formula("max(abs(truth.cell_volage - 3 V)) > 3 A for 2 s", small_symbols());
  EXPECT_EQ(std::get<std::vector<ExpressionError>>(result).size(), 1U);
}

TEST(FormulaErrors, ColumnsCountCharactersNotBytes) {
  const auto result = parse_formula("truth.pack_current > 2 µA and truth.soc > 3 A", small_symbols());
  const auto& errors = std::get<std::vector<ExpressionError>>(result);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[1].column, 43);
}

TEST(FormulaErrors, ASignalThatThePackLacksIsNamed) {
  const auto result = parse_formula("max(sensed.temperature) > 3 degC", SymbolTable{SignalLayout(3, 0)});
  const auto& errors = std::get<std::vector<ExpressionError>>(result);
  EXPECT_EQ(errors[0].what, "'sensed.temperature' has no values, since this pack has no temperature sensors");
}

}  // namespace
}  // namespace packbench::sim::test
