// The trace as HDF5: /time [s] and, in groups /truth /sensed /device /api /link, a dataset per signal.
//
// Scalars are [rows], arrays [rows][cells or sensors], all IEEE doubles, chunked by Chunk so that a chunk in memory is
// a chunk on disk. Attributes of a dataset: unit, description, kind (number, code, set) and, where coded, words: the
// value (or the bit of a set) is the position in the list. Signals that seldom change are compressed.
#pragma once

#include <memory>

#include "sim/signals.h"
#include "sim/trace/chunk.h"
#include "sim/trace/trace.h"
#include "sim/trace/trace_file.h"

namespace packbench::sim {

class Hdf5Writer {
 public:
  // Creates the file, its groups and datasets. Throws std::system_error, as every function here.
  Hdf5Writer(const SignalLayout& layout, const std::filesystem::path& path, const TraceInfo& info,
             std::size_t chunk_rows);
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  void append(const Chunk& chunk);
  void close(const std::string& trace_hash);
  TraceFile& file();

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
