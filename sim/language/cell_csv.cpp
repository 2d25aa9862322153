#include "sim/language/cell_csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "sim/language/file_bytes.h"

namespace packbench::sim {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

std::string unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// The lines of a text without their line ends and without a byte order mark.
std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

CellCsv::Row CellCsv::split(std::string_view text, int line) {
  Row row{line, {}};
  for (std::size_t from = 0;;) {
    const std::size_t comma = text.find(',', from);
    const std::string_view raw = text.substr(from, comma == std::string_view::npos ? comma : comma - from);
    const std::size_t indent = std::min(raw.find_first_not_of(" \t"), raw.size());
    row.fields.push_back({unquoted(trimmed(raw)), static_cast<int>(from + indent) + 1});
    if (comma == std::string_view::npos) return row;
    from = comma + 1;
  }
}

std::variant<CellCsv, Problem> CellCsv::read(const std::filesystem::path& file, const Mark& asked_by,
                                             const std::string& path) {
  const auto bytes = read_bytes(file, asked_by, path);
  if (const auto* problem = std::get_if<Problem>(&bytes)) return *problem;
  CellCsv out;
  out.file_ = file.string();
  int number = 0;
  for (std::string_view line : lines_of(std::get<std::string>(bytes))) {
    ++number;
    if (line.starts_with('#') || trimmed(line).empty()) continue;
    Row row = split(line, number);
    if (!out.titles_.empty()) {
      out.rows_.push_back(std::move(row));
      continue;
    }
    for (Field& field : row.fields) out.titles_.push_back(std::move(field.text));
  }
  if (out.rows_.empty())
    return Problem{asked_by, path, "the file '" + out.file_ + "' has no rows of numbers",
                   "expected one line of titles and a row for each point"};
  return out;
}

bool CellCsv::has(const std::string& title) const { return std::ranges::find(titles_, title) != titles_.end(); }

CellCsv::Column CellCsv::column(const std::string& title, const std::string& path, Problems& problems) const {
  const auto at = static_cast<std::size_t>(std::ranges::find(titles_, title) - titles_.begin());
  Column out;
  for (const Row& row : rows_) {
    const bool exists = at < row.fields.size();
    const Mark mark{file_, row.line, exists ? row.fields[at].column : 1};
    const auto value = exists ? number(row.fields[at].text) : std::nullopt;
    if (value) {
      out.values.push_back(*value);
      out.marks.push_back(mark);
    } else if (exists) {
      problems.push_back({mark, path, "'" + row.fields[at].text + "' in the column '" + title + "' is not a number",
                          "expected a decimal number"});
    } else {
      problems.push_back({mark, path, "the row has no column '" + title + "'",
                          "expected " + std::to_string(titles_.size()) + " columns as in the line of titles"});
    }
  }
  return out;
}

}  // namespace packbench::sim
