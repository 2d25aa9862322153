// SHA-256 of the canonical serialisation of a trace (sim/trace/README.md): what trace_hash is.
#pragma once

#include <memory>
#include <string>

#include "sim/signals.h"
#include "sim/trace/chunk.h"

namespace packbench::sim {

class CanonicalHash {
 public:
  explicit CanonicalHash(const SignalLayout& layout);
  CanonicalHash(const CanonicalHash& other);  // goes on from the same rows
  ~CanonicalHash();

  void append(const Chunk& chunk);  // canonicalised
  std::string finish();             // 64 hexadecimal digits; once

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace packbench::sim
