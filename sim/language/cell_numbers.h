// Lists and grids of numbers in a cell file, written in place or taken from a CSV file beside it.
//
//   [0, 0.5, 1]                                           {file: OCV.csv, column: SOC, scale: 1}
//   [[0.002, 0.001], [0.002, 0.001]]  rows over SOC       {file: R.csv, columns: [R(T=10), R(T=25)], scale: 1}
//
// Every number keeps the place where it stands, in the YAML file or in the CSV file, for messages about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/language/field_table.h"

namespace packbench::sim {

struct NumberList {
  std::vector<double> values;
  std::vector<Mark> marks;  // of each value
  Mark mark;                // of the list
  std::string path;
  bool broken = false;  // some of it could not be read, which is noted already

  bool given() const { return !path.empty(); }
  std::size_t size() const { return values.size(); }
  std::string path_of(std::size_t i) const { return path + "[" + std::to_string(i) + "]"; }
};

// Row-major: rows over SOC, columns over temperature.
struct NumberGrid : NumberList {
  std::size_t columns = 0;

  std::string path_of(std::size_t i) const {
    return path + "[" + std::to_string(i / columns) + "][" + std::to_string(i % columns) + "]";
  }
};

// Types of values (field_table.h).
struct Numbers {
  using value_type = NumberList;
  std::string words() const { return "a list of numbers, such as [0, 0.5, 1], or {file: x.csv, column: TITLE}"; }
  nlohmann::json schema() const;
  std::optional<NumberList> read(const Value& value) const;
};

struct Grid {
  using value_type = NumberGrid;
  std::string words() const {
    return "rows of numbers, such as [[2, 1], [2, 1]], or {file: x.csv, columns: [TITLE, ...]}";
  }
  nlohmann::json schema() const;
  std::optional<NumberGrid> read(const Value& value) const;
};

// Laws of a list, each noted in `problems` at the number that breaks it. A broken list is left alone.
void check_rising_from_0_to_1(const NumberList& list, Problems& problems);
void check_strictly_rising(const NumberList& list, Problems& problems);
void check_never_falling(const NumberList& list, Problems& problems);
// In [least, most]; `above`: least itself is not allowed.
struct Bounds {
  double least, most;
  bool above = false;
};
template <class List>
void check_bounds(const List& list, Bounds bounds, Problems& problems);
void check_same_size(const NumberList& list, const NumberList& as, Problems& problems);
void check_shape(const NumberGrid& grid, const NumberList& rows, const NumberList& columns, Problems& problems);

}  // namespace packbench::sim
