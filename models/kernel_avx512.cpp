#include "models/kernel_body.h"

namespace packbench::models {

extern const Kernel kKernel_avx512;
const Kernel kKernel_avx512{
    "AVX-512", 8, KernelBody<8>::advance, KernelBody<8>::moves_too_far, KernelBody<8>::hold, KernelBody<8>::hold_flags};

}  // namespace packbench::models
