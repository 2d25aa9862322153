// The parts of the Python module `packbench._core`.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "sim/mark.h"

namespace packbench::bindings {

void bind_cell(pybind11::module_& module);
void bind_fit(pybind11::module_& module);
void bind_pack(pybind11::module_& module);
void bind_run(pybind11::module_& module);

// All problems, one a line.
std::string text_of(const sim::Problems& problems);

}  // namespace packbench::bindings
