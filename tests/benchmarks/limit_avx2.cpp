#include "tests/benchmarks/limit_body.h"

namespace packbench::models {

void limit_step_avx2(LimitArrays& arrays) { LimitBody<4>::step_in_blocks(arrays); }

}  // namespace packbench::models
