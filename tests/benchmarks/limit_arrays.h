// What the limit loop works on; every array is a whole number of vectors long, with one vector more at each end.
#pragma once

#include "models/cell_step.h"
#include "models/node.h"

namespace packbench::models {

struct LimitArrays {
  static constexpr int kArrays = 20;
  static constexpr int kEnd = 8;
  enum Name {
    soc,
    v1,
    v2,
    hysteresis,
    core,
    surface,
    heat,
    per_capacity,
    factor,
    internal,
    joint,
    heater,
    ocv_factor,
    current,
    bleed,
    left,
    sheet,
    middle,
    surface_heat,
    electrode
  };
  double* array[kArrays];  // element kEnd + k is that of cell k
  int cells;
  NodeGrid grid;
  StepPlan plan;
  double ambient_degC;
};

void limit_step_avx2(LimitArrays& arrays);
void limit_step_avx512(LimitArrays& arrays);

}  // namespace packbench::models
