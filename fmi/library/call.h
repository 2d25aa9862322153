// The border between C and C++: nothing thrown passes it, and every refusal is told to the importing tool.
#pragma once

#include <exception>
#include <span>
#include <string>

#include "fmi/fmi3.h"
#include "fmi/library/instance.h"

namespace packbench::fmi {

// Runs body(instance) and returns fmi3OK, or fmi3Error after a message "function: reason".
template <class Body>
fmi3Status call(fmi3Instance handle, const char* function, Body&& body) noexcept {
  auto* const instance = static_cast<Instance*>(handle);
  if (instance == nullptr) return fmi3Error;
  try {
    body(*instance);
    return fmi3OK;
  } catch (const std::exception& error) {
    instance->log().error(function, error.what());
  } catch (...) {
    instance->log().error(function, "an unknown error");
  }
  return fmi3Error;
}

// An array argument; null is good for no elements only.
template <class Value>
std::span<Value> array(Value* first, std::size_t count, const char* what) {
  if (first == nullptr && count > 0) throw Refused(std::string("the argument '") + what + "' is null");
  return {first, count};
}

template <class Value>
Value& target(Value* pointer, const char* what) {
  return array(pointer, 1, what).front();
}

}  // namespace packbench::fmi
