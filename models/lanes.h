// Doubles side by side: one, two, four or eight, by the vector extension of gcc and clang. Operators and comparisons
// are the compiler's own, so an expression means the same for a double and for a vector; what follows are the few
// things that have no operator. Included by kernel_body.h only, within files that are compiled for one width each.
#pragma once

#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace packbench::models {

template <int Width>
struct Lanes {
  typedef double V __attribute__((vector_size(8 * Width)));
  typedef long long I __attribute__((vector_size(8 * Width)));
};
template <>
struct Lanes<1> {
  using V = double;
  using I = long long;
};

template <class To, class From>
[[gnu::always_inline]] inline To same_bits(From from) {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

template <class V>
[[gnu::always_inline]] inline V load(const double* from) {
  V v;
  __builtin_memcpy(&v, from, sizeof(V));
  return v;
}

template <class V>
[[gnu::always_inline]] inline void store(double* to, V v) {
  __builtin_memcpy(to, &v, sizeof(V));
}

// The first `count` lanes, 0 < count < width; the others read 0 and are not written.
template <int Width>
[[gnu::always_inline]] inline typename Lanes<Width>::V load_first(const double* from, int count) {
#if defined(__AVX512F__)
  if constexpr (Width == 8) {
    return same_bits<typename Lanes<8>::V>(_mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << count) - 1u), from));
  }
#endif
#if defined(__AVX__)
  if constexpr (Width == 4) {
    const __m256i mask = _mm256_setr_epi64x(-(count > 0), -(count > 1), -(count > 2), 0);
    return same_bits<typename Lanes<4>::V>(_mm256_maskload_pd(from, mask));
  }
#endif
  typename Lanes<Width>::V v{};
  if constexpr (Width > 1) {
    for (int i = 0; i < count; ++i) v[i] = from[i];
  }
  return v;
}

template <int Width>
[[gnu::always_inline]] inline void store_first(double* to, typename Lanes<Width>::V v, int count) {
#if defined(__AVX512F__)
  if constexpr (Width == 8) {
    _mm512_mask_storeu_pd(to, static_cast<__mmask8>((1u << count) - 1u), same_bits<__m512d>(v));
    return;
  }
#endif
#if defined(__AVX__)
  if constexpr (Width == 4) {
    const __m256i mask = _mm256_setr_epi64x(-(count > 0), -(count > 1), -(count > 2), 0);
    _mm256_maskstore_pd(to, mask, same_bits<__m256d>(v));
    return;
  }
#endif
  if constexpr (Width > 1) {
    for (int i = 0; i < count; ++i) to[i] = v[i];
  }
}

// Rows become columns: lane j of row i becomes lane i of row j.
[[gnu::always_inline]] inline void transpose(double (&)[1]) {}

[[gnu::always_inline]] inline void transpose(Lanes<2>::V (&r)[2]) {
  const auto a = r[0], b = r[1];
  r[0] = __builtin_shufflevector(a, b, 0, 2);
  r[1] = __builtin_shufflevector(a, b, 1, 3);
}

#if defined(__AVX__)
[[gnu::always_inline]] inline void transpose(Lanes<4>::V (&r)[4]) {
  Lanes<4>::V t[4];
  for (int i = 0; i < 4; i += 2) {
    t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 4, 2, 6);
    t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 5, 3, 7);
  }
  for (int i = 0; i < 2; ++i) {
    r[i] = __builtin_shufflevector(t[i], t[i + 2], 0, 1, 4, 5);
    r[i + 2] = __builtin_shufflevector(t[i], t[i + 2], 2, 3, 6, 7);
  }
}
#endif

#if defined(__AVX512F__)
[[gnu::always_inline]] inline void transpose(Lanes<8>::V (&r)[8]) {
  Lanes<8>::V s[8], t[8];
  for (int i = 0; i < 8; i += 2) {
    s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int n = 0; n < 4; ++n) {
    const int i = n + (n & 2);  // 0, 1, 4, 5
    t[i] = __builtin_shufflevector(s[i], s[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    t[i + 2] = __builtin_shufflevector(s[i], s[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (int i = 0; i < 4; ++i) {
    r[i] = __builtin_shufflevector(t[i], t[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = __builtin_shufflevector(t[i], t[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}
#endif

}  // namespace packbench::models
