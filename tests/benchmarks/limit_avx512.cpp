#include "tests/benchmarks/limit_body.h"

namespace packbench::models {

void limit_step_avx512(LimitArrays& arrays) {
  constexpr int kBlock = 480;  // whole packs of 15 and whole vectors; stays in the first cache between its two loops
  const int cells = arrays.cells;
  for (int first = 0; first < cells; first += kBlock) {
    LimitArrays block = arrays;
    block.cells = kBlock < cells - first ? kBlock : cells - first;
    for (double*& array : block.array) array += first;
    LimitBody<8>::step(block);
  }
}

}  // namespace packbench::models
