// Where something stands in a file, and a problem found there. People count lines and columns from 1.
#pragma once

#include <string>
#include <vector>

namespace packbench::sim {

struct Mark {
  std::string file;
  int line = 0;
  int column = 0;
};

// Printed as "file:line:col: path: what is wrong (what was expected)".
struct Problem {
  Mark mark;
  std::string path;      // "phases[0].until"
  std::string what;      // "unknown key 'chrage'"
  std::string expected;  // "one of charge, discharge, ...; did you mean 'charge'?" (may be empty)

  std::string text() const;
};

using Problems = std::vector<Problem>;

}  // namespace packbench::sim
