#include "sim/trace/hdf5_error.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "sim/trace/trace_error.h"

namespace packbench::sim {
namespace {

std::mutex& library() {
  static std::mutex mutex;
  return mutex;
}

struct Innermost {
  std::string description;
  int errno_value = 0;
};

herr_t keep_innermost(unsigned, const H5E_error2_t* frame, void* data) {
  auto& innermost = *static_cast<Innermost*>(data);
  if (frame->desc == nullptr || innermost.errno_value != 0) return 0;
  innermost.description = frame->desc;
  const auto at = innermost.description.find("errno = ");
  if (at != std::string::npos) innermost.errno_value = std::atoi(innermost.description.c_str() + at + 8);
  return 0;
}

}  // namespace

Hdf5Session::Hdf5Session() : lock_(library()) {
  H5Eget_auto2(H5E_DEFAULT, &printer_, &printer_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Session::~Hdf5Session() { H5Eset_auto2(H5E_DEFAULT, printer_, printer_data_); }

std::system_error hdf5_error(const std::string& what, const std::filesystem::path& path) {
  Innermost innermost;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_innermost, &innermost);
  H5Eclear2(H5E_DEFAULT);
  if (innermost.errno_value != 0) return trace_error(what, path, innermost.errno_value);
  return trace_error(what + " (HDF5: " + innermost.description + ")", path, EIO);
}

Hdf5Id& Hdf5Id::operator=(Hdf5Id&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(close_, other.close_);
  return *this;
}

herr_t Hdf5Id::reset() {
  if (id_ < 0) return 0;
  const herr_t result = close_(id_);
  if (result >= 0) id_ = H5I_INVALID_HID;
  return result;
}

}  // namespace packbench::sim
