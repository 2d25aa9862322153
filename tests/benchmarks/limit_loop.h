// The machine's limit: the physics of Pack::step written out by hand for one shape of cell (two pairs, no rate table,
// one direction of current for each pack), with everything in the way left out: no checks, no sub-steps, no groups, no
// whole packs to end vectors at, inverses of capacities ready made, products fused with sums.
#pragma once

#include <memory>
#include <vector>

#include "models/pack.h"

namespace packbench::models {

struct LimitArrays;

class LimitLoop {
 public:
  // The packs of a batch, their states and the step.
  LimitLoop(const Pack& pack, const PackState& state, const std::vector<double>& pack_current_A, double ambient_degC,
            double dt_s);
  ~LimitLoop();

  // False: this processor has neither AVX-512 nor AVX2 with fused products.
  static bool runs();
  static int width();

  void step();
  void reverse_currents();
  double soc(int cell) const;  // to see that it is the same physics
  double core_degC(int cell) const;
  double heat_W(int cell) const;

 private:
  struct Memory;
  std::unique_ptr<Memory> arrays_;
  void (*step_)(LimitArrays&);
};

}  // namespace packbench::models
