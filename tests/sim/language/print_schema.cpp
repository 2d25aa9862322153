// Prints the schema named on the command line: scenario, pack, bms or cell.
#include <cstdio>
#include <string>

#include "sim/language/scenario_schema.h"

int main(int count, char** words) {
  const std::string which = count > 1 ? words[1] : "scenario";
  const auto schema = which == "pack"   ? packbench::sim::pack_profile_schema()
                      : which == "bms"  ? packbench::sim::bms_profile_schema()
                      : which == "cell" ? packbench::sim::cell_file_schema()
                                        : packbench::sim::scenario_schema();
  std::puts(schema.dump(1).c_str());
}
