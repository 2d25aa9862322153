// A made-up run for tests: every signal of every row has a value that tells where it stands.
#pragma once

#include <cmath>
#include <filesystem>
#include <limits>
#include <vector>

#include "sim/trace/trace.h"

namespace packbench::sim::test {

inline constexpr TimeNs kStep = 100 * kMillisecond;

// Column c of row r: r + c / 1000, but NaN in every 7th column of even rows and -0 in column 3.
inline std::vector<double> example_row(const SignalLayout& layout, int row) {
  std::vector<double> values(static_cast<std::size_t>(layout.size()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = row + static_cast<double>(i) / 1000;
  values[3] = -0.0;
  for (std::size_t i = 0; i < values.size(); i += 7) {
    if (row % 2 == 0) values[i] = std::numeric_limits<double>::quiet_NaN();
  }
  return values;
}

inline void append_example(Trace& trace, const SignalLayout& layout, int rows) {
  for (int row = 0; row < rows; ++row) trace.append(row * kStep, example_row(layout, row));
}

// A new empty folder, removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "packbench-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  bool empty() const { return std::filesystem::is_empty(path_); }

 private:
  std::filesystem::path path_;
};

}  // namespace packbench::sim::test
