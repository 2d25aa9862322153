// The pack behind an instance: what is constant (Model) and what changes (State), addressed by the variables of
// variables.h.
//
// Temperatures are K outside and degC inside (degC = K - 273.15). Inputs are held during a step. Outputs are those of
// this instant: a new current shows in the voltages at once, before any step. A set external heat or short acts from
// then on.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fmi/pack_file.h"
#include "fmi/variables.h"
#include "models/pack.h"

namespace packbench::fmi {

enum class Mode : std::uint8_t { instantiated, initialization, step, terminated };

struct Inputs {
  double pack_current_A = 0;
  double ambient_K = 0;
  double coolant_K = 0;
  std::vector<std::uint8_t> bleed;      // per position
  std::vector<double> external_heat_W;  // per cell
  std::vector<double> short_S;          // per cell
};

// Everything that changes in an instance: a copy is an FMU state.
struct State {
  Mode mode = Mode::instantiated;
  double time_s = 0;
  double stop_time_s = 0;  // infinite: none
  StartValues parameters;
  Inputs inputs;
  models::PackState pack;  // made of the parameters by initialize()
};

class Model {
 public:
  // Throws std::invalid_argument for parameters that make no sense.
  explicit Model(PackFile file);

  const std::string& token() const { return file_.token; }
  const Layout& layout() const { return layout_; }

  State start() const;                  // before anything is set
  void initialize(State& state) const;  // the pack at rest, as the parameters say, with the inputs as they are

  // Numbers (Type::float64) and words (the other types); as many as the variable has elements.
  void get(const State& state, const Variable& variable, std::span<double> values) const;
  void get(const State& state, const Variable& variable, std::span<std::uint64_t> values) const;

  // Throws std::invalid_argument for numbers that the variable cannot have.
  void check(const Variable& variable, std::span<const double> values) const;

  // Take values that have been checked.
  void set(State& state, const Variable& variable, std::span<const double> values) const;
  void set(State& state, const Variable& variable, std::span<const std::uint64_t> values) const;

  // Throws std::runtime_error when the pack left the numbers; the state is then useless.
  void step(State& state, double step_s) const;

 private:
  void get_cells(const State& state, Reference output, std::span<double> values) const;
  void set_heat(State& state, std::span<const double> heat_W) const;
  void set_shorts(State& state, std::span<const double> short_S) const;

  PackFile file_;
  Layout layout_;
  models::Pack pack_;
};

}  // namespace packbench::fmi
