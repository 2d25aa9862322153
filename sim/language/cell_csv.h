// Columns of a CSV file by their titles, with the place of every number.
//
// One header line, comma separated; empty lines and lines that begin with '#' are skipped, a title may be quoted.
// Other columns may hold anything.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "sim/mark.h"

namespace packbench::sim {

class CellCsv {
 public:
  struct Column {
    std::vector<double> values;
    std::vector<Mark> marks;  // of each value
  };

  // The file, or why it cannot be read; `asked_by` and `path` are the place that names it.
  static std::variant<CellCsv, Problem> read(const std::filesystem::path& file, const Mark& asked_by,
                                             const std::string& path);

  const std::vector<std::string>& titles() const { return titles_; }
  bool has(const std::string& title) const;
  // The numbers of a column that exists. What is not a finite number is a problem, and left out.
  Column column(const std::string& title, const std::string& path, Problems& problems) const;

 private:
  struct Field {
    std::string text;
    int column = 1;
  };
  struct Row {
    int line = 0;
    std::vector<Field> fields;
  };
  static Row split(std::string_view text, int line);

  std::string file_;
  std::vector<std::string> titles_;
  std::vector<Row> rows_;
};

}  // namespace packbench::sim
