// The catalogue of faults that a scenario can inject: one table for the reader, the injector, `list --faults` and the
// schema.
#pragma once

#include <limits>
#include <span>
#include <string_view>

#include "sim/quantity.h"

namespace packbench::sim {

// sensor: between truth and measurement. line: whole frames in the bench, `to_device` or `from_device`. actuator: a
// contactor of the plant. plant: cells. machine: the device's processor. cloud: between the gateway and the Device API.
enum class FaultTarget { sensor, line, actuator, plant, machine, cloud };

enum class FaultValue { none, required, optional };

struct FaultKind {
  FaultTarget target;
  std::string_view channel;  // "cell_voltage", "to_device", "main", ...
  bool indexed;              // channel takes an index [1..n]; without it, all elements
  std::string_view kind;     // "offset", "drop", "weld", ...
  FaultValue value;
  Dimension dimension;  // of `value`
  std::string_view description;
  double least = -std::numeric_limits<double>::infinity();  // of `value`, in its dimension
  double most = std::numeric_limits<double>::infinity();
};

std::string_view target_name(FaultTarget target);
std::span<const FaultKind> fault_catalogue();
const FaultKind* find_fault(FaultTarget target, std::string_view channel, std::string_view kind);

}  // namespace packbench::sim
