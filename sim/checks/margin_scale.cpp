#include "sim/checks/margin_scale.h"

namespace packbench::sim {

MarginScale margin_scale(Dimension dimension, bool counted, TimeNs step) {
  if (counted) return {1.0, 0.0};
  switch (dimension) {
    case Dimension::one:
      return {0.01, 0.0001};
    case Dimension::voltage:
      return {0.01, 0.0002};
    case Dimension::current:
      return {1.0, 0.001};
    case Dimension::power:
      return {50.0, 0.05};
    case Dimension::time:
      return {to_seconds(step), to_seconds(step)};
    case Dimension::temperature:
    case Dimension::temperature_difference:
      return {1.0, 0.1};
    case Dimension::charge:
      return {1.0, 0.001};
    case Dimension::resistance:
      return {1e-4, 1e-6};
    case Dimension::c_rate:
    case Dimension::frequency:
      return {0.01, 0.0001};
    case Dimension::voltage_rate:
      return {0.01, 0.0002};
    case Dimension::temperature_rate:
      return {1.0, 0.1};
    case Dimension::current_rate:
      return {1.0, 0.001};
  }
  return {1.0, 0.0};
}

}  // namespace packbench::sim
