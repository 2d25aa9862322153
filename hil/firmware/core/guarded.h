// A number kept as itself and as its complement, so that a flipped bit of memory is noticed.
#pragma once

#include <cstdint>

namespace packbench::firmware {

class Guarded {
 public:
  std::int64_t get() const { return value_; }
  void set(std::int64_t value) {
    value_ = value;
    complement_ = ~value;
  }
  bool intact() const { return value_ == ~complement_; }
  template <typename List>
  void variables(List& list, const char* name) {
    list.add(name, value_);
  }

 private:
  std::int64_t value_ = 0, complement_ = ~std::int64_t{0};
};

}  // namespace packbench::firmware
