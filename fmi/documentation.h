// The page documentation/index.html of an exported pack.
#pragma once

#include <string>

#include "fmi/export.h"

namespace packbench::fmi {

std::string documentation_page(const Export& what);

}  // namespace packbench::fmi
