// What a formula may say, and what it then means.
#include <gtest/gtest.h>

#include "sim/checks/expression_node.h"
#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {
namespace {

class FormulaGrammar : public testing::TestWithParam<std::string> {};

TEST_P(FormulaGrammar, Accepts) {
  const auto result = parse_formula(GetParam(), small_symbols());
  const auto* errors = std::get_if<std::vector<ExpressionError>>(&result);
  EXPECT_EQ(errors, nullptr) << GetParam() << ": " << (errors != nullptr ? errors->front().what : "");
}

INSTANTIATE_TEST_SUITE_P(
    Formulas, FormulaGrammar,
    testing::Values(
        "max(sensed.cell_voltage) > 3.65 V for 2 s", "truth.pack_current <= 0.2 A",
        "opens(device.charger_contactor) and max(sensed.cell_voltage) < 3.64 V", "abs(device.soc - truth.soc) <= 5 %",
        "abs(device.soc - truth.soc) <= 0.05", "max(abs(device.cell_voltage - truth.cell_voltage)) < 5 mV",
        "device.state == FAULT or device.state == FAULT_LATCHED", "FAULT != device.state",
        "truth.main_contactor == device.main_contactor", "device.faults contains cell_ov",
        "max(sensed.cell_voltage) > bms.cell_ov.trip - 10 mV for bms.cell_ov.delay + 0.1 s",
        "rate(truth.pack_voltage, 1 s) < 0.1 V/s", "rate(truth.pack_current) < 1 A/s",
        "rate(max(truth.cell_temperature), 3 s) <= 1 K/s", "rate(device.soc, 10 s) < 1 % / 1 s",
        "max(abs(delta(truth.cell_voltage, 1 s))) < 1 mV", "max(device.balancing) == off", "sum(device.balancing) <= 7",
        "device.balancing[3] == on", "max(truth.cell_temperature) - min(truth.cell_temperature) < 10 K",
        "max(truth.cell_temperature) + 2 K > 30 degC", "min(sensed.temperature) > -10 degC",
        "truth.pack_current * truth.pack_voltage < 5 kW", "truth.heat / truth.pack_current < 3 V",
        "truth.pack_voltage / truth.pack_current < 3 ohm", "delta(truth.pack_current, 1 s) / 1 s < 3 A/s",
        "truth.pack_current * 1 h < 100 Ah", "not not (truth.soc > 3) and - - 3 < truth.soc", "changes(device.state)",
        "closes(truth.main_contactor) for 1 s", "(truth.soc > 3 for 1 s) or (truth.soc < 2 for 2 s)",
        "mean(truth.cell_voltage) < min(3.6 V, 3.5 V, truth.cell_voltage)", "api.age <= 2 s", "link.crc_errors == 0",
        "2 * truth.soc + 1 > truth.soc * 3 / 2 - 1", "1 > 0"));

TEST(Formula, KeepsItsText) { EXPECT_EQ(parsed(" truth.soc > 3 ").text(), " truth.soc > 3 "); }

TEST(Formula, MultiplicationBindsTighterThanAdditionAndOrLooserThanAnd) {
  const auto one = trace_of(Signal::truth_soc, {1});
  EXPECT_EQ(truths("truth.soc + 2 * 3 == 7", one), "y");
  EXPECT_EQ(truths("(truth.soc + 2) * 3 == 9", one), "y");
  EXPECT_EQ(truths("truth.soc == 1 or truth.soc == 2 and truth.soc == 3", one), "y");
  EXPECT_EQ(truths("not truth.soc == 2 and truth.soc == 2", one), "n");
  EXPECT_EQ(truths("8 / 2 / 2 - 1 - 1 == 0 * truth.soc", one), "y");
}

TEST(Formula, CRatesAreCurrentsOfThePack) {
  SymbolTable symbols = small_symbols();
  symbols.capacity_Ah = 100;
  const auto result = parse_formula("truth.pack_current > 0.5 C", symbols);
  EXPECT_EQ(std::get<Expression>(result).root().children[1]->value, 50.0);
}

TEST(Formula, CurrentTimesTimeIsInAmpereHours) {
  EXPECT_EQ(truths("truth.pack_current * 30 min == 1 Ah", trace_of(Signal::truth_pack_current, {2})), "y");
}

TEST(Formula, ElementsAreCountedFromOne) {
  Frame frame(small_layout());
  for (int i = 0; i < 3; ++i) frame.array(Signal::truth_cell_voltage)[static_cast<std::size_t>(i)] = 3.0 + i;
  const std::vector<Sample> trace{{0, {frame.values().begin(), frame.values().end()}}};
  EXPECT_EQ(truths("truth.cell_voltage[1] == 3 V and truth.cell_voltage[3] == 5 V", trace), "y");
  EXPECT_EQ(truths("max(truth.cell_voltage - min(truth.cell_voltage)) == 2 V", trace), "y");
  EXPECT_EQ(truths("mean(truth.cell_voltage) == 4 V and sum(truth.cell_voltage) == 12 V", trace), "y");
}

TEST(Formula, SetsContainTheWordsOfTheirMask) {
  const double mask = static_cast<double>(1U << *code_of(Vocabulary::fault, "cell_uv"));
  const auto trace = trace_of(Signal::device_faults, {0, mask, kNaN, -1});
  EXPECT_EQ(truths("device.faults contains cell_uv", trace), "ny??");
  EXPECT_EQ(truths("device.faults contains cell_ov", trace), "nn??");
}

TEST(Formula, TheLastWordOfTheFaultVocabularyFitsASet) {
  const auto last = words(Vocabulary::fault).back();
  const double mask = static_cast<double>(std::uint64_t{1} << *code_of(Vocabulary::fault, last));
  EXPECT_EQ(truths("device.faults contains " + std::string(last), trace_of(Signal::device_faults, {mask})), "y");
}

}  // namespace
}  // namespace packbench::sim::test
