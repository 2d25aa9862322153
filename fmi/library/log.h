// What an instance tells the importing tool through its callback.
#pragma once

#include "fmi/fmi3.h"

namespace packbench::fmi {

inline constexpr char kErrorCategory[] = "logStatusError";  // the only one, as the model description says

class Log {
 public:
  Log(fmi3InstanceEnvironment environment, fmi3LogMessageCallback callback, bool on)
      : environment_(environment), callback_(callback), on_(on) {}

  void set(bool on) { on_ = on; }
  // "function: reason."
  void error(const char* function, const char* reason) const noexcept;

 private:
  fmi3InstanceEnvironment environment_;
  fmi3LogMessageCallback callback_;  // may be null
  bool on_;
};

}  // namespace packbench::fmi
