#include <pybind11/pybind11.h>

#include "bindings/bindings.h"
#include "hil/version.h"

namespace packbench::bindings {

std::string text_of(const sim::Problems& problems) {
  std::string text;
  for (const sim::Problem& problem : problems) text += (text.empty() ? "" : "\n") + problem.text();
  return text;
}

}  // namespace packbench::bindings

PYBIND11_MODULE(_core, module) {
  module.doc() = "packbench's C++ side; import packbench instead.";
  module.attr("__version__") = packbench::hil::kVersion;
  packbench::bindings::bind_cell(module);
  packbench::bindings::bind_fit(module);
  packbench::bindings::bind_pack(module);
  packbench::bindings::bind_run(module);
}
