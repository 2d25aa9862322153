#include <algorithm>

#include "sim/checks/check.h"

namespace packbench::sim {

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::skipped:
      return "skipped";
  }
  return "";
}

Verdict combine(std::span<const CheckResult> results) {
  const auto any = [&](Verdict v) { return std::ranges::find(results, v, &CheckResult::verdict) != results.end(); };
  for (const Verdict v : {Verdict::fail, Verdict::inconclusive, Verdict::pass, Verdict::skipped}) {
    if (any(v)) return v;
  }
  return Verdict::inconclusive;
}

}  // namespace packbench::sim
