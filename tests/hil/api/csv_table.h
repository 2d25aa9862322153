// A strict reader of RFC 4180 with a header line: what it does not allow fails the test.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace packbench::hil::api::test {

struct CsvTable {
  explicit CsvTable(std::string_view text) : rest(text) {
    const std::vector<std::string> names = line();
    while (!rest.empty() && !testing::Test::HasFatalFailure()) {
      const std::vector<std::string> cells = line();
      EXPECT_EQ(cells.size(), names.size());
      std::map<std::string, std::string>& row = rows.emplace_back();
      for (std::size_t i = 0; i < std::min(cells.size(), names.size()); ++i) row[names[i]] = cells[i];
      EXPECT_EQ(row.size(), names.size());  // no name twice
    }
  }
  std::vector<std::map<std::string, std::string>> rows;

 private:
  std::vector<std::string> line() {
    std::vector<std::string> cells;
    do cells.push_back(cell());
    while (take(","));
    EXPECT_TRUE(take("\r\n")) << "no end of line at: " << rest.substr(0, 40);
    if (testing::Test::HasFailure()) rest = {};
    return cells;
  }
  std::string cell() {
    if (!take("\"")) {
      const std::string plain(rest.substr(0, rest.find_first_of(",\"\r\n")));
      rest.remove_prefix(plain.size());
      return plain;
    }
    std::string quoted;
    while (!rest.empty()) {
      if (take("\"\"")) {
        quoted.push_back('"');
      } else if (take("\"")) {
        return quoted;
      } else {
        quoted.push_back(rest[0]);
        rest.remove_prefix(1);
      }
    }
    ADD_FAILURE() << "a quote is not closed";
    return quoted;
  }
  bool take(std::string_view what) {
    if (!rest.starts_with(what)) return false;
    rest.remove_prefix(what.size());
    return true;
  }
  std::string_view rest;
};

}  // namespace packbench::hil::api::test
