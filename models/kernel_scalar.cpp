#include "models/kernel_body.h"

namespace packbench::models {

extern const Kernel kKernel_scalar;
const Kernel kKernel_scalar{
    "scalar", 1, KernelBody<1>::advance, KernelBody<1>::moves_too_far, KernelBody<1>::hold, KernelBody<1>::hold_flags};

}  // namespace packbench::models
