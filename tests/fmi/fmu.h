// An exported FMU as an importing tool sees it: the unzipped folder, the library behind dlopen, nothing of ours linked.
#pragma once

#include <dlfcn.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "fmi/fmi3.h"

namespace packbench::fmi_test {

// FMI(fmu, fmi3DoStep)(instance, ...): the function of the standard, looked up by its name.
#define FMI(fmu, name) ((fmu).function<decltype(&::name)>(#name))

class Fmu {
 public:
  explicit Fmu(const std::filesystem::path& folder);
  ~Fmu() { ::dlclose(library_); }
  Fmu(const Fmu&) = delete;
  Fmu& operator=(const Fmu&) = delete;

  template <class Function>
  Function function(const char* name) const {
    void* const address = ::dlsym(library_, name);
    if (address == nullptr) throw std::runtime_error(std::string(name) + " is not exported");
    return reinterpret_cast<Function>(address);
  }

  const std::string& token() const { return token_; }
  std::string resources() const { return resources_; }
  std::uint32_t reference(const std::string& variable) const { return references_.at(variable); }
  std::size_t elements(const std::string& variable) const { return elements_.at(variable); }

 private:
  void* library_;
  std::string token_, resources_;
  std::map<std::string, std::uint32_t> references_;
  std::map<std::string, std::size_t> elements_;
};

// The exported packs that the build made for these tests: "series" and "groups".
const Fmu& fmu(const std::string& name = "series");

enum class Stage { instantiated, initialization, step, terminated };
inline constexpr Stage kStages[] = {Stage::instantiated, Stage::initialization, Stage::step, Stage::terminated};
std::string stage_name(Stage stage);  // as the library's messages write it

// One instance with its log; freed at the end.
class Simulation {
 public:
  explicit Simulation(const Fmu& fmu = fmi_test::fmu(), Stage stage = Stage::instantiated);
  ~Simulation() { FMI(fmu_, fmi3FreeInstance)(handle); }
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  void lead_to(Stage stage);  // from Instantiated

  std::vector<double> get(const std::string& variable) const;
  fmi3Status set(const std::string& variable, const std::vector<double>& values) const;
  fmi3Status set_bleed(const std::vector<std::uint8_t>& on) const;
  fmi3Status set_seed(std::uint64_t seed) const;
  fmi3Status step(double time, double step_size) const;
  std::vector<std::uint8_t> bytes() const;  // the whole state, serialized

  std::string last_message() const { return log.empty() ? "" : log.back(); }
  const Fmu& fmu() const { return fmu_; }

  fmi3Instance handle = nullptr;
  std::vector<std::string> log;

 private:
  const Fmu& fmu_;
};

}  // namespace packbench::fmi_test
