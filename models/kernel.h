// The loops over all cells of some packs that Pack::step runs in each sub-step, for the width of this machine's
// vectors.
//
// One source (kernel_body.h) is compiled for one, two (SSE2), four (AVX2) and eight (AVX-512) cells at a time; the
// widest that the processor has is taken at run time. Every width does the same operations on every cell in the same
// order, none fuses a product with a sum, and no sum runs over lanes: the bits are the same whatever the width.
#pragma once

#include "models/cell_step.h"
#include "models/node.h"

namespace packbench::models {

// Cells of whole packs, and what they share. Every array has one value for each cell, but for those that say otherwise.
// Arrays that are "padded" may be written up to the next whole vector.
struct KernelCells {
  int cells;
  int members;  // of a group
  // state
  double *soc, *rc_V[kMaxPairs], *hysteresis, *core_degC, *surface_degC, *heat_W;
  // conditions
  const double *capacity_Ah, *resistance_factor, *internal_S, *joint_ohm, *heater_W, *ocv_factor;
  const double* pack_A;        // padded: current of the cell's pack
  const double* bleed_S;       // padded: of the cell
  const double* left_W_per_K;  // padded, one more: to the cell before, 0 at the beginning of a pack
  // work and results
  double *surface_before_degC, *surface_mid_degC;  // padded, one more at each end: that of cell k is element 1 + k
  double* surface_W;                               // padded: from joint and heater
  double* electrode_A;                             // padded: through the electrodes during the sub-step
  NodeGrid grid;
  double ambient_degC, coolant_degC;
};

// A sub-step may move no cell further than this; see Pack.
struct StepLimits {
  double most_V;  // of a cell, for the current through its conductances
  double bleed_S;
  double Ah_per_A;  // capacity that a cell must have per ampere
  double most_heat_W;
};

struct Kernel {
  const char* name;  // "AVX-512"
  int width;         // cells at a time
  void (*advance)(const KernelCells& cells, const StepPlan& plan);
  bool (*moves_too_far)(const KernelCells& cells, const StepLimits& limits);
  void (*hold)(double* out, int count, double value);  // out[i] = value
  // The same for each of the `members` cells of `count` positions: value where its position is on, else 0.
  void (*hold_flags)(double* out, const unsigned char* on, int count, int members, double value);
};

inline constexpr int kWidestKernel = 8;
inline constexpr int kKernelTile = 128;  // cells of groups that are solved together

// The kernels that this processor can run, from one cell at a time to the widest. Returns how many there are.
int runnable_kernels(const Kernel* (&kernels)[4]);

const Kernel& widest_kernel();

}  // namespace packbench::models
