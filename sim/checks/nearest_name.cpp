#include "sim/checks/nearest_name.h"

#include <algorithm>

#include "sim/spelling.h"

namespace packbench::sim {
namespace {

constexpr std::size_t kLongestName = 64;

// A name without a group may mean the part of a candidate behind its first dot, at the price of one edit.
int distance_to(std::string_view name, std::string_view candidate) {
  const int whole = edit_distance(name, candidate);
  const auto dot = candidate.find('.');
  if (dot == std::string_view::npos || name.find('.') != std::string_view::npos) return whole;
  return std::min(whole, 1 + edit_distance(name, candidate.substr(dot + 1)));
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates) {
  if (name.empty() || name.size() > kLongestName) return std::nullopt;
  const int allowed = std::max(1, static_cast<int>(name.size()) / 3);
  std::optional<std::string> best;
  int best_distance = allowed + 1;
  for (const std::string& candidate : candidates) {
    const int distance = distance_to(name, candidate);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

}  // namespace packbench::sim
