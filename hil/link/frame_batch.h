// Frames in a row, in one buffer that keeps its memory: what the line filters pass on to each other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace packbench::hil {

class FrameBatch {
 public:
  FrameBatch() {
    bytes_.reserve(4096);
    ends_.reserve(64);
  }

  std::size_t size() const { return ends_.size(); }
  std::span<const std::uint8_t> bytes() const { return bytes_; }
  std::span<std::uint8_t> operator[](std::size_t i) {
    return std::span(bytes_).subspan(begin_of(i), ends_[i] - begin_of(i));
  }
  std::span<const std::uint8_t> operator[](std::size_t i) const {
    return std::span(bytes_).subspan(begin_of(i), ends_[i] - begin_of(i));
  }
  // The copy that was added.
  std::span<std::uint8_t> add(std::span<const std::uint8_t> frame) {
    bytes_.insert(bytes_.end(), frame.begin(), frame.end());
    ends_.push_back(bytes_.size());
    return (*this)[size() - 1];
  }
  void clear() {
    bytes_.clear();
    ends_.clear();
  }
  void swap(FrameBatch& other) noexcept {
    bytes_.swap(other.bytes_);
    ends_.swap(other.ends_);
  }

 private:
  std::size_t begin_of(std::size_t i) const { return i == 0 ? 0 : ends_[i - 1]; }

  std::vector<std::uint8_t> bytes_;
  std::vector<std::size_t> ends_;
};

}  // namespace packbench::hil
