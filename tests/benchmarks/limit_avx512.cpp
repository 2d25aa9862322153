#include "tests/benchmarks/limit_body.h"

namespace packbench::models {

void limit_step_avx512(LimitArrays& arrays) { LimitBody<8>::step_in_blocks(arrays); }

}  // namespace packbench::models
