#include "sim/trace/hdf5_writer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "sim/trace/hdf5_attributes.h"
#include "sim/trace/hdf5_error.h"
#include "sim/trace/trace_error.h"

namespace packbench::sim {
namespace {

constexpr std::size_t kClosingBytes = std::size_t{2} << 20;  // more than all metadata of a file
constexpr std::array<std::string_view, 3> kKindNames{"number", "code", "set"};

// A dataset and the columns of a chunk that it takes.
struct Dataset {
  Hdf5Id id;
  std::size_t column = 0;
  std::size_t count = 1;
  bool array = false;
};

bool seldom_changes(const SignalSpec& spec) {
  return spec.kind != SignalKind::number || spec.group == Group::api || spec.group == Group::link;
}

// Unlocked: a lock outlives its file while a child process, started meanwhile for a device, still holds the descriptor;
// reading back would fail. The partial file is nobody else's.
Hdf5Id access_properties() {
  Hdf5Id properties(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_cache(properties.get(), 0, 0, 0, 0);  // whole chunks are written: nothing to cache
  H5Pset_file_locking(properties.get(), false, true);
  return properties;
}

Hdf5Id dataset_space(hsize_t rows, hsize_t maximum, const Dataset& dataset) {
  const std::array<hsize_t, 2> now{rows, dataset.count};
  const std::array<hsize_t, 2> most{maximum, dataset.count};
  return {H5Screate_simple(dataset.array ? 2 : 1, now.data(), most.data()), H5Sclose};
}

Hdf5Id creation_properties(const Dataset& dataset, std::size_t chunk_rows, bool compressed) {
  Hdf5Id properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  const std::array<hsize_t, 2> chunk{chunk_rows, dataset.count};
  H5Pset_chunk(properties.get(), dataset.array ? 2 : 1, chunk.data());
  H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER);  // every chunk is written whole
  if (compressed) H5Pset_deflate(properties.get(), 1);
  return properties;
}

}  // namespace

struct Hdf5Writer::Data {
  Data(const std::filesystem::path& path, std::size_t rows) : file(path), chunk_rows(rows) {}

  void require(bool worked, const char* what) const {
    if (!worked) throw hdf5_error(what, file.path());
  }
  void create(const SignalLayout& layout, const TraceInfo& info);
  void add_time();
  void add_signal(const SignalSpec& spec, const SignalLayout& layout);
  Hdf5Id create_dataset(const std::string& name, const Dataset& dataset, bool compressed) const;
  void append(const Chunk& chunk);
  void append(const Dataset& dataset);
  void close(const std::string& trace_hash);
  void reserve() const;
  void give_back() const;
  void abandon();

