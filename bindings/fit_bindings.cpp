#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <vector>

#include "bindings/bindings.h"
#include "bindings/cell_bindings.h"
#include "models/fit/fit.h"
#include "models/fit/to_cell.h"

namespace py = pybind11;

namespace packbench::bindings {
namespace {

namespace fit = models::fit;
using Values = std::vector<double>;
using Array = py::array_t<double>;

Array array(const Values& values) { return Array(static_cast<py::ssize_t>(values.size()), values.data()); }

// One column for each member of a bin.
py::dict columns(const std::vector<fit::Bin>& bins) {
  const auto column = [&](auto member) {
    Values values;
    for (const fit::Bin& bin : bins) values.push_back(static_cast<double>(bin.*member));
    return array(values);
  };
  py::dict out;
  out["from_soc"] = column(&fit::Bin::from_soc);
  out["to_soc"] = column(&fit::Bin::to_soc);
  out["samples"] = column(&fit::Bin::samples);
  out["rms_V"] = column(&fit::Bin::rms_V);
  out["mean_V"] = column(&fit::Bin::mean_V);
  out["worst_V"] = column(&fit::Bin::worst_V);
  return out;
}

void bind_record(py::module_& module) {
  using fit::RecordFit;
  py::class_<fit::Record>(module, "FitRecord")
      .def(py::init([](std::string name, double temperature_degC, std::optional<double> start_soc, Values time_s,
                       Values current_A, Values voltage_V) {
        return fit::Record{std::move(name),   temperature_degC,     start_soc,
                           std::move(time_s), std::move(current_A), std::move(voltage_V)};
      }));
  py::class_<RecordFit>(module, "RecordFit")
      .def_readonly("name", &RecordFit::name)
      .def_readonly("temperature_degC", &RecordFit::temperature_degC)
      .def_property_readonly("soc", [](const RecordFit& self) { return array(self.soc); })
      .def_property_readonly("own_V", [](const RecordFit& self) { return array(self.own_V); })
      .def_property_readonly("cell_V", [](const RecordFit& self) { return array(self.cell_V); })
      .def_readonly("own_rms_V", &RecordFit::own_rms_V)
      .def_readonly("cell_rms_V", &RecordFit::cell_rms_V)
      .def_readonly("knee_rms_V", &RecordFit::knee_rms_V)
      .def_readonly("top_rms_V", &RecordFit::top_rms_V)
      .def_property_readonly("bins", [](const RecordFit& self) { return columns(self.bins); });
}

void bind_options(py::module_& module) {
  using O = fit::Options;
  py::class_<O>(module, "FitOptions")
      .def(py::init<>())
      .def_readwrite("pairs", &O::pairs)
      .def_readwrite("capacity_Ah", &O::capacity_Ah)
      .def_readwrite("by_direction", &O::by_direction)
      .def_readwrite("hysteresis", &O::hysteresis)
      .def_readwrite("hysteresis_soc", &O::hysteresis_soc)
      .def_readwrite("noise_V", &O::noise_V)
      .def_readwrite("knee_soc", &O::knee_soc)
      .def_readwrite("ocv_step_soc", &O::ocv_step_soc)
      .def_readwrite("longest_tau_s", &O::longest_tau_s);
}

}  // namespace

void bind_fit(py::module_& module) {
  using R = fit::Result;
  bind_record(module);
  bind_options(module);
  py::class_<R>(module, "FitResult")
      .def_readonly("capacity_Ah", &R::capacity_Ah)
      .def_readonly("records", &R::records)
      .def_readonly("remarks", &R::remarks)
      .def_property_readonly("ocv_soc", [](const R& self) { return array(self.ocv.soc); })
      .def_property_readonly("ocv_V", [](const R& self) { return array(self.ocv.value); })
      .def_property_readonly("ocv_sigma_V", [](const R& self) { return array(self.ocv.sigma); })
      .def_property_readonly("taus_sigma_s",
                             [](const R& self) {
                               Values sigma;
                               for (const fit::FittedPair& pair : self.pairs) sigma.push_back(pair.tau_sigma_s);
                               return array(sigma);
                             })
      .def_property_readonly("cell", [](const R& self) { return PythonCell(fit::cell_of(self)); });
  module.def("usual_pairs", &fit::usual_pairs, py::arg("records"));
  module.def("fit_cell", [](const std::vector<fit::Record>& records, const fit::Options& options) {
    const py::gil_scoped_release unlocked;
    return fit::fit_cell(records, options);
  });
}

}  // namespace packbench::bindings
