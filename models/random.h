// Random numbers that are the same everywhere: one seed per run, and a stream of its own for each named source.
//
//   Stream noise(seed, "afe.cell_noise");     // another name, another stream: adding a source moves no other
//   Stream cells(seed, "pack.spread", pack);  // and one per index
//   noise.normal(0.0, sigma_V);
//
// Generator: xoshiro256** (Blackman and Vigna, ACM TOMS 47 (2021) 36), its 256 bits of state filled by splitmix64
// (Steele, Lea, Flood, OOPSLA 2014) from mix(mix(mix(seed) + FNV-1a-64(name)) + index), mix being splitmix64's output
// function. uniform(): the upper 53 bits times 2^-53. normal(): the inverse of the normal distribution function
// (Wichura, algorithm AS 241, PPND16, relative error about 1e-16) of (upper 52 bits + 1/2) 2^-52: one draw per number,
// |z| < 8.3, no libm. A stream is a value: copies continue independently with the same numbers.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace packbench::models {

// 64-bit FNV-1a hash of a name.
std::uint64_t name_hash(std::string_view name);

// splitmix64: advances the state and returns the next number.
std::uint64_t splitmix64(std::uint64_t& state);

// Quantile of the standard normal distribution, 0 < p < 1.
double normal_quantile(double p);

class Xoshiro256 {
 public:
  explicit Xoshiro256(std::uint64_t seed);  // state filled by splitmix64
  explicit Xoshiro256(std::array<std::uint64_t, 4> state) : state_(state) {}

  std::uint64_t next();
  friend bool operator==(const Xoshiro256&, const Xoshiro256&) = default;

 private:
  std::array<std::uint64_t, 4> state_;
};

class Stream {
 public:
  Stream(std::uint64_t seed, std::string_view name, std::uint64_t index = 0);

  std::uint64_t next() { return generator_.next(); }
  double uniform();                         // 0 <= u < 1
  double uniform(double low, double high);  // low <= u < high
  double normal();                          // mean 0, sigma 1
  double normal(double mean, double sigma) { return mean + sigma * normal(); }
  friend bool operator==(const Stream&, const Stream&) = default;

 private:
  Xoshiro256 generator_;
};

}  // namespace packbench::models
