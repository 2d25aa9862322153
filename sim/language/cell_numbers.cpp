#include "sim/language/cell_numbers.h"

#include <charconv>
#include <cmath>

#include "sim/language/cell_csv.h"
#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

// Where numbers of a CSV file are taken from.
struct CsvSource {
  std::string file;
  std::vector<std::string> columns;
  double scale = 1;
};

const FieldTable<CsvSource>& one_column_fields() {
  static const auto one = [](CsvSource& source, std::string title) { source.columns = {std::move(title)}; };
  static const FieldTable<CsvSource> table{
      "numbers of a file",
      {field<CsvSource>("file", Text{"a CSV file beside this one"}, &CsvSource::file, "CSV file beside this one",
                        Need::required),
       field<CsvSource>("column", Text{"the title of a column"}, one, "title of the column", Need::required),
       field<CsvSource>("scale", number(-1e12, 1e12), &CsvSource::scale, "factor to the unit of the key")},
      {},
      {}};
  return table;
}

const FieldTable<CsvSource>& many_columns_fields() {
  static const FieldTable<CsvSource> table{
      "rows of a file",
      {field<CsvSource>("file", Text{"a CSV file beside this one"}, &CsvSource::file, "CSV file beside this one",
                        Need::required),
       field<CsvSource>("columns", ListOf<Text>{Text{"the title of a column"}, 1}, &CsvSource::columns,
                        "titles of the columns, one for each temperature", Need::required),
       field<CsvSource>("scale", number(-1e12, 1e12), &CsvSource::scale, "factor to the unit of the key")},
      {},
      {}};
  return table;
}

nlohmann::json number_schema() {
  // Text as well: YAML 1.1 takes 1e-05 for text.
  const std::string pattern = "^-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?$";
  return {{"oneOf", {{{"type", "number"}}, {{"type", "string"}, {"pattern", pattern}}}}};
}

nlohmann::json list_schema(const nlohmann::json& item) { return {{"type", "array"}, {"minItems", 1}, {"items", item}}; }

// Appends the number that stands at `value`, or notes the problem.
void append_number(const Value& value, NumberList& to) {
  const std::string& text = value.node().text;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = value.is(YamlNode::Kind::scalar) && error == std::errc() && end == text.data() + text.size();
  if (is_number && std::isfinite(number)) {
    to.values.push_back(number);
    to.marks.push_back(value.mark());
    return;
  }
  to.broken = true;
  value.wrong_type("a number without a unit, such as 0.5");
}

void append_items(const Value& value, NumberList& to) {
  for (std::size_t i = 0; i < value.node().items.size(); ++i) append_number(value.item(i), to);
}

// The columns of the CSV file that `value` names; nothing where there is a problem.
std::vector<CellCsv::Column> csv_columns(const Value& value, const FieldTable<CsvSource>& fields) {
  Problems& problems = value.context().problems;
  const std::size_t before = problems.size();
  CsvSource source;
  read_fields(value, fields, source);
  if (problems.size() != before) return {};
  const auto csv = CellCsv::read(value.context().folder / source.file, value.mark(), value.path());
  if (const auto* problem = std::get_if<Problem>(&csv))
    return problems.push_back(*problem), std::vector<CellCsv::Column>{};
  std::vector<CellCsv::Column> out;
  for (const std::string& title : source.columns) {
    const CellCsv& table = std::get<CellCsv>(csv);
    if (!table.has(title))
      value.problem("the file '" + source.file + "' has no column '" + title + "'",
                    expected_one_of(title, table.titles()));
    else
      out.push_back(table.column(title, value.path(), problems));
  }
  if (problems.size() != before) return {};
  for (CellCsv::Column& column : out)
    for (double& number : column.values) number *= source.scale;
  return out;
}

std::string shown(double number) { return quantity_text({number, Dimension::one}); }

template <class List>
void complain(const List& list, std::size_t i, std::string what, std::string expected, Problems& problems) {
  problems.push_back({list.marks[i], list.path_of(i), std::move(what), std::move(expected)});
}

}  // namespace

nlohmann::json Numbers::schema() const {
  const auto file = object_schema(one_column_fields().infos(), {});
  return {{"oneOf", {list_schema(number_schema()), file}}};
}

std::optional<NumberList> Numbers::read(const Value& value) const {
  NumberList out{{}, {}, value.mark(), value.path()};
  if (value.is(YamlNode::Kind::list) && !value.node().items.empty()) {
    append_items(value, out);
  } else if (value.is(YamlNode::Kind::map)) {
    const auto columns = csv_columns(value, one_column_fields());
    out.broken = columns.empty();
    if (!columns.empty()) {
      out.values = columns.front().values;
      out.marks = columns.front().marks;
    }
  } else {
    value.wrong_type(words());
    out.broken = true;
  }
  return out;
}

