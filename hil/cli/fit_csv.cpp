#include "hil/cli/fit_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <memory>
#include <string_view>

namespace packbench::hil {
namespace {

using models::fit::Record;

constexpr std::size_t kMostProblems = 5;  // of one file

struct Column {
  std::size_t at = 0;
  double factor = 1;
};

struct Columns {
  std::size_t fields = 0;
  std::optional<Column> time, current, voltage, temperature;
};

struct Line {
  std::size_t number;  // as editors count
  std::vector<std::string_view> fields;
};

struct Sheet {
  std::filesystem::path file;
  std::shared_ptr<const std::string> text;  // what the fields of `lines` point into, wherever the sheet is moved
  std::vector<Line> lines;
  std::optional<Columns> columns;  // of its own title line
};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\"\xef\xbb\xbf";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  for (std::size_t from = 0; from <= line.size();) {
    const std::size_t to = std::min(line.find(separator, from), line.size());
    fields.push_back(trim(line.substr(from, to - from)));
    from = to + 1;
  }
  return fields;
}

char separator_of(std::string_view line) {
  for (const char separator : {'\t', ';'}) {
    if (line.find(separator) != std::string_view::npos) return separator;
  }
  return ',';
}

std::optional<double> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "Current(mA)" -> "current", "ma"; "I/mA", "current_mA" likewise.
struct Title {
  std::string name, unit;
};

Title title_of(std::string_view field) {
  const std::string text = lower(field);
  const auto open = text.find_first_of("([");
  if (open != std::string::npos)
    return {std::string(trim(text.substr(0, open))), text.substr(open + 1, text.find_first_of(")]") - open - 1)};
  const auto mark = text.find_last_of("/_");
  if (mark != std::string::npos && mark > 0)
    return {std::string(trim(text.substr(0, mark))), std::string(trim(text.substr(mark + 1)))};
  return {text, ""};
}

struct Unit {
  const char* name;
  double factor;
};
constexpr std::array kTime{Unit{"", 1},      Unit{"s", 1},    Unit{"sec", 1},
                           Unit{"ms", 1e-3}, Unit{"min", 60}, Unit{"h", 3600}};
constexpr std::array kCurrent{Unit{"", 1}, Unit{"a", 1}, Unit{"ma", 1e-3}};
constexpr std::array kVoltage{Unit{"", 1}, Unit{"v", 1}, Unit{"mv", 1e-3}};
constexpr std::array kTemperature{Unit{"", 1}, Unit{"c", 1}, Unit{"degc", 1}, Unit{"celsius", 1},
                                  Unit{"\xc2\xb0"
                                       "c",
                                       1}};

bool named(const std::string& name, std::initializer_list<std::string_view> begins,
           std::initializer_list<std::string_view> exactly) {
  return std::ranges::any_of(begins, [&](std::string_view begin) { return name.starts_with(begin); }) ||
         std::ranges::find(exactly, name) != exactly.end();
}

template <std::size_t n>
std::optional<Column> column(const Title& title, std::size_t at, const std::array<Unit, n>& units) {
  for (const Unit& unit : units) {
    if (title.unit == unit.name) return Column{at, unit.factor};
  }
  return std::nullopt;
}

void take(std::optional<Column>& into, const std::optional<Column>& found) {
  if (!into) into = found;
}

Columns columns_of(const std::vector<std::string_view>& titles) {
  Columns columns;
  columns.fields = titles.size();
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const Title title = title_of(titles[i]);
    if (named(title.name, {"time", "test time", "test_time", "total time", "elapsed"}, {"t"}))
      take(columns.time, column(title, i, kTime));
    else if (named(title.name, {"current"}, {"i"}))
      take(columns.current, column(title, i, kCurrent));
    else if (named(title.name, {"voltage", "terminal voltage", "cell voltage", "ecell"}, {"v", "u"}))
      take(columns.voltage, column(title, i, kVoltage));
    else if (named(title.name, {"temp", "cell temp", "surface temp"}, {"t_cell"}))
      take(columns.temperature, column(title, i, kTemperature));
  }
  return columns;
}

std::optional<Sheet> read_sheet(const std::filesystem::path& file, std::vector<std::string>& problems) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    problems.push_back(fmt::format("{}: the file cannot be read.", file.string()));
    return std::nullopt;
  }
  Sheet sheet{file,
              std::make_shared<const std::string>(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()),
              {},
              {}};
  const std::string_view text = *sheet.text;
  char separator = 0;
  std::size_t count = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    const std::string_view line = text.substr(from, to - from);
    from = to + 1;
    ++count;
    if (trim(line).empty() || line.starts_with('#')) continue;
    if (separator == 0) separator = separator_of(line);
    sheet.lines.push_back({count, split(line, separator)});
  }
  if (sheet.lines.empty()) {
    problems.push_back(fmt::format("{}: the file holds no line of data.", file.string()));
    return std::nullopt;
  }
  const auto numbers =
      std::ranges::count_if(sheet.lines.front().fields, [](auto field) { return number(field).has_value(); });
  if (numbers < 2) {
    sheet.columns = columns_of(sheet.lines.front().fields);
    sheet.lines.erase(sheet.lines.begin());
  }
  return sheet;
}

