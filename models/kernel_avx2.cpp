#include "models/kernel_body.h"

namespace packbench::models {

extern const Kernel kKernel_avx2;
const Kernel kKernel_avx2{
    "AVX2", 4, KernelBody<4>::advance, KernelBody<4>::moves_too_far, KernelBody<4>::hold, KernelBody<4>::hold_flags};

}  // namespace packbench::models
