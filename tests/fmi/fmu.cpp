#include "fmu.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <regex>

namespace packbench::fmi_test {
namespace {

std::string read_all(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(path.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string attribute(const std::string& element, const std::string& name) {
  std::smatch match;
  if (!std::regex_search(element, match, std::regex(" " + name + "=\"([^\"]*)\""))) return "";
  return match[1];
}

void* open_library(const std::filesystem::path& folder) {
  const auto path = folder / "binaries" / "x86_64-linux" / "packbench_pack.so";
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  return library;
}

void record(fmi3InstanceEnvironment environment, fmi3Status status, fmi3String category, fmi3String message) {
  if (status == fmi3Error && std::string(category) == "logStatusError")
    static_cast<std::vector<std::string>*>(environment)->emplace_back(message);
}

void expect(fmi3Status status, const std::string& what) {
  if (status != fmi3OK) throw std::runtime_error(what);
}

}  // namespace

Fmu::Fmu(const std::filesystem::path& folder)
    : library_(open_library(folder)), resources_((folder / "resources" / "").string()) {
  const std::string xml = read_all(folder / "modelDescription.xml");
  token_ = attribute(xml, "instantiationToken");
  const std::regex element("<(Float64|UInt32|UInt64|Boolean) [^>]*>(\\s*<Dimension [^>]*>)*");
  const std::regex dimension("<Dimension start=\"([0-9]+)\"");
  for (std::sregex_iterator it(xml.begin(), xml.end(), element), end; it != end; ++it) {
    const std::string text = it->str();
    std::size_t size = 1;
    for (std::sregex_iterator d(text.begin(), text.end(), dimension); d != end; ++d) size *= std::stoul((*d)[1]);
    const std::string name = attribute(text, "name");
    references_[name] = static_cast<std::uint32_t>(std::stoul(attribute(text, "valueReference")));
    elements_[name] = size;
  }
}

const Fmu& fmu(const std::string& name) {
  static std::mutex one_at_a_time;
  static std::map<std::string, std::unique_ptr<Fmu>> loaded;
  const std::scoped_lock lock(one_at_a_time);
  auto& place = loaded[name];
  if (!place) place = std::make_unique<Fmu>(std::filesystem::path(PACKBENCH_FMUS) / name);
  return *place;
}

std::string stage_name(Stage stage) {
  switch (stage) {
    case Stage::instantiated:
      return "Instantiated";
    case Stage::initialization:
      return "Initialization Mode";
    case Stage::step:
      return "Step Mode";
    case Stage::terminated:
      return "Terminated";
  }
  return "";
}

Simulation::Simulation(const Fmu& fmu, Stage stage) : fmu_(fmu) {
  handle = FMI(fmu, fmi3InstantiateCoSimulation)("pack", fmu.token().c_str(), fmu.resources().c_str(), false, true,
                                                 false, false, nullptr, 0, &log, record, nullptr);
  if (handle == nullptr) throw std::runtime_error("not instantiated: " + last_message());
  lead_to(stage);
}

void Simulation::lead_to(Stage stage) {
  if (stage == Stage::instantiated) return;
  expect(FMI(fmu_, fmi3EnterInitializationMode)(handle, false, 0, 0, false, 0), last_message());
  if (stage == Stage::initialization) return;
  expect(FMI(fmu_, fmi3ExitInitializationMode)(handle), last_message());
  if (stage == Stage::step) return;
  expect(FMI(fmu_, fmi3Terminate)(handle), last_message());
}

std::vector<double> Simulation::get(const std::string& variable) const {
  const std::uint32_t reference = fmu_.reference(variable);
  std::vector<double> values(fmu_.elements(variable));
  expect(FMI(fmu_, fmi3GetFloat64)(handle, &reference, 1, values.data(), values.size()), last_message());
  return values;
}

fmi3Status Simulation::set(const std::string& variable, const std::vector<double>& values) const {
  const std::uint32_t reference = fmu_.reference(variable);
  return FMI(fmu_, fmi3SetFloat64)(handle, &reference, 1, values.data(), values.size());
}

fmi3Status Simulation::set_bleed(const std::vector<std::uint8_t>& on) const {
  const std::uint32_t reference = fmu_.reference("bleed");
  const auto values = std::make_unique<bool[]>(on.size());
  for (std::size_t i = 0; i < on.size(); ++i) values[i] = on[i] != 0;
  return FMI(fmu_, fmi3SetBoolean)(handle, &reference, 1, values.get(), on.size());
}

fmi3Status Simulation::set_seed(std::uint64_t seed) const {
  const std::uint32_t reference = fmu_.reference("seed");
  return FMI(fmu_, fmi3SetUInt64)(handle, &reference, 1, &seed, 1);
}

fmi3Status Simulation::step(double time, double step_size) const {
  bool event = true, terminate = true, early = true;
  double last = -1;
  const fmi3Status status = FMI(fmu_, fmi3DoStep)(handle, time, step_size, true, &event, &terminate, &early, &last);
  if (status == fmi3OK && (event || terminate || early || last != time + step_size))
    throw std::runtime_error("a whole step was reported as something else");
  return status;
}

std::vector<std::uint8_t> Simulation::bytes() const {
  fmi3FMUState state = nullptr;
  std::size_t size = 0;
  expect(FMI(fmu_, fmi3GetFMUState)(handle, &state), last_message());
  expect(FMI(fmu_, fmi3SerializedFMUStateSize)(handle, state, &size), last_message());
  std::vector<std::uint8_t> bytes(size);
  expect(FMI(fmu_, fmi3SerializeFMUState)(handle, state, bytes.data(), size), last_message());
  expect(FMI(fmu_, fmi3FreeFMUState)(handle, &state), last_message());
  return bytes;
}

}  // namespace packbench::fmi_test
