// One instance of the exported pack: the state machine of FMI 3.0 co-simulation around a Model.
//
//   instantiated --enter_initialization--> initialization --exit_initialization--> step --terminate--> terminated
//
// Every call checks its state and all its arguments before it changes anything, and throws std::exception with one
// sentence otherwise: a refused call leaves the instance as it was. reset() leads back to the beginning from anywhere,
// set_state() to where the state was taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <list>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "fmi/library/log.h"
#include "fmi/library/model.h"

namespace packbench::fmi {

// A call that FMI does not allow here, or whose arguments make no sense.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Instance {
 public:
  Instance(PackFile file, Log log);

  Log& log() { return log_; }
  double time() const { return state_.time_s; }

  void enter_initialization(double start_time, bool stop_time_defined, double stop_time);
  void exit_initialization();
  void step(double time, double step_size);
  void terminate();
  void reset();

  // All elements of all named variables, one after another. Value is the type of the interface that `type` names.
  template <class Value>
  void get(Type type, std::span<const std::uint32_t> references, std::span<Value> values);
  template <class Value>
  void set(Type type, std::span<const std::uint32_t> references, std::span<const Value> values);
  // Access by a type that no variable has: good for no variables at all.
  void get_none(std::string_view type, std::size_t references) const;
  void set_none(std::string_view type, std::size_t references) const;

  // FMU states belong to the instance until they are freed; each call refuses a pointer that it does not know.
  State* save(State* overwritten);  // nullptr: into a new one
  void restore(const State* saved);
  void forget(const State* saved);  // nullptr: nothing
  std::vector<std::uint8_t> serialize(const State* saved) const;
  State* deserialize(std::span<const std::uint8_t> bytes, State* overwritten);

 private:
  void require(std::initializer_list<Mode> allowed) const;
  const Variable& typed(Type type, std::uint32_t reference) const;
  const Variable& writable(Type type, std::uint32_t reference) const;
  void require_elements(std::span<const std::uint32_t> references, std::size_t given) const;
  const State& known(const State* saved) const;
  State* keep(const State& state, State* overwritten);

  Model model_;
  Log log_;
  State state_;
  State next_;              // of a step, until it is known to be good
  std::list<State> saved_;  // FMU states that the importer holds
  std::vector<std::uint64_t> words_;
};

}  // namespace packbench::fmi
