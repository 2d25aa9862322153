// Every file bad/NAME.yaml gives exactly the problems in bad/NAME.expected, all of them, in order.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "sim/language/scenario_reader.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string problems_of(const fs::path& file) {
  const auto read = read_scenario(file, {}, SCENARIOS_DIR);
  if (std::holds_alternative<Scenario>(read)) return "no problem\n";
  std::string out;
  for (const Problem& problem : std::get<Problems>(read)) out += problem.text() + "\n";
  return replaced(replaced(out, std::string(BAD_DIR) + "/", ""), SCENARIOS_DIR, "SCENARIOS");
}

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(BadFiles, EachSaysAllItsProblemsExactly) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(BAD_DIR)) {
    if (entry.path().extension() != ".yaml") continue;
    ++count;
    const fs::path expected = fs::path(entry.path()).replace_extension(".expected");
    EXPECT_EQ(problems_of(entry.path()), content(expected)) << entry.path();
  }
  EXPECT_GE(count, 18);
}

}  // namespace
}  // namespace packbench::sim
