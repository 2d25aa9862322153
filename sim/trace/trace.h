// The trace of a run: every signal at every sample, kept in a file (HDF5, CSV), hashed, and thinned for plots.
//
// Bounded memory: rows collect in one chunk, and a full chunk goes to the hash, the files and the thinned plots at
// once. trace_hash is the SHA-256 of the canonical serialisation documented in sim/trace/README.md; it covers truth,
// sensed, device, link and api and nothing that depends on wall time or device kind.
//
// Files are written as NAME.h5.partial and NAME.csv.partial and take their names in finish(), both or none. A disk that
// fills up in mid-run stops the files, not the run: hash and plots go on, and finish() tells.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::sim {

struct TraceInfo {
  std::string scenario;
  std::string device;
  std::map<std::string, std::string> attributes;  // written as attributes of the file's root
};

// What of the samples is kept, and where. Rows between two periods are left out of files, hash and plots; the first and
// the last sample are always there.
struct TraceOptions {
  bool csv = true;
  TimeNs period = 0;  // least time between two rows; 0: every sample
  bool keep = false;  // every row stays in memory, for the files of traces that begin with this one
};

// Points for one plotted line, thinned to at most a few thousand with minima and maxima kept. Coded signals and sets
// come as their changes: a value holds until the next point, and the last sample closes the line.
struct PlotSeries {
  Signal signal{};
  int index = 0;  // element of an array signal
  std::vector<double> time_s;
  std::vector<double> value;  // NaN where unknown
};

class Trace {
 public:
  // Writes DIR/NAME.h5 and (unless options.csv is off) DIR/NAME.csv; an empty directory keeps nothing on disk. Throws
  // std::system_error when the files cannot be created, std::invalid_argument when NAME is no plain file name.
  Trace(const SignalLayout& layout, const std::filesystem::path& directory, const std::string& name, TraceInfo info,
        TraceOptions options = {});
  // Goes on from the rows of `begun`, which is not finished; its files begin with them when `begun` has kept them.
  Trace(const Trace& begun, const SignalLayout& layout, const std::filesystem::path& directory, const std::string& name,
        TraceInfo info, TraceOptions options = {});
  ~Trace();  // without finish(): the partial files are removed
  Trace(Trace&&) noexcept;
  Trace& operator=(Trace&&) noexcept;

  // No allocation, no I/O but a chunk now and then. `frame` has layout.size() values (else std::logic_error).
  void append(TimeNs now, std::span<const double> frame);
  // Flushes and closes; the files are readable afterwards. Throws std::system_error on a full disk (files removed);
  // hash and plots are complete even then. A second call does nothing.
  void finish();

  std::string hash() const;               // hex, after finish() (before: std::logic_error)
  std::filesystem::path h5_file() const;  // empty when none
  std::filesystem::path csv_file() const;
  // Complete after finish(). At most `points` per scalar and a third of that per element of an array signal.
  std::vector<PlotSeries> plot(std::size_t points = 2000) const;
  std::int64_t rows() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
