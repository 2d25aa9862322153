#include "models/kernel.h"

namespace packbench::models {

extern const Kernel kKernel_scalar, kKernel_sse2;
#if defined(__x86_64__)
extern const Kernel kKernel_avx2, kKernel_avx512;
#endif

int runnable_kernels(const Kernel* (&kernels)[4]) {
  int count = 0;
  kernels[count++] = &kKernel_scalar;
  kernels[count++] = &kKernel_sse2;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) kernels[count++] = &kKernel_avx2;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    kernels[count++] = &kKernel_avx512;
  }
#endif
  return count;
}

const Kernel& widest_kernel() {
  static const Kernel& widest = [&]() -> const Kernel& {
    const Kernel* kernels[4];
    return *kernels[runnable_kernels(kernels) - 1];
  }();
  return widest;
}

}  // namespace packbench::models