nlohmann::json Grid::schema() const {
  const auto file = object_schema(many_columns_fields().infos(), {});
  return {{"oneOf", {list_schema(list_schema(number_schema())), file}}};
}

std::optional<NumberGrid> Grid::read(const Value& value) const {
  NumberGrid out;
  out.mark = value.mark();
  out.path = value.path();
  if (value.is(YamlNode::Kind::map)) {
    const auto columns = csv_columns(value, many_columns_fields());
    out.broken = columns.empty();
    out.columns = columns.size();
    for (std::size_t row = 0; !out.broken && row < columns.front().values.size(); ++row)
      for (const CellCsv::Column& column : columns) {
        out.values.push_back(column.values[row]);
        out.marks.push_back(column.marks[row]);
      }
    return out;
  }
  if (!value.is(YamlNode::Kind::list) || value.node().items.empty()) {
    value.wrong_type(words());
    out.broken = true;
    return out;
  }
  for (std::size_t i = 0; i < value.node().items.size(); ++i) {
    const Value row = value.item(i);
    const std::size_t before = out.values.size();
    if (!row.is(YamlNode::Kind::list) || row.node().items.empty()) {
      row.wrong_type("a row of numbers, such as [0.002, 0.001]");
      out.broken = true;
      continue;
    }
    append_items(row, out);
    if (out.columns == 0) out.columns = row.node().items.size();
    if (row.node().items.size() == out.columns || out.broken) continue;
    row.problem("the row has " + std::to_string(out.values.size() - before) + " numbers",
                "expected " + std::to_string(out.columns) + " as in the first row");
    out.broken = true;
  }
  return out;
}

void check_strictly_rising(const NumberList& list, Problems& problems) {
  if (list.broken) return;
  for (std::size_t i = 1; i < list.size(); ++i)
    if (!(list.values[i] > list.values[i - 1]))
      complain(list, i, shown(list.values[i]) + " is not above " + shown(list.values[i - 1]) + " before it",
               "expected strictly rising numbers", problems);
}

void check_rising_from_0_to_1(const NumberList& list, Problems& problems) {
  if (list.broken) return;
  check_strictly_rising(list, problems);
  if (list.size() < 2)
    problems.push_back({list.mark, list.path, "the list has one number", "expected states of charge from 0 to 1"});
  if (list.values.front() != 0)
    complain(list, 0, "the first state of charge is " + shown(list.values.front()), "expected 0", problems);
  if (list.size() >= 2 && list.values.back() != 1)
    complain(list, list.size() - 1, "the last state of charge is " + shown(list.values.back()), "expected 1", problems);
}

void check_never_falling(const NumberList& list, Problems& problems) {
  if (list.broken) return;
  for (std::size_t i = 1; i < list.size(); ++i)
    if (list.values[i] < list.values[i - 1])
      complain(list, i, shown(list.values[i]) + " is below " + shown(list.values[i - 1]) + " before it",
               "expected a voltage that never falls with the state of charge", problems);
}

template <class List>
void check_bounds(const List& list, Bounds bounds, Problems& problems) {
  if (list.broken) return;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const double number = list.values[i];
    const bool inside = number >= bounds.least && number <= bounds.most && !(bounds.above && number == bounds.least);
    if (!inside)
      complain(list, i, shown(number) + " is out of range",
               (bounds.above ? "expected more than " : "expected at least ") + shown(bounds.least) + " and at most " +
                   shown(bounds.most),
               problems);
  }
}
template void check_bounds(const NumberList&, Bounds, Problems&);
template void check_bounds(const NumberGrid&, Bounds, Problems&);

void check_same_size(const NumberList& list, const NumberList& as, Problems& problems) {
  if (list.broken || as.broken || list.size() == as.size()) return;
  problems.push_back({list.mark, list.path, "the list has " + std::to_string(list.size()) + " numbers",
                      "expected " + std::to_string(as.size()) + ", one for each of " + as.path});
}

void check_shape(const NumberGrid& grid, const NumberList& rows, const NumberList& columns, Problems& problems) {
  if (grid.broken) return;
  if (!rows.broken && grid.size() / grid.columns != rows.size())
    problems.push_back({grid.mark, grid.path, "there are " + std::to_string(grid.size() / grid.columns) + " rows",
                        "expected " + std::to_string(rows.size()) + ", one for each of " + rows.path});
  if (!columns.broken && grid.columns != columns.size())
    problems.push_back({grid.mark, grid.path, "each row has " + std::to_string(grid.columns) + " numbers",
                        "expected " + std::to_string(columns.size()) + ", one for each of " + columns.path});
}

}  // namespace packbench::sim
