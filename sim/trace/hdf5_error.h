// The HDF5 library's error stack as a std::system_error, and its printing to stderr silenced.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <mutex>
#include <string>

namespace packbench::sim {

// Holds for the time of a call into HDF5: one thread at a time (the library may be built without locks), and nothing of
// its error stack printed.
class Hdf5Session {
 public:
  Hdf5Session();
  ~Hdf5Session();
  Hdf5Session(const Hdf5Session&) = delete;
  Hdf5Session& operator=(const Hdf5Session&) = delete;

 private:
  std::lock_guard<std::mutex> lock_;
  H5E_auto2_t printer_ = nullptr;
  void* printer_data_ = nullptr;
};

// "WHAT: PATH: No space left on device" from the errno that the innermost frame of the stack mentions, else with the
// innermost description.
std::system_error hdf5_error(const std::string& what, const std::filesystem::path& path);

// An identifier that closes itself; closing errors are not reported here.
class Hdf5Id {
 public:
  using Close = herr_t (*)(hid_t);
  Hdf5Id() = default;
  Hdf5Id(hid_t id, Close close) : id_(id), close_(close) {}
  Hdf5Id(Hdf5Id&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = H5I_INVALID_HID; }
  Hdf5Id& operator=(Hdf5Id&& other) noexcept;
  ~Hdf5Id() { reset(); }

  hid_t get() const { return id_; }
  bool valid() const { return id_ >= 0; }
  herr_t reset();  // an identifier that could not be closed is kept

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

}  // namespace packbench::sim
