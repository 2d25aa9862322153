// One output file of a trace: written under a temporary name, renamed when complete, removed when not.
#pragma once

#include <filesystem>

namespace packbench::sim {

class TraceFile {
 public:
  explicit TraceFile(std::filesystem::path path);
  ~TraceFile();  // removes the partial file
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& partial() const { return partial_; }
  void commit();     // rename; throws std::system_error
  void take_back();  // removes the file, whatever its name is by now

 private:
  std::filesystem::path path_, partial_;
  bool committed_ = false;
};

}  // namespace packbench::sim
