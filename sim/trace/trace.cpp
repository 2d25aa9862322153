#include "sim/trace/trace.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <stdexcept>

#include "sim/trace/background.h"
#include "sim/trace/canonical_hash.h"
#include "sim/trace/csv_writer.h"
#include "sim/trace/hdf5_writer.h"
#include "sim/trace/plot_recorder.h"
#include "sim/trace/trace_error.h"

namespace packbench::sim {
namespace {

constexpr std::size_t kChunkRows = 256;

void make_folder(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw trace_error("The folder for traces could not be created", directory, error.value());
}

}  // namespace

struct Trace::Data {
  Data(const SignalLayout& layout, TraceOptions the_options)
      : options(the_options),
        skipped(static_cast<std::size_t>(layout.size())),
        chunk(static_cast<std::size_t>(layout.size()), kChunkRows),
        leaving(chunk),
        hash(layout),
        plots(layout) {}
  Data(const Data& begun, TraceOptions the_options)
      : options(the_options),
        due(begun.due),
        skipped_at(begun.skipped_at),
        skipped(begun.skipped),
        chunk(begun.chunk),
        leaving(begun.chunk.columns(), kChunkRows),
        hash(begun.hash),
        plots(begun.plots),
        rows(begun.rows) {}

  void open_files(const SignalLayout& layout, const std::filesystem::path& directory, const std::string& name,
                  const TraceInfo& info);
  void write(const Chunk& full);
  void add(TimeNs now, std::span<const double> frame);
  void drain(Chunk& full);
  void hand_over();
  void close_files();
  void drop_files();

  TraceOptions options;
  TimeNs due = 0;               // the first sample from here on is a row
  TimeNs skipped_at = -1;       // the last sample, when it was left out
  std::vector<double> skipped;  // and its values
  Chunk chunk;                  // being filled
  Chunk leaving;                // on its way to hash, plots and files, on the thread of `writer`
  CanonicalHash hash;
  PlotRecorder plots;
  std::unique_ptr<Hdf5Writer> h5;
  std::unique_ptr<CsvWriter> csv;
  std::filesystem::path h5_path, csv_path;
  std::vector<Chunk> kept;
  std::exception_ptr file_error;  // the first; told by finish()
  std::int64_t rows = 0;          // appended
  std::optional<std::string> hash_text;
  Background writer{[this] { drain(leaving); }};  // last: it stops before the rest goes
};

void Trace::Data::hand_over() {
  writer.wait();
  std::swap(chunk, leaving);
  writer.start();
}

void Trace::Data::drain(Chunk& full) {
  full.canonicalise();
  hash.append(full);
  plots.append(full);
  write(full);
  if (options.keep) kept.push_back(full);
  full.clear();
}

void Trace::Data::write(const Chunk& full) {
  try {
    if (h5) h5->append(full);
    if (csv) csv->append(full);
  } catch (const std::system_error&) {
    file_error = std::current_exception();
    drop_files();
  }
}

void Trace::Data::close_files() {
  try {
    if (h5) h5->close(*hash_text);
    if (csv) csv->close();
    if (h5) h5->file().commit();
    if (csv) csv->file().commit();
  } catch (const std::system_error&) {
    file_error = std::current_exception();
    if (h5) h5->file().take_back();
    drop_files();
  }
}

void Trace::Data::drop_files() {
  h5.reset();
  csv.reset();
  h5_path.clear();
  csv_path.clear();
}

Trace::Trace(const SignalLayout& layout, const std::filesystem::path& directory, const std::string& name,
             TraceInfo info, TraceOptions options)
    : data_(std::make_unique<Data>(layout, options)) {
  data_->open_files(layout, directory, name, info);
}

Trace::Trace(const Trace& begun, const SignalLayout& layout, const std::filesystem::path& directory,
             const std::string& name, TraceInfo info, TraceOptions options) {
  begun.data_->writer.wait();
  data_ = std::make_unique<Data>(*begun.data_, options);
  data_->open_files(layout, directory, name, info);
  for (const Chunk& rows : begun.data_->kept) data_->write(rows);
}

void Trace::Data::open_files(const SignalLayout& layout, const std::filesystem::path& directory,
                             const std::string& name, const TraceInfo& info) {
  if (directory.empty()) return;
  if (name.empty() || name.find('/') != std::string::npos) {
    throw std::invalid_argument("The name of a trace must be a plain file name, not '" + name + "'.");
  }
  make_folder(directory);
  h5_path = directory / (name + ".h5");
  if (options.csv) csv_path = directory / (name + ".csv");
  h5 = std::make_unique<Hdf5Writer>(layout, h5_path, info, kChunkRows);
  if (options.csv) csv = std::make_unique<CsvWriter>(layout, csv_path);
}

Trace::~Trace() = default;
Trace::Trace(Trace&&) noexcept = default;
Trace& Trace::operator=(Trace&&) noexcept = default;

void Trace::append(TimeNs now, std::span<const double> frame) {
  if (frame.size() != data_->chunk.columns())
    throw std::logic_error("A row of the trace has the wrong number of values.");
  if (data_->hash_text) throw std::logic_error("A row was added to a trace that is finished.");
  Data& d = *data_;
  if (d.options.period > 0 && now < d.due) {
    std::ranges::copy(frame, d.skipped.begin());
    d.skipped_at = now;
    return;
  }
  if (d.options.period > 0) d.due = (now / d.options.period + 1) * d.options.period;
  d.skipped_at = -1;
  d.add(now, frame);
}

void Trace::Data::add(TimeNs now, std::span<const double> frame) {
  chunk.append(now, frame);
  ++rows;
  if (chunk.full()) hand_over();
}

void Trace::finish() {
  if (data_->hash_text) return;
  if (data_->skipped_at >= 0) data_->add(data_->skipped_at, data_->skipped);
  data_->writer.wait();
  data_->drain(data_->chunk);
  data_->hash_text = data_->hash.finish();
  data_->close_files();
  if (data_->file_error) std::rethrow_exception(data_->file_error);
}

std::string Trace::hash() const {
  if (!data_->hash_text) throw std::logic_error("The hash of a trace is known after finish().");
  return *data_->hash_text;
}

std::filesystem::path Trace::h5_file() const {
  data_->writer.wait();
  return data_->h5_path;
}

std::filesystem::path Trace::csv_file() const {
  data_->writer.wait();
  return data_->csv_path;
}

std::vector<PlotSeries> Trace::plot(std::size_t points) const {
  data_->writer.wait();
  return data_->plots.series(points);
}

std::int64_t Trace::rows() const { return data_->rows; }

}  // namespace packbench::sim