// The sheet's own columns, or those of another sheet with as many fields.
std::optional<Columns> columns_for(const Sheet& sheet, const std::vector<Sheet>& all) {
  if (sheet.columns) return sheet.columns;
  for (const Sheet& other : all) {
    if (other.columns && other.columns->fields == sheet.lines.front().fields.size()) return other.columns;
  }
  return std::nullopt;
}

std::string missing(const Columns& columns) {
  std::string text;
  const auto add = [&](const std::optional<Column>& column, const char* name) {
    if (!column) text += (text.empty() ? "" : ", ") + std::string(name);
  };
  add(columns.time, "time in s, ms, min or h");
  add(columns.current, "current in A or mA");
  add(columns.voltage, "voltage in V or mV");
  return text;
}

class SheetReader {
 public:
  SheetReader(const Sheet& sheet, const Columns& columns, std::vector<std::string>& problems)
      : sheet_(sheet), columns_(columns), problems_(problems) {}

  CsvRecord read() {
    CsvRecord result;
    Record& record = result.record;
    record.name = sheet_.file.string();
    double warmth = 0;
    for (const Line& line : sheet_.lines) {
      const double time = value(line, *columns_.time, "time");
      const double current = value(line, *columns_.current, "current");
      const double voltage = value(line, *columns_.voltage, "voltage");
      if (columns_.temperature) warmth += value(line, *columns_.temperature, "temperature");
      if (found_ >= kMostProblems) break;
      record.time_s.push_back(time);
      record.current_A.push_back(current);
      record.voltage_V.push_back(voltage);
    }
    if (columns_.temperature) result.mean_temperature_degC = warmth / static_cast<double>(sheet_.lines.size());
    return result;
  }

 private:
  double value(const Line& line, const Column& column, const char* what) {
    const std::string_view text = column.at < line.fields.size() ? line.fields[column.at] : std::string_view();
    const auto parsed = number(text);
    if (parsed && std::isfinite(*parsed)) return *parsed * column.factor;
    if (found_++ < kMostProblems)
      problems_.push_back(
          fmt::format("{}:{}: the {} '{}' is not a number.", sheet_.file.string(), line.number, what, text));
    return 0;
  }

  const Sheet& sheet_;
  const Columns& columns_;
  std::vector<std::string>& problems_;
  std::size_t found_ = 0;
};

// Positive when the voltage rises with the current.
double agreement(const Record& record) {
  double sum = 0;
  for (std::size_t i = 1; i < record.time_s.size(); ++i)
    sum += (record.current_A[i] - record.current_A[i - 1]) * (record.voltage_V[i] - record.voltage_V[i - 1]);
  return sum;
}

void set_sign(CsvRecord& one, CurrentSign sign) {
  one.turned = sign == CurrentSign::discharge_positive || (sign == CurrentSign::by_data && agreement(one.record) < 0);
  if (!one.turned) return;
  for (double& current : one.record.current_A) current = current == 0 ? 0 : -current;
}

}  // namespace

std::variant<std::vector<CsvRecord>, std::vector<std::string>> read_csv_records(
    const std::vector<std::filesystem::path>& files, CurrentSign sign,
    const std::optional<std::filesystem::path>& titles_from) {
  std::vector<std::string> problems;
  std::vector<Sheet> sheets;
  for (const auto& file : files) {
    if (auto sheet = read_sheet(file, problems)) sheets.push_back(std::move(*sheet));
  }
  std::vector<Sheet> titled = sheets;
  if (titles_from) {
    if (auto sheet = read_sheet(*titles_from, problems)) titled.push_back(std::move(*sheet));
  }
  std::vector<CsvRecord> records;
  for (const Sheet& sheet : sheets) {
    const std::optional<Columns> columns = columns_for(sheet, titled);
    if (!columns)
      problems.push_back(fmt::format(
          "{}: the file has no line of titles, and no other given file with {} columns has "
          "one; add a line such as Time(s),Current(A),Voltage(V), or name a file that has one by --titles-from.",
          sheet.file.string(), sheet.lines.front().fields.size()));
    else if (const std::string what = missing(*columns); !what.empty())
      problems.push_back(fmt::format("{}: no column was found for: {}.", sheet.file.string(), what));
    else {
      records.push_back(SheetReader(sheet, *columns, problems).read());
      set_sign(records.back(), sign);
    }
  }
  if (!problems.empty()) return problems;
  return records;
}

}  // namespace packbench::hil
