#include "sim/language/cell_tables.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;

struct Field {
  std::string text;
  int column = 1;  // of its first character, from 1
};

struct Row {
  int line = 0;
  std::vector<Field> fields;
};

class Table {
 public:
  Table(fs::path file, Problems& problems) : file_(std::move(file)), problems_(problems) { read(); }

  bool usable() const { return usable_ && header_.fields.size() >= 2; }
  std::size_t columns() const { return header_.fields.size(); }
  const std::string& title(std::size_t column) const { return header_.fields[column].text; }
  const std::vector<Row>& rows() const { return rows_; }

  void complain(const Row& row, std::size_t column, std::string what, std::string expected) {
    usable_ = false;
    const int at = column < row.fields.size() ? row.fields[column].column : 1;
    problems_.push_back({{file_.string(), row.line, at}, "", std::move(what), std::move(expected)});
  }
  void complain_header(std::size_t column, std::string what, std::string expected) {
    complain(header_, column, std::move(what), std::move(expected));
  }

  // All numbers of one column; a cell that is not a finite number is a problem.
  std::vector<double> numbers(std::size_t column) {
    std::vector<double> values;
    for (const Row& row : rows_) values.push_back(number(row, column));
    return values;
  }

 private:
  static Row split(std::string_view text, int line) {
    Row row{line, {}};
    std::size_t from = 0;
    while (true) {
      const std::size_t comma = text.find(',', from);
      const std::string_view raw = text.substr(from, comma == std::string_view::npos ? comma : comma - from);
      const std::size_t start = std::min(raw.find_first_not_of(" \t"), raw.size());
      const std::size_t end = raw.find_last_not_of(" \t");
      row.fields.push_back({std::string(start < raw.size() ? raw.substr(start, end - start + 1) : ""),
                            static_cast<int>(from + start) + 1});
      if (comma == std::string_view::npos) return row;
      from = comma + 1;
    }
  }

  void read() {
    std::ifstream input(file_, std::ios::binary);
    std::string text;
    for (int line = 1; std::getline(input, text); ++line) {
      if (!text.empty() && text.back() == '\r') text.pop_back();
      if (line == 1 && text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
      if (text.empty()) continue;
      if (header_.line == 0)
        header_ = split(text, line);
      else
        add(split(text, line));
    }
    if (input.bad() || !input.is_open())
      complain(Row{0, {}}, 0, "the file cannot be read", "a readable CSV file");
    else if (rows_.size() < 2)
      complain(Row{1, {}}, 0, "the table has fewer than two rows", "a header and at least two rows");
  }

  void add(Row row) {
    if (row.fields.size() == header_.fields.size()) return rows_.push_back(std::move(row));
    const std::string found = std::to_string(row.fields.size());
    complain(row, 0, "the row has " + found + " columns", std::to_string(header_.fields.size()) + " as in the header");
  }

  double number(const Row& row, std::size_t column) {
    const std::string& text = row.fields[column].text;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value)) return value;
    complain(row, column, "'" + text + "' is not a number", "a decimal number");
    return 0;
  }

  fs::path file_;
  Problems& problems_;
  Row header_;
  std::vector<Row> rows_;
  bool usable_ = true;
};

std::vector<double> soc_column(Table& table) {
  std::vector<double> soc = table.numbers(0);
  for (std::size_t i = 1; i < soc.size(); ++i) {
    if (!(soc[i] > soc[i - 1])) table.complain(table.rows()[i], 0, "the SOC does not rise", "strictly rising SOC");
  }
  if (!soc.empty() && soc.front() != 0.0)
    table.complain(table.rows().front(), 0, "the first SOC is not 0", "SOC from 0 to 1");
  if (!soc.empty() && soc.back() != 1.0)
    table.complain(table.rows().back(), 0, "the last SOC is not 1", "SOC from 0 to 1");
  return soc;
}

models::Curve read_curve(const fs::path& file, Problems& problems) {
  Table table(file, problems);
  if (!table.usable()) return {};
  if (table.columns() != 2) table.complain_header(0, "the table does not have two columns", "SOC and one value");
  models::Curve curve{soc_column(table), {}};
  curve.value = table.numbers(1);
  return curve;
}

// "R_Ch(T=25)" is {charge, 25}.
struct ResistanceColumn {
  bool known = false;
  bool charge = false;
  double temperature_degC = 0;
};

ResistanceColumn resistance_column(std::string_view title) {
  const bool charge = title.starts_with("R_Ch(T=");
  if ((!charge && !title.starts_with("R_DCh(T=")) || !title.ends_with(')')) return {};
  title.remove_prefix(title.find('=') + 1);
  title.remove_suffix(1);
  double degC = 0;
  const auto [end, error] = std::from_chars(title.data(), title.data() + title.size(), degC);
  return {error == std::errc() && end == title.data() + title.size(), charge, degC};
}

struct ResistanceLayout {
  std::vector<double> charge_degC, discharge_degC;
  std::vector<std::size_t> charge_columns, discharge_columns;
};

