// The trace as CSV: one header row with names and units, then a row per sample.
//
// Header: `time [s]`, `truth.cell_voltage[1] [V]`, ... (cells and sensors counted from 1). Numbers are the shortest
// text that reads back to the same double; NaN is an empty field; coded signals and sets are their codes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/signals.h"
#include "sim/trace/chunk.h"
#include "sim/trace/trace_file.h"

namespace packbench::sim {

class CsvWriter {
 public:
  // Creates the file and writes the header. Throws std::system_error, as every function here.
  CsvWriter(const SignalLayout& layout, const std::filesystem::path& path);
  ~CsvWriter();
  CsvWriter(const CsvWriter&) = delete;
  CsvWriter& operator=(const CsvWriter&) = delete;

  void append(const Chunk& chunk);
  void close();
  TraceFile& file() { return file_; }

 private:
  // The text of a column's last value: most columns repeat it in most rows.
  struct Field {
    std::uint64_t bits = 0;
    std::uint8_t length = 0;
    std::array<char, 31> text{};
  };
  void append_row(const Chunk& chunk, std::size_t row);
  void write(const char* data, std::size_t size);

  TraceFile file_;
  int descriptor_ = -1;
  std::vector<Field> fields_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
};

}  // namespace packbench::sim
