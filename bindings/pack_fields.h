// The arrays of a pack's state that Python reads and sets, by name.
#pragma once

#include <span>
#include <string_view>

#include "models/pack.h"

namespace packbench::bindings {

enum class Access { read, set };

// One array of the state, one value for each cell; empty when the cell has no such effect.
struct Field {
  std::string_view name, unit;
  Access access;
  Eigen::ArrayXd& (*of)(models::PackState&);
};

std::span<const Field> fields();

// Throws std::invalid_argument with the known names.
const Field& field(std::string_view name);

}  // namespace packbench::bindings
