#include "sim/trace/trace_file.h"

#include <system_error>

#include "sim/trace/trace_error.h"

namespace packbench::sim {
namespace {

std::filesystem::path partial_of(std::filesystem::path path) {
  path += ".partial";
  return path;
}

}  // namespace

TraceFile::TraceFile(std::filesystem::path path) : path_(std::move(path)), partial_(partial_of(path_)) {}

TraceFile::~TraceFile() {
  if (!committed_) take_back();
}

void TraceFile::commit() {
  std::error_code error;
  std::filesystem::rename(partial_, path_, error);
  if (error) throw trace_error("The trace file could not be given its name", path_, error.value());
  committed_ = true;
}

void TraceFile::take_back() {
  std::error_code ignored;  // a file that is not there is what we want
  std::filesystem::remove(committed_ ? path_ : partial_, ignored);
}

}  // namespace packbench::sim