  TraceFile file;
  std::size_t chunk_rows;
  std::size_t chunk_bytes = 0;
  int descriptor = -1;                    // of h5, its own
  hsize_t rows_before = 0, rows_now = 0;  // of the file, while a chunk is added
  Hdf5Id h5;
  std::vector<Dataset> datasets;  // the first one is /time
  std::vector<double> gathered;
};

void Hdf5Writer::Data::create(const SignalLayout& layout, const TraceInfo& info) {
  constexpr const char* kWhat = "The trace file could not be created";
  const Hdf5Id access = access_properties();
  h5 = {H5Fcreate(file.partial().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose};
  require(h5.valid(), kWhat);
  void* handle = nullptr;
  require(H5Fget_vfd_handle(h5.get(), H5P_DEFAULT, &handle) >= 0, kWhat);
  descriptor = *static_cast<const int*>(handle);
  chunk_bytes = chunk_rows * (static_cast<std::size_t>(layout.size()) + 1) * sizeof(double);
  reserve();
  bool worked = write_attribute(h5.get(), "format", "packbench trace 1") &&
                write_attribute(h5.get(), "scenario", info.scenario) &&
                write_attribute(h5.get(), "device", info.device);
  for (const auto& [name, text] : info.attributes) worked = worked && write_attribute(h5.get(), name, text);
  require(worked, kWhat);
  for (int group = 0; group < kGroupCount; ++group) {
    const std::string name(group_name(static_cast<Group>(group)));
    const Hdf5Id id(H5Gcreate2(h5.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
    require(id.valid(), kWhat);
  }
  add_time();
  for (const SignalSpec& spec : signal_table()) {
    if (layout.count(spec.id) > 0) add_signal(spec, layout);
  }
}

Hdf5Id Hdf5Writer::Data::create_dataset(const std::string& name, const Dataset& dataset, bool compressed) const {
  const Hdf5Id space = dataset_space(0, H5S_UNLIMITED, dataset);
  const Hdf5Id properties = creation_properties(dataset, chunk_rows, compressed);
  Hdf5Id id(H5Dcreate2(h5.get(), name.c_str(), H5T_IEEE_F64LE, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
            H5Dclose);
  require(id.valid(), "The trace file could not be created");
  return id;
}

void Hdf5Writer::Data::add_time() {
  Dataset dataset;
  dataset.id = create_dataset("/time", dataset, false);
  require(write_attribute(dataset.id.get(), "unit", "s") &&
              write_attribute(dataset.id.get(), "description", "simulated time since the start of the run"),
          "The trace file could not be created");
  datasets.push_back(std::move(dataset));
}

void Hdf5Writer::Data::add_signal(const SignalSpec& spec, const SignalLayout& layout) {
  Dataset dataset;
  dataset.column = static_cast<std::size_t>(layout.offset(spec.id));
  dataset.count = static_cast<std::size_t>(layout.count(spec.id));
  dataset.array = spec.shape != Shape::scalar;
  const std::string name = "/" + std::string(group_name(spec.group)) + "/" + std::string(spec.name);
  dataset.id = create_dataset(name, dataset, seldom_changes(spec));
  const hid_t id = dataset.id.get();
  const bool coded = spec.vocabulary != Vocabulary::none;
  require(write_attribute(id, "unit", spec.unit) && write_attribute(id, "description", spec.description) &&
              write_attribute(id, "kind", kKindNames[static_cast<std::size_t>(spec.kind)]) &&
              (!coded || write_attribute(id, "words", words(spec.vocabulary))),
          "The trace file could not be created");
  datasets.push_back(std::move(dataset));
}

void Hdf5Writer::Data::append(const Chunk& chunk) {
  reserve();
  rows_now = rows_before + chunk.rows();
  for (const Dataset& dataset : datasets) {
    gathered.clear();
    for (std::size_t row = 0; row < chunk.rows(); ++row) {
      if (&dataset == &datasets.front()) {
        gathered.push_back(chunk.time_s(row));
        continue;
      }
      for (std::size_t i = 0; i < dataset.count; ++i) gathered.push_back(chunk.value(row, dataset.column + i));
    }
    append(dataset);
  }
  rows_before = rows_now;
}

void Hdf5Writer::Data::append(const Dataset& dataset) {
  const std::array<hsize_t, 2> size{rows_now, dataset.count};
  const std::array<hsize_t, 2> start{rows_before, 0};
  const std::array<hsize_t, 2> count{rows_now - rows_before, dataset.count};
  const Hdf5Id memory = dataset_space(count[0], count[0], dataset);
  bool worked = H5Dset_extent(dataset.id.get(), size.data()) >= 0;
  const Hdf5Id space(H5Dget_space(dataset.id.get()), H5Sclose);
  worked = worked &&
           H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) >= 0 &&
           H5Dwrite(dataset.id.get(), H5T_NATIVE_DOUBLE, memory.get(), space.get(), H5P_DEFAULT, gathered.data()) >= 0;
  require(worked, "The trace file could not be written");
}

void Hdf5Writer::Data::close(const std::string& trace_hash) {
  bool worked = write_attribute(h5.get(), "trace_hash", trace_hash) && H5Fflush(h5.get(), H5F_SCOPE_GLOBAL) >= 0;
  require(worked, "The trace file could not be written");
  for (Dataset& dataset : datasets) worked = dataset.id.reset() >= 0 && worked;
  worked = h5.reset() >= 0 && worked;
  require(worked, "The trace file could not be closed");
  give_back();
}

// Cuts the reserved room off behind the end that the file itself states.
void Hdf5Writer::Data::give_back() const {
  haddr_t end = 0;
  {
    const Hdf5Id access = access_properties();
    const Hdf5Id closed(H5Fopen(file.partial().c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
    require(closed.valid() && H5Fget_eoa(closed.get(), &end) >= 0, "The trace file could not be read back");
  }
  std::filesystem::resize_file(file.partial(), end);
}

// HDF5 cannot close a file whose writes fail (it tries again at exit, or crashes), so the room for the next chunk, and
// for all that closing writes, is taken from the disk before HDF5 needs it.
void Hdf5Writer::Data::reserve() const {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw trace_error("The trace file could not be written", file.path(), errno);
  haddr_t used = 0;
  H5Fget_eoa(h5.get(), &used);
  const auto wanted = static_cast<off_t>(used + chunk_bytes + kClosingBytes);
  if (status.st_size >= wanted) return;
  const off_t ahead = wanted - status.st_size + static_cast<off_t>(kClosingBytes);
  if (const int error = ::posix_fallocate(descriptor, status.st_size, ahead); error != 0) {
    throw trace_error("The trace file could not be written", file.path(), error);
  }
}

void Hdf5Writer::Data::abandon() {
  datasets.clear();
  h5.reset();
}

Hdf5Writer::Hdf5Writer(const SignalLayout& layout, const std::filesystem::path& path, const TraceInfo& info,
                       std::size_t chunk_rows)
    : data_(std::make_unique<Data>(path, chunk_rows)) {
  const Hdf5Session session;
  data_->gathered.reserve(chunk_rows * kMaxCells);
  try {
    data_->create(layout, info);
  } catch (...) {
    data_->abandon();
    throw;
  }
}

Hdf5Writer::~Hdf5Writer() {
  const Hdf5Session session;
  if (data_->h5.valid()) data_->abandon();
}

void Hdf5Writer::append(const Chunk& chunk) {
  const Hdf5Session session;
  data_->append(chunk);
}

void Hdf5Writer::close(const std::string& trace_hash) {
  const Hdf5Session session;
  data_->close(trace_hash);
}

TraceFile& Hdf5Writer::file() { return data_->file; }

}  // namespace packbench::sim
