#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bindings/bindings.h"
#include "hil/device_uri.h"
#include "hil/report/report.h"
#include "hil/session.h"
#include "hil/simulation.h"
#include "sim/language/scenario_reader.h"

namespace py = pybind11;

namespace packbench::bindings {
namespace {

// A scenario that cannot be read; the message has every problem, one a line.
class ScenarioError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

sim::Scenario read(const std::filesystem::path& file, const std::vector<std::string>& set,
                   std::optional<std::uint64_t> seed) {
  auto result = sim::read_scenario(file, set);
  if (const auto* problems = std::get_if<sim::Problems>(&result)) throw ScenarioError(text_of(*problems));
  sim::Scenario scenario = std::get<sim::Scenario>(std::move(result));
  if (!scenario.variants.empty())
    throw ScenarioError("'" + file.string() + "' has variants, each a run of its own: run it by packbench run.");
  if (seed) scenario.seed = *seed;
  return scenario;
}

// The program that plays the device of native:, as the running program is Python.
std::string executable() { return py::cast<std::string>(py::module_::import("packbench._paths").attr("executable")()); }

hil::RunResult only_run(const sim::Scenario& scenario, const hil::SessionOptions& options) {
  hil::SessionResult session = hil::run_session({scenario}, options);
  if (!options.out.empty()) {
    if (const std::string error = hil::write_reports(session, options.out, std::nullopt); !error.empty())
      throw std::runtime_error(error);
  }
  return std::move(session.runs.front());
}

// The pack of a scenario alone, its trace in `out`.
hil::RunResult simulate(const std::filesystem::path& file, const std::filesystem::path& out,
                        std::optional<std::uint64_t> seed, const std::vector<std::string>& set, double trace_period_s) {
  const sim::Scenario scenario = read(file, set, seed);
  hil::SessionOptions options;
  options.devices = {""};
  options.out = out;
  options.base_command = "packbench simulate";
  options.run = hil::simulate_scenario;
  options.bench.trace.csv = false;
  options.bench.trace.period = static_cast<sim::TimeNs>(trace_period_s * 1e9 + 0.5);
  const py::gil_scoped_release unlocked;
  hil::RunResult result = only_run(scenario, options);
  if (!result.trace_error.empty()) throw std::runtime_error(result.trace_error);
  return result;
}

hil::RunResult run(const std::filesystem::path& file, const std::string& device,
                   const std::optional<std::filesystem::path>& out, const std::string& defect,
                   std::optional<std::uint64_t> seed, const std::vector<std::string>& set, bool api, double speed) {
  if (const std::string error = hil::check_device_uri(device); !error.empty()) throw std::invalid_argument(error);
  const sim::Scenario scenario = read(file, set, seed);
  hil::SessionOptions options;
  options.devices = {device};
  if (out) options.out = *out;
  options.base_command = "packbench run";
  options.bench.defect = defect;
  options.bench.api = api;
  options.bench.speed = speed;
  options.bench.executable = executable();
  const py::gil_scoped_release unlocked;
  return only_run(scenario, options);
}

void bind_check(py::module_& module) {
  using sim::CheckResult;
  py::class_<CheckResult>(module, "CheckResult",
                          "One check: its verdict and its signed margin, positive where it passed.")
      .def_readonly("name", &CheckResult::name)
      .def_readonly("requirement", &CheckResult::requirement)
      .def_property_readonly(
          "verdict", [](const CheckResult& self) { return std::string(sim::verdict_name(self.verdict)); },
          "pass, fail, inconclusive or skipped")
      .def_readonly("margin", &CheckResult::margin,
                    "how far from failing, in `unit`; None where a check has no quantity")
      .def_readonly("unit", &CheckResult::unit)
      .def_readonly("measured", &CheckResult::measured)
      .def_readonly("limit", &CheckResult::limit)
      .def_readonly("worst_at_s", &CheckResult::worst_at_s, "simulated time of the deciding sample")
      .def_readonly("marginal", &CheckResult::marginal, "a pass with a margin below the measurement's resolution")
      .def_readonly("detail", &CheckResult::detail)
      .def_readonly("formula", &CheckResult::formula)
      .def("__repr__", [](const CheckResult& self) {
        return "<CheckResult " + std::string(sim::verdict_name(self.verdict)) + " '" + self.name + "'>";
      });
}

void bind_result(py::module_& module) {
  using hil::RunResult;
  py::class_<RunResult>(module, "RunResult", "What one run of one scenario on one device came to.")
      .def_readonly("scenario", &RunResult::scenario)
      .def_readonly("device", &RunResult::device)
      .def_property_readonly(
          "verdict", [](const RunResult& self) { return std::string(sim::verdict_name(self.verdict)); },
          "pass, fail, inconclusive or skipped")
      .def_readonly("reason", &RunResult::reason)
      .def_readonly("sim_s", &RunResult::sim_s, "simulated seconds")
      .def_readonly("wall_s", &RunResult::wall_s, "real seconds")
      .def_readonly("steps", &RunResult::steps)
      .def_readonly("seed", &RunResult::seed)
      .def_readonly("trace_file", &RunResult::trace_file, "HDF5 file for read_trace, empty without `out`")
      .def_readonly("trace_hash", &RunResult::trace_hash)
      .def_readonly("first_fault", &RunResult::first_fault)
      .def_readonly("notes", &RunResult::notes)
      .def_readonly("checks", &RunResult::checks)
      .def("__repr__", [](const RunResult& self) {
        return "<RunResult " + std::string(sim::verdict_name(self.verdict)) + " '" + self.scenario + "' on " +
               self.device + ">";
      });
}

}  // namespace

void bind_run(py::module_& module) {
  py::register_exception<ScenarioError>(module, "ScenarioError", PyExc_ValueError);
  bind_check(module);
  bind_result(module);
  module.def(
      "run", &run, py::arg("scenario"), py::kw_only(), py::arg("device") = "native:", py::arg("out") = py::none(),
      py::arg("defect") = "", py::arg("seed") = py::none(), py::arg("set") = std::vector<std::string>{},
      py::arg("api") = true, py::arg("speed") = 0.0,
      "Runs a scenario file on a device and judges it. `out` keeps reports and a trace there; `set` overrides keys "
      "('pack.soc=80 %'); `speed` is simulated seconds per second, 0 as fast as possible. Raises ScenarioError for a "
      "scenario "
      "that cannot be read and ValueError for an unknown device.");
  module.def("_simulate", &simulate, py::arg("scenario"), py::arg("out"), py::arg("seed"), py::arg("set"),
             py::arg("trace_period_s"));
}

}  // namespace packbench::bindings