ResistanceLayout resistance_layout(Table& table) {
  ResistanceLayout layout;
  for (std::size_t column = 2; column < table.columns(); ++column) {
    const ResistanceColumn meaning = resistance_column(table.title(column));
    if (!meaning.known) {
      table.complain_header(column, "unknown column '" + table.title(column) + "'", "R_Ch(T=25) or R_DCh(T=25)");
      continue;
    }
    (meaning.charge ? layout.charge_degC : layout.discharge_degC).push_back(meaning.temperature_degC);
    (meaning.charge ? layout.charge_columns : layout.discharge_columns).push_back(column);
  }
  if (layout.charge_degC.empty() || layout.charge_degC != layout.discharge_degC) {
    table.complain_header(0, "charge and discharge are not given at the same temperatures",
                          "R_Ch and R_DCh columns with the same temperatures in the same order");
  }
  return layout;
}

// The Temp column lists the temperatures of the header's columns, from the first row on; the rest is empty.
void check_temperatures(Table& table, const std::vector<double>& expected_degC) {
  for (std::size_t i = 0; i < std::min(expected_degC.size(), table.rows().size()); ++i) {
    const std::string& text = table.rows()[i].fields[1].text;
    double degC = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), degC);
    if (error == std::errc() && end == text.data() + text.size() && degC == expected_degC[i]) continue;
    table.complain(table.rows()[i], 1, "the temperature '" + text + "' differs from the header",
                   "the temperatures of the R_Ch columns in their order, one per row");
  }
}

std::vector<double> matrix(Table& table, const std::vector<std::size_t>& columns) {
  std::vector<double> values(table.rows().size() * columns.size());
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const std::vector<double> column = table.numbers(columns[j]);
    for (std::size_t i = 0; i < column.size(); ++i) values[i * columns.size() + j] = column[i];
  }
  return values;
}

models::ResistanceMap read_resistance(const fs::path& file, Problems& problems) {
  Table table(file, problems);
  if (!table.usable()) return {};
  const ResistanceLayout layout = resistance_layout(table);
  if (!table.usable()) return {};
  check_temperatures(table, layout.charge_degC);
  models::ResistanceMap map{soc_column(table), layout.charge_degC, {}, {}};
  map.charge_ohm = matrix(table, layout.charge_columns);
  map.discharge_ohm = matrix(table, layout.discharge_columns);
  return map;
}

void complain_about(const fs::path& folder, std::string what, std::string expected, Problems& problems) {
  problems.push_back({{folder.string(), 0, 0}, "", std::move(what), std::move(expected)});
}

// The one file of the folder whose name ends in `ending`.
std::optional<fs::path> find_table(const fs::path& folder, const std::string& ending, bool required,
                                   Problems& problems) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with(ending)) found.push_back(entry.path());
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1)
    complain_about(folder, "several files end in '" + ending + "'", "one", problems);
  else if (required)
    complain_about(folder, "no file ends in '" + ending + "'", "a table of this kind", problems);
  return std::nullopt;
}

models::ResistanceMap share_of(models::ResistanceMap map, double share) {
  for (auto* ohms : {&map.charge_ohm, &map.discharge_ohm}) {
    for (double& ohm : *ohms) ohm *= share;
  }
  return map;
}

models::CellParameters read_tables(const fs::path& folder, const ResistanceShares& shares, Problems& problems) {
  models::CellParameters cell;
  if (const auto file = find_table(folder, "OCV.csv", true, problems)) cell.ocv_V = read_curve(*file, problems);
  if (const auto file = find_table(folder, "Rint.csv", true, problems)) {
    const models::ResistanceMap total = read_resistance(*file, problems);
    cell.r0 = share_of(total, shares.r0);
    cell.pairs = {{share_of(total, shares.first), shares.tau1_s}, {share_of(total, shares.second), shares.tau2_s}};
  }
  if (const auto file = find_table(folder, "HystV.csv", false, problems))
    cell.hysteresis_V = read_curve(*file, problems);
  if (const auto file = find_table(folder, "entropy.csv", false, problems)) {
    cell.entropy_V_per_K = read_curve(*file, problems);
  }
  return cell;
}

}  // namespace

std::optional<models::CellParameters> read_cell_tables(const fs::path& folder, double measured_capacity_Ah,
                                                       double capacity_Ah, Problems& problems,
                                                       const ResistanceShares& shares) {
  const std::size_t before = problems.size();
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    complain_about(folder, "there is no such folder of cell tables", "a folder with *OCV.csv and *Rint.csv", problems);
    return std::nullopt;
  }
  models::CellParameters cell = read_tables(folder, shares, problems);
  if (problems.size() > before) return std::nullopt;
  try {
    cell.capacity_Ah = measured_capacity_Ah;
    cell = models::scaled_to(std::move(cell), capacity_Ah);
    models::validate(cell);
  } catch (const std::invalid_argument& complaint) {
    complain_about(folder, complaint.what(), "tables of a real cell", problems);
    return std::nullopt;
  }
  return cell;
}

}  // namespace packbench::sim
