// Suggestions for misspelt names.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace packbench::sim {

// The candidate nearest to `name` (inserted, removed, replaced or swapped neighbouring characters count one each), if
// it is near enough to be what was meant (a third of its length, at least 1 edit). A name without a dot is also
// compared with the part behind a candidate's dot ("pack_current" -> "truth.pack_current").
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace packbench::sim
