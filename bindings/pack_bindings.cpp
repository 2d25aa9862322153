#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bindings/bindings.h"
#include "models/pack.h"
#include "sim/language/pack_profile_reader.h"
#include "sim/language/profile_search.h"

namespace py = pybind11;

namespace packbench::bindings {
namespace {

using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;
using Bleed = py::array_t<std::uint8_t, py::array::c_style | py::array::forcecast>;

// A pack (or a batch of packs) with its state: what Python steps.
class PythonPack {
 public:
  PythonPack(const models::PackParameters& parameters, int packs, double soc, double temperature_degC,
             std::uint64_t seed)
      : pack_(parameters, packs),
        state_(pack_.initial_state(soc, temperature_degC, seed)),
        current_A_(static_cast<std::size_t>(packs), 0.0),
        bleed_(static_cast<std::size_t>(packs * parameters.cells), 0),
        voltage_V_(packs * parameters.cells) {}

  Array step(const Array& current_A, double dt_s, const std::optional<Bleed>& bleed, double ambient_degC) {
    if (!(dt_s >= 0)) throw std::invalid_argument("dt_s must not be negative");
    take("current_A", current_A, current_A_);
    if (bleed)
      take("bleed", *bleed, bleed_);
    else
      std::fill(bleed_.begin(), bleed_.end(), std::uint8_t{0});
    pack_.step(state_, current_A_, bleed_, {ambient_degC, ambient_degC}, dt_s);
    return cell_voltage();
  }

  Array cell_voltage() {
    pack_.cell_voltage(state_, current_A_, bleed_, voltage_V_);
    return by_cell(voltage_V_);
  }

  Array cell_ocv() {
    pack_.cell_ocv(state_, voltage_V_);
    return by_cell(voltage_V_);
  }

  Array by_cell(const Eigen::ArrayXd& values) const {
    Array out({pack_.packs(), pack_.cells()});
    std::copy(values.data(), values.data() + values.size(), out.mutable_data());
    return out;
  }

  Array soc() const { return by_cell(state_.soc); }
  Array temperature() const { return by_cell(state_.surface_degC); }
  Array capacity() const { return by_cell(state_.capacity_Ah); }
  Array pack_soc() const {
    Array out(pack_.packs());
    for (int pack = 0; pack < pack_.packs(); ++pack) out.mutable_at(pack) = pack_.pack_soc(state_, pack);
    return out;
  }
  int cells() const { return pack_.cells(); }
  int packs() const { return pack_.packs(); }

 private:
  template <typename T, typename Source>
  static void take(const char* name, const Source& source, std::vector<T>& target) {
    if (source.size() == 1) {
      std::fill(target.begin(), target.end(), *source.data());
    } else if (static_cast<std::size_t>(source.size()) == target.size()) {
      std::copy(source.data(), source.data() + source.size(), target.begin());
    } else {
      throw std::invalid_argument(std::string(name) + " must have 1 or " + std::to_string(target.size()) +
                                  " values, not " + std::to_string(source.size()));
    }
  }

  models::Pack pack_;
  models::PackState state_;
  std::vector<double> current_A_;
  std::vector<std::uint8_t> bleed_;
  Eigen::ArrayXd voltage_V_;
};

std::unique_ptr<PythonPack> from_profile(const std::string& profile, int packs, double soc, double temperature_degC,
                                         std::uint64_t seed) {
  const auto found =
      sim::find_profile("packs", profile, std::filesystem::current_path(), sim::default_data_dir(), {}, "profile");
  if (const auto* problem = std::get_if<sim::Problem>(&found)) throw std::invalid_argument(problem->text());
  auto read = sim::read_pack_profile(std::get<std::filesystem::path>(found));
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::invalid_argument(text_of(*problems));
  return std::make_unique<PythonPack>(std::get<sim::PackProfile>(read).pack, packs, soc, temperature_degC, seed);
}

}  // namespace

void bind_pack(py::module_& module) {
  py::class_<PythonPack>(
      module, "Pack",
      "One pack or a batch of packs with its state. Arrays have the shape (packs, cells); positive current charges.")
      .def(py::init(&from_profile), py::arg("profile") = "lfp-15s-100ah", py::kw_only(), py::arg("packs") = 1,
           py::arg("soc") = 0.5, py::arg("temperature_degC") = 25.0, py::arg("seed") = 1,
           "Packs at rest. `profile` is the name of a pack profile or a file; SOC is 0..1; the cell spread is drawn "
           "from `seed`.")
      .def("step", &PythonPack::step, py::arg("current_A"), py::arg("dt_s"), py::kw_only(),
           py::arg("bleed") = py::none(), py::arg("ambient_degC") = 25.0,
           "Holds the pack currents (scalar or shape (packs,)) for dt_s seconds and returns the cell voltages in V, "
           "shape (packs, "
           "cells). `bleed` switches bleed resistors on (1), shape (packs, cells).")
      .def("cell_voltage_V", &PythonPack::cell_voltage,
           "Terminal voltages at the current of the last step, shape (packs, cells).")
      .def("cell_ocv_V", &PythonPack::cell_ocv, "Open-circuit voltages, shape (packs, cells).")
      .def_property_readonly("cell_soc", &PythonPack::soc,
                             "State of charge of each cell, may leave 0..1, shape (packs, cells).")
      .def_property_readonly("cell_temperature_degC", &PythonPack::temperature,
                             "Surface temperature of each cell, shape (packs, cells).")
      .def_property_readonly("cell_capacity_Ah", &PythonPack::capacity, "Shape (packs, cells).")
      .def_property_readonly("soc", &PythonPack::pack_soc,
                             "Pack SOC by the weakest and the fullest cell, shape (packs,).")
      .def_property_readonly("cells", &PythonPack::cells)
      .def_property_readonly("packs", &PythonPack::packs);
}

}  // namespace packbench::bindings
