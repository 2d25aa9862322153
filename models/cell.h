// placeholder of the contract; the models owner completes it (OCV, R0, two RC pairs, heat)
#pragma once

namespace packbench::models {
struct CellParameters {
  double capacity_Ah = 100;
};
}  // namespace packbench::models
