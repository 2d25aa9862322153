#include "models/kernel_body.h"

namespace packbench::models {

extern const Kernel kKernel_sse2;
const Kernel kKernel_sse2{
    "SSE2", 2, KernelBody<2>::advance, KernelBody<2>::moves_too_far, KernelBody<2>::hold, KernelBody<2>::hold_flags};

}  // namespace packbench::models
