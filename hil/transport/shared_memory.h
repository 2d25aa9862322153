// A piece of memory that this process and its children see alike: an anonymous file, mapped.
#pragma once

#include <sys/mman.h>

#include <new>

#include "hil/transport/unique_fd.h"

namespace packbench::hil {

template <typename Value>
class SharedMemory {
 public:
  // A new one, with a default Value in it. Falsy when the system gives none (errno says why).
  static SharedMemory make(const char* name) {
    SharedMemory memory;
    memory.fd_.reset(::memfd_create(name, MFD_CLOEXEC));
    if (memory.fd_ && ::ftruncate(memory.fd_.get(), sizeof(Value)) == 0) memory.map();
    if (memory) ::new (memory.value_) Value();
    return memory;
  }
  // The one behind a descriptor that another process made. Falsy when there is none of this size.
  static SharedMemory of(UniqueFd fd) {
    SharedMemory memory;
    memory.fd_ = std::move(fd);
    if (::lseek(memory.fd_.get(), 0, SEEK_END) == static_cast<off_t>(sizeof(Value))) memory.map();
    return memory;
  }

  SharedMemory() = default;
  SharedMemory(SharedMemory&& other) noexcept
      : fd_(std::move(other.fd_)), value_(std::exchange(other.value_, nullptr)) {}
  SharedMemory& operator=(SharedMemory&&) = delete;
  ~SharedMemory() {
    if (value_ != nullptr) ::munmap(value_, sizeof(Value));
  }

  explicit operator bool() const { return value_ != nullptr; }
  int fd() const { return fd_.get(); }
  Value& operator*() const { return *value_; }
  Value* operator->() const { return value_; }

 private:
  void map() {
    void* where = ::mmap(nullptr, sizeof(Value), PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
    if (where != MAP_FAILED) value_ = static_cast<Value*>(where);
  }

  UniqueFd fd_;
  Value* value_ = nullptr;
};

}  // namespace packbench::hil
