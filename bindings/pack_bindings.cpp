#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "bindings/bindings.h"
#include "bindings/cell_bindings.h"
#include "bindings/pack_batch.h"
#include "bindings/pack_fields.h"
#include "sim/language/pack_profile_reader.h"
#include "sim/language/profile_search.h"

namespace py = pybind11;

namespace packbench::bindings {
namespace {

// Arrays come from packbench/pack.py: contiguous, of the right shape.
using Array = py::array_t<double, py::array::c_style>;
using Flags = py::array_t<std::uint8_t, py::array::c_style>;

std::span<const double> span(const Array& array) { return {array.data(), static_cast<std::size_t>(array.size())}; }
std::span<const std::uint8_t> span(const Flags& flags) {
  return {flags.data(), static_cast<std::size_t>(flags.size())};
}

models::PackParameters profile_parameters(const std::string& profile) {
  const auto found =
      sim::find_profile("packs", profile, std::filesystem::current_path(), sim::default_data_dir(), {}, "pack");
  if (const auto* problem = std::get_if<sim::Problem>(&found)) throw std::invalid_argument(problem->text());
  auto read = sim::read_pack_profile(std::get<std::filesystem::path>(found));
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::invalid_argument(text_of(*problems));
  return std::get<sim::PackProfile>(std::move(read)).pack;
}

Array read(const PackBatch& batch, const std::string& name) {
  const std::size_t width = batch.width(name);
  Array out(static_cast<py::ssize_t>(width));
  batch.read(name, {out.mutable_data(), width});
  return out;
}

// Arrays for the recordings of a run, rows x width; the spans of `recordings` point into them.
std::vector<Array> room_for(const PackBatch& batch, const std::vector<std::string>& names, std::size_t rows,
                            std::vector<Recording>& recordings) {
  std::vector<Array> arrays;
  for (const std::string& name : names) {
    const std::size_t width = batch.width(name);
    arrays.emplace_back(std::vector<py::ssize_t>{static_cast<py::ssize_t>(rows), static_cast<py::ssize_t>(width)});
    recordings.push_back({name, {arrays.back().mutable_data(), rows * width}});
  }
  return arrays;
}

// Lets Python see Ctrl-C during a long run.
void look_at_signals() {
  const py::gil_scoped_acquire locked;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

std::vector<Array> run(PackBatch& batch, const Array& current_A, const Array& dt_s, const Array& ambient_degC,
                       const Array& coolant_degC, const Flags& bleed, std::size_t steps, std::size_t repeats,
                       std::size_t every, const std::vector<std::string>& names, int threads) {
  std::vector<Recording> recordings;
  std::vector<Array> arrays = room_for(batch, names, steps * repeats / every, recordings);
  const Profile profile{span(current_A), span(dt_s), span(ambient_degC), span(coolant_degC), steps, repeats};
  const py::gil_scoped_release unlocked;
  batch.run(profile, span(bleed), every, recordings, threads, look_at_signals);
  return arrays;
}

void step(PackBatch& batch, const Array& current_A, const Flags& bleed, double ambient_degC, double coolant_degC,
          double dt_s) {
  const py::gil_scoped_release unlocked;
  batch.step(span(current_A), span(bleed), {ambient_degC, coolant_degC}, dt_s);
}

std::vector<std::tuple<std::string, std::string, bool>> field_table() {
  std::vector<std::tuple<std::string, std::string, bool>> table;
  for (const Field& field : fields()) {
    table.emplace_back(field.name, field.unit, field.access == Access::set);
  }
  return table;
}

void bind_parameters(py::module_& module) {
  using P = models::PackParameters;
  py::class_<models::Spread>(module, "Spread")
      .def(py::init<>())
      .def_readwrite("capacity_sigma", &models::Spread::capacity_sigma)
      .def_readwrite("soc_sigma", &models::Spread::soc_sigma)
      .def_readwrite("resistance_sigma", &models::Spread::resistance_sigma)
      .def_readwrite("correlation", &models::Spread::correlation);
  py::class_<P>(module, "PackParameters")
      .def(py::init<>())
      .def_static("read", &profile_parameters)
      .def_property_readonly("cell", [](const P& self) { return PythonCell(self.cell); })
      .def("set_cell", [](P& self, const PythonCell& cell) { self.cell = cell.parameters(); })
      .def_readwrite("cells", &P::cells)
      .def_readwrite("parallel", &P::parallel)
      .def_readwrite("spread", &P::spread)
      .def_property(
          "ageing_acceleration", [](const P& self) { return self.cell.ageing.acceleration; },
          [](P& self, double times) { self.cell.ageing.acceleration = times; })
      .def_readwrite("bleed_ohm", &P::bleed_ohm)
      .def_readwrite("joint_ohm", &P::joint_ohm)
      .def_readwrite("neighbour_W_per_K", &P::neighbour_W_per_K)
      .def_readwrite("ambient_W_per_K", &P::ambient_W_per_K)
      .def_readwrite("coolant_W_per_K", &P::coolant_W_per_K);
}

}  // namespace

void bind_pack(py::module_& module) {
  bind_parameters(module);
  module.def("pack_fields", &field_table);
  py::class_<PackBatch>(module, "PackBatch")
      .def(py::init<const models::PackParameters&, int, double, double, std::uint64_t>())
      .def("copy", [](const PackBatch& self) { return PackBatch(self); })
      .def_property_readonly("parameters", &PackBatch::parameters)
      .def_property_readonly("packs", &PackBatch::packs)
      .def("has", &PackBatch::has)
      .def("read", &read)
      .def("set", [](PackBatch& self, const std::string& name, const Array& values) { self.set(name, span(values)); })
      .def("step", &step)
      .def("run", &run)
      .def("outside_validity", &PackBatch::outside_validity);
}

}  // namespace packbench::bindings
