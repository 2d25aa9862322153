// The calls of FMI 3.0 for capabilities that the model description does not claim: all refuse.
#include "fmi/library/call.h"

using namespace packbench::fmi;

namespace {

fmi3Status refuse(fmi3Instance instance, const char* function, const char* what) {
  return call(instance, function, [&](const Instance&) {
    throw Refused(std::string("the pack has no ") + what + " (the model description says so)");
  });
}

constexpr char kDerivatives[] = "derivatives of its outputs";
constexpr char kEvents[] = "event mode";
constexpr char kClocks[] = "clocks";
constexpr char kStructure[] = "structural parameters";
constexpr char kElements[] = "dependencies of single elements";
constexpr char kExchange[] = "interface for model exchange";
constexpr char kPartitions[] = "interface for scheduled execution";

}  // namespace

extern "C" {

#define PACKBENCH_UNSUPPORTED(NAME, WHAT, ...) \
  fmi3Status NAME(fmi3Instance instance __VA_OPT__(, ) __VA_ARGS__) { return refuse(instance, __func__, WHAT); }

#define REFERENCES const fmi3ValueReference[], size_t

PACKBENCH_UNSUPPORTED(fmi3GetNumberOfVariableDependencies, kElements, fmi3ValueReference, size_t*)
PACKBENCH_UNSUPPORTED(fmi3GetVariableDependencies, kElements, fmi3ValueReference, size_t[], fmi3ValueReference[],
                      size_t[], fmi3DependencyKind[], size_t)
PACKBENCH_UNSUPPORTED(fmi3GetDirectionalDerivative, kDerivatives, REFERENCES, REFERENCES, const fmi3Float64[], size_t,
                      fmi3Float64[], size_t)
PACKBENCH_UNSUPPORTED(fmi3GetAdjointDerivative, kDerivatives, REFERENCES, REFERENCES, const fmi3Float64[], size_t,
                      fmi3Float64[], size_t)
PACKBENCH_UNSUPPORTED(fmi3GetOutputDerivatives, kDerivatives, REFERENCES, const fmi3Int32[], fmi3Float64[], size_t)

PACKBENCH_UNSUPPORTED(fmi3EnterConfigurationMode, kStructure)
PACKBENCH_UNSUPPORTED(fmi3ExitConfigurationMode, kStructure)

PACKBENCH_UNSUPPORTED(fmi3EnterEventMode, kEvents)
PACKBENCH_UNSUPPORTED(fmi3EnterStepMode, kEvents)
PACKBENCH_UNSUPPORTED(fmi3EvaluateDiscreteStates, kEvents)
PACKBENCH_UNSUPPORTED(fmi3UpdateDiscreteStates, kEvents, fmi3Boolean*, fmi3Boolean*, fmi3Boolean*, fmi3Boolean*,
                      fmi3Boolean*, fmi3Float64*)

PACKBENCH_UNSUPPORTED(fmi3GetIntervalDecimal, kClocks, REFERENCES, fmi3Float64[], fmi3IntervalQualifier[])
PACKBENCH_UNSUPPORTED(fmi3GetIntervalFraction, kClocks, REFERENCES, fmi3UInt64[], fmi3UInt64[], fmi3IntervalQualifier[])
PACKBENCH_UNSUPPORTED(fmi3GetShiftDecimal, kClocks, REFERENCES, fmi3Float64[])
PACKBENCH_UNSUPPORTED(fmi3GetShiftFraction, kClocks, REFERENCES, fmi3UInt64[], fmi3UInt64[])
PACKBENCH_UNSUPPORTED(fmi3SetIntervalDecimal, kClocks, REFERENCES, const fmi3Float64[])
PACKBENCH_UNSUPPORTED(fmi3SetIntervalFraction, kClocks, REFERENCES, const fmi3UInt64[], const fmi3UInt64[])
PACKBENCH_UNSUPPORTED(fmi3SetShiftDecimal, kClocks, REFERENCES, const fmi3Float64[])
PACKBENCH_UNSUPPORTED(fmi3SetShiftFraction, kClocks, REFERENCES, const fmi3UInt64[], const fmi3UInt64[])

PACKBENCH_UNSUPPORTED(fmi3EnterContinuousTimeMode, kExchange)
PACKBENCH_UNSUPPORTED(fmi3CompletedIntegratorStep, kExchange, fmi3Boolean, fmi3Boolean*, fmi3Boolean*)
PACKBENCH_UNSUPPORTED(fmi3SetTime, kExchange, fmi3Float64)
PACKBENCH_UNSUPPORTED(fmi3SetContinuousStates, kExchange, const fmi3Float64[], size_t)
PACKBENCH_UNSUPPORTED(fmi3GetContinuousStateDerivatives, kExchange, fmi3Float64[], size_t)
PACKBENCH_UNSUPPORTED(fmi3GetEventIndicators, kExchange, fmi3Float64[], size_t)
PACKBENCH_UNSUPPORTED(fmi3GetContinuousStates, kExchange, fmi3Float64[], size_t)
PACKBENCH_UNSUPPORTED(fmi3GetNominalsOfContinuousStates, kExchange, fmi3Float64[], size_t)
PACKBENCH_UNSUPPORTED(fmi3GetNumberOfEventIndicators, kExchange, size_t*)
PACKBENCH_UNSUPPORTED(fmi3GetNumberOfContinuousStates, kExchange, size_t*)

PACKBENCH_UNSUPPORTED(fmi3ActivateModelPartition, kPartitions, fmi3ValueReference, fmi3Float64)

}  // extern "C"
