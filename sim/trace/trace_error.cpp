#include "sim/trace/trace_error.h"

namespace packbench::sim {

std::system_error trace_error(const std::string& what, const std::filesystem::path& path, int errno_value) {
  return {errno_value, std::generic_category(), what + ": " + path.string()};
}

}  // namespace packbench::sim
