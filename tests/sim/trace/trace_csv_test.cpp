#include <gmock/gmock.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "tests/sim/trace/example_trace.h"

namespace packbench::sim {
namespace {

std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> fields;
    std::istringstream parts(line + ",");
    for (std::string field; std::getline(parts, field, ',');) fields.push_back(field);
    rows.push_back(fields);
  }
  return rows;
}

class TraceCsv : public testing::Test {
 protected:
  std::vector<std::vector<std::string>> written(int rows) {
    Trace trace(layout, folder.path(), "run", {});
    test::append_example(trace, layout, rows);
    trace.finish();
    return read_csv(trace.csv_file());
  }
  const SignalLayout layout{15, 4};
  test::TemporaryFolder folder;
};

TEST_F(TraceCsv, HeaderNamesSignalElementAndUnit) {
  const auto header = written(1).front();
  EXPECT_EQ(header.size(), static_cast<std::size_t>(layout.size()) + 1);
  EXPECT_EQ(header[0], "time [s]");
  EXPECT_EQ(header[1], "truth.cell_voltage[1] [V]");
  EXPECT_THAT(header, testing::IsSupersetOf({"truth.cell_voltage[15] [V]", "truth.soc [1]", "api.age [s]"}));
}

TEST_F(TraceCsv, EveryFieldReadsBackToTheSameDouble) {
  const auto rows = written(700);
  ASSERT_EQ(rows.size(), 701u);
  for (int row = 0; row < 700; ++row) {
    const auto values = test::example_row(layout, row);
    const auto& fields = rows[static_cast<std::size_t>(row) + 1];
    ASSERT_EQ(fields.size(), values.size() + 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string& text = fields[i + 1];
      if (std::isnan(values[i])) {
        ASSERT_EQ(text, "") << "row " << row << " column " << i;
        continue;
      }
      double back = -1;
      std::from_chars(text.data(), text.data() + text.size(), back);
      ASSERT_EQ(back, values[i]) << "row " << row << " column " << i;
    }
  }
}

TEST_F(TraceCsv, TimesAreShort) {
  const auto rows = written(4);
  EXPECT_EQ(rows[4][0], "0.3") << "and not 0.30000000000000004";
}

TEST_F(TraceCsv, TheLongestDoublesFit) {
  Trace trace(layout, folder.path(), "run", {});
  const double longest = -2.2250738585072014e-308;
  trace.append(0, std::vector<double>(static_cast<std::size_t>(layout.size()), longest));
  trace.finish();
  const auto rows = read_csv(trace.csv_file());
  for (const std::string& field : rows[1]) {
    EXPECT_THAT(field, testing::AnyOf("0", "-2.2250738585072014e-308"));
  }
}

}  // namespace
}  // namespace packbench::sim
