#include "bindings/cell_bindings.h"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "bindings/bindings.h"
#include "sim/language/cell_file_reader.h"
#include "sim/language/profile_search.h"

namespace py = pybind11;

namespace packbench::bindings {

models::TablePoint<double> PythonCell::at(double soc, double temperature_degC, bool charging) const {
  return table_.point(soc, temperature_degC, charging ? models::Direction::charge : models::Direction::discharge);
}

double PythonCell::ocv_V(double soc, double temperature_degC, double branch) const {
  const models::TablePoint<double> node = at(soc, temperature_degC, false);
  const double middle = node.ocv_V + (temperature_degC - models::NodeTable::kReference_degC) * node.entropy_V_per_K;
  return std::clamp(middle, 0.0, 5.0) + branch * node.half_gap_V;
}

double PythonCell::resistance_ohm(double soc, double temperature_degC, bool charging, int element) const {
  return at(soc, temperature_degC, charging).r_ohm[element];
}

PythonCell read_cell(const std::string& file_or_name) {
  const bool is_name = file_or_name.find('/') == std::string::npos && !file_or_name.ends_with(".yaml");
  const std::filesystem::path file =
      is_name ? sim::default_data_dir() / "cells" / file_or_name / "cell.yaml" : std::filesystem::path(file_or_name);
  auto read = sim::read_cell_file(file);
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::invalid_argument(text_of(*problems));
  return PythonCell(std::get<sim::CellFile>(std::move(read)).cell);
}

namespace {

using Values = std::vector<double>;

PythonCell scale(const PythonCell& cell, double capacity_Ah) { return cell.scaled_to(capacity_Ah); }

void bind_tables(py::module_& module) {
  py::class_<models::Curve>(module, "Curve").def(py::init([](Values soc, Values value) {
    return models::Curve{std::move(soc), std::move(value)};
  }));
  py::class_<models::ResistanceMap>(module, "ResistanceMap")
      .def(py::init([](Values soc, Values temperature_degC, Values charge_ohm, Values discharge_ohm) {
        return models::ResistanceMap{std::move(soc), std::move(temperature_degC), std::move(charge_ohm),
                                     std::move(discharge_ohm)};
      }));
  py::class_<models::Validity>(module, "Validity")
      .def_readonly("min_soc", &models::Validity::min_soc)
      .def_readonly("max_soc", &models::Validity::max_soc)
      .def_readonly("min_degC", &models::Validity::min_degC)
      .def_readonly("max_degC", &models::Validity::max_degC)
      .def_readonly("max_charge_C", &models::Validity::max_charge_C)
      .def_readonly("max_discharge_C", &models::Validity::max_discharge_C);
}

void bind_abuse(py::module_& module) {
  using models::Reaction;
  py::class_<Reaction>(module, "Reaction")
      .def(py::init(
          [](std::string name, double heat, double frequency, double activation, double seed, double inhibition) {
            return Reaction{std::move(name), heat, frequency, activation, seed, inhibition};
          }));
  py::class_<models::RunawayParameters>(module, "RunawayParameters")
      .def(py::init([](std::vector<Reaction> reactions, double collapse_degC, double width_K, double ohm) {
        return models::RunawayParameters{std::move(reactions), collapse_degC, width_K, ohm};
      }));
  py::class_<models::PlatingParameters>(module, "PlatingParameters")
      .def(py::init([](Values temperature_degC, Values empty_C, Values full_C) {
        return models::PlatingParameters{std::move(temperature_degC), std::move(empty_C), std::move(full_C)};
      }));
}

// Parameters under construction: Python fills them by name and makes a Cell of them.
void bind_parameters(py::module_& module) {
  using P = models::CellParameters;
  py::class_<P>(module, "CellParameters")
      .def(py::init<>())
      .def(py::init<const P&>())
      .def_readwrite("name", &P::name)
      .def_readwrite("capacity_Ah", &P::capacity_Ah)
      .def_readwrite("coulomb_efficiency", &P::coulomb_efficiency)
      .def_readwrite("ocv_V", &P::ocv_V)
      .def_readwrite("hysteresis_V", &P::hysteresis_V)
      .def_readwrite("entropy_V_per_K", &P::entropy_V_per_K)
      .def_readwrite("r0", &P::r0)
      .def_readwrite("activation_energy_J_per_mol", &P::activation_energy_J_per_mol)
      .def_readwrite("hysteresis_soc", &P::hysteresis_soc)
      .def_readwrite("self_discharge_ohm", &P::self_discharge_ohm)
      .def_readwrite("mass_kg", &P::mass_kg)
      .def_readwrite("specific_heat_J_per_kgK", &P::specific_heat_J_per_kgK)
      .def_readwrite("surface_share", &P::surface_share)
      .def_readwrite("core_surface_W_per_K", &P::core_surface_W_per_K)
      .def_readwrite("runaway", &P::runaway)
      .def_readwrite("plating", &P::plating)
      .def_readonly("validity", &P::validity)
      .def_property_readonly("taus_s",
                             [](const P& self) {
                               Values taus;
                               for (const models::RcPair& pair : self.pairs) taus.push_back(pair.tau_s);
                               return taus;
                             })
      .def("add_pair",
           [](P& self, models::ResistanceMap map, double tau_s) {
             self.pairs.push_back({std::move(map), tau_s});
           })
      .def("set_rate",
           [](P& self, Values soc, Values degC, Values rate) {
             self.rate_soc = std::move(soc);
             self.rate_degC = std::move(degC);
             self.rate = std::move(rate);
           })
      .def("set_validity", [](P& self, double min_soc, double max_soc, double min_degC, double max_degC,
                              double max_charge_C, double max_discharge_C) {
        self.validity = {min_soc, max_soc, min_degC, max_degC, max_charge_C, max_discharge_C};
      });
}

}  // namespace

void bind_cell(py::module_& module) {
  bind_tables(module);
  bind_abuse(module);
  bind_parameters(module);
  py::class_<PythonCell>(module, "Cell")
      .def(py::init<models::CellParameters>())
      .def_static("read", &read_cell)
      .def_property_readonly("parameters", &PythonCell::parameters)
      .def("scaled_to", &scale)
      .def("ocv_V", py::vectorize(&PythonCell::ocv_V))
      .def("resistance_ohm", py::vectorize(&PythonCell::resistance_ohm))
      .def("hysteresis_V", py::vectorize(&PythonCell::hysteresis_V))
      .def("entropy_V_per_K", py::vectorize(&PythonCell::entropy_V_per_K))
      .def("rate", py::vectorize(&PythonCell::rate));
}

}  // namespace packbench::bindings
