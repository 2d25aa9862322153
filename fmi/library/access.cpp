// The calls of FMI 3.0 that read and set variables.
#include "fmi/library/call.h"

using namespace packbench::fmi;

namespace {

std::span<const fmi3ValueReference> named(const fmi3ValueReference* references, std::size_t count) {
  return array(references, count, "valueReferences");
}

}  // namespace

extern "C" {

#define PACKBENCH_ACCESS(TYPE, KIND)                                                                             \
  fmi3Status fmi3Get##TYPE(fmi3Instance instance, const fmi3ValueReference references[], size_t reference_count, \
                           fmi3##TYPE values[], size_t value_count) {                                            \
    return call(instance, __func__, [&](Instance& it) {                                                          \
      it.get(KIND, named(references, reference_count), array(values, value_count, "values"));                    \
    });                                                                                                          \
  }                                                                                                              \
  fmi3Status fmi3Set##TYPE(fmi3Instance instance, const fmi3ValueReference references[], size_t reference_count, \
                           const fmi3##TYPE values[], size_t value_count) {                                      \
    return call(instance, __func__, [&](Instance& it) {                                                          \
      it.set(KIND, named(references, reference_count), array(values, value_count, "values"));                    \
    });                                                                                                          \
  }

#define PACKBENCH_NO_ACCESS(TYPE)                                                                                   \
  fmi3Status fmi3Get##TYPE(fmi3Instance instance, const fmi3ValueReference[], size_t reference_count, fmi3##TYPE[], \
                           size_t) {                                                                                \
    return call(instance, __func__, [&](const Instance& it) { it.get_none(#TYPE, reference_count); });              \
  }                                                                                                                 \
  fmi3Status fmi3Set##TYPE(fmi3Instance instance, const fmi3ValueReference[], size_t reference_count,               \
                           const fmi3##TYPE[], size_t) {                                                            \
    return call(instance, __func__, [&](const Instance& it) { it.set_none(#TYPE, reference_count); });              \
  }

PACKBENCH_ACCESS(Float64, Type::float64)
PACKBENCH_ACCESS(UInt32, Type::uint32)
PACKBENCH_ACCESS(UInt64, Type::uint64)
PACKBENCH_ACCESS(Boolean, Type::boolean)
PACKBENCH_NO_ACCESS(Float32)
PACKBENCH_NO_ACCESS(Int8)
PACKBENCH_NO_ACCESS(UInt8)
PACKBENCH_NO_ACCESS(Int16)
PACKBENCH_NO_ACCESS(UInt16)
PACKBENCH_NO_ACCESS(Int32)
PACKBENCH_NO_ACCESS(Int64)
PACKBENCH_NO_ACCESS(String)

fmi3Status fmi3GetBinary(fmi3Instance instance, const fmi3ValueReference[], size_t reference_count, size_t[],
                         fmi3Binary[], size_t) {
  return call(instance, __func__, [&](const Instance& it) { it.get_none("Binary", reference_count); });
}

fmi3Status fmi3SetBinary(fmi3Instance instance, const fmi3ValueReference[], size_t reference_count, const size_t[],
                         const fmi3Binary[], size_t) {
  return call(instance, __func__, [&](const Instance& it) { it.set_none("Binary", reference_count); });
}

fmi3Status fmi3GetClock(fmi3Instance instance, const fmi3ValueReference[], size_t reference_count, fmi3Clock[]) {
  return call(instance, __func__, [&](const Instance& it) { it.get_none("Clock", reference_count); });
}

fmi3Status fmi3SetClock(fmi3Instance instance, const fmi3ValueReference[], size_t reference_count, const fmi3Clock[]) {
  return call(instance, __func__, [&](const Instance& it) { it.set_none("Clock", reference_count); });
}

}  // extern "C"
