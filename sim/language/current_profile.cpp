#include "sim/language/current_profile.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "sim/language/file_bytes.h"

namespace packbench::sim {
namespace {

constexpr std::size_t kMostProblems = 20;  // of one file: a wrong file has one in every line

std::string_view trim(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

class TableReader {
 public:
  explicit TableReader(const std::filesystem::path& file) : file_(file.string()) {}

  void line(std::string_view text) {
    ++line_;
    const std::string_view content = trim(text);
    if (content.empty() || content.front() == '#') return;
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos) return problem(1, "there is no comma", "expected a time and a value");
    const std::string_view first = trim(text.substr(0, comma)), second = trim(text.substr(comma + 1));
    const int second_column = static_cast<int>(comma) + 2;
    const auto time_s = number(first), value = number(second);
    const bool header = !time_s && !value && !seen_content_;
    seen_content_ = true;
    if (header) return;
    if (!time_s) problem(1, "'" + std::string(first) + "' is not a time", "expected seconds as a finite number");
    if (!value) problem(second_column, "'" + std::string(second) + "' is not a value", "expected one finite number");
    if (time_s && !table.time_s.empty() && !(*time_s > table.time_s.back()))
      problem(1, "the time " + std::string(first) + " does not come after the one before it",
              "expected strictly increasing times");
    if (!time_s || !value) return;
    table.time_s.push_back(*time_s);
    table.value.push_back(*value);
  }

  void end() {
    if (problems.empty() && table.time_s.size() < 2)
      problem(1, "the file has " + std::to_string(table.time_s.size()) + " points", "expected at least 2");
  }

  CurrentTable table;
  Problems problems;

 private:
  void problem(int column, std::string what, std::string expected) {
    if (problems.size() < kMostProblems)
      problems.push_back({{file_, line_, column}, "", std::move(what), std::move(expected)});
  }

  std::string file_;
  int line_ = 0;
  bool seen_content_ = false;
};

}  // namespace

std::variant<CurrentTable, Problems> read_current_table(const std::filesystem::path& file, const Mark& asked_by) {
  const auto bytes = read_bytes(file, asked_by);
  if (const auto* problem = std::get_if<Problem>(&bytes)) return Problems{*problem};
  std::string_view rest = std::get<std::string>(bytes);
  TableReader reader(file);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    reader.line(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  reader.end();
  if (!reader.problems.empty()) return reader.problems;
  return std::move(reader.table);
}

}  // namespace packbench::sim
