// The calls of FMI 3.0 that save, restore and serialize the whole state of an instance.
#include <algorithm>

#include <fmt/format.h>

#include "fmi/library/call.h"

using namespace packbench::fmi;

extern "C" {

fmi3Status fmi3GetFMUState(fmi3Instance instance, fmi3FMUState* state) {
  return call(instance, __func__, [&](Instance& it) {
    fmi3FMUState& place = target(state, "FMUState");
    place = it.save(static_cast<State*>(place));
  });
}

fmi3Status fmi3SetFMUState(fmi3Instance instance, fmi3FMUState state) {
  return call(instance, __func__, [&](Instance& it) { it.restore(static_cast<State*>(state)); });
}

fmi3Status fmi3FreeFMUState(fmi3Instance instance, fmi3FMUState* state) {
  return call(instance, __func__, [&](Instance& it) {
    fmi3FMUState& place = target(state, "FMUState");
    it.forget(static_cast<State*>(place));
    place = nullptr;
  });
}

fmi3Status fmi3SerializedFMUStateSize(fmi3Instance instance, fmi3FMUState state, size_t* size) {
  return call(instance, __func__,
              [&](const Instance& it) { target(size, "size") = it.serialize(static_cast<State*>(state)).size(); });
}

fmi3Status fmi3SerializeFMUState(fmi3Instance instance, fmi3FMUState state, fmi3Byte bytes[], size_t size) {
  return call(instance, __func__, [&](const Instance& it) {
    const auto content = it.serialize(static_cast<State*>(state));
    const auto place = array(bytes, size, "serializedState");
    if (place.size() != content.size())
      throw Refused(fmt::format("the place for the state has {} bytes (expected {})", place.size(), content.size()));
    std::copy(content.begin(), content.end(), place.begin());
  });
}

fmi3Status fmi3DeserializeFMUState(fmi3Instance instance, const fmi3Byte bytes[], size_t size, fmi3FMUState* state) {
  return call(instance, __func__, [&](Instance& it) {
    fmi3FMUState& place = target(state, "FMUState");
    place = it.deserialize(array(bytes, size, "serializedState"), static_cast<State*>(place));
  });
}

}  // extern "C"
