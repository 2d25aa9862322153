#include "fmi/library/instance.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "fmi/library/state_bytes.h"

namespace packbench::fmi {
namespace {

constexpr double kTimeTolerance = 1e-9;  // relative: importers add up step sizes, or multiply

std::string_view name(Mode mode) {
  switch (mode) {
    case Mode::instantiated:
      return "Instantiated";
    case Mode::initialization:
      return "Initialization Mode";
    case Mode::step:
      return "Step Mode";
    case Mode::terminated:
      return "Terminated";
  }
  return "";
}

std::string names(std::initializer_list<Mode> modes) {
  std::string text;
  for (const Mode mode : modes) text += fmt::format("{}{}", text.empty() ? "" : ", ", name(mode));
  return text;
}

double tolerance(double time) { return kTimeTolerance * std::max(1.0, std::abs(time)); }

}  // namespace

Instance::Instance(PackFile file, Log log)
    : model_(std::move(file)), log_(log), state_(model_.start()), next_(state_) {}

void Instance::require(std::initializer_list<Mode> allowed) const {
  if (std::find(allowed.begin(), allowed.end(), state_.mode) != allowed.end()) return;
  throw Refused(fmt::format("the instance is in the state '{}' (expected: {})", name(state_.mode), names(allowed)));
}

void Instance::enter_initialization(double start_time, bool stop_time_defined, double stop_time) {
  require({Mode::instantiated});
  if (!std::isfinite(start_time)) throw Refused(fmt::format("the start time is {} (expected a number)", start_time));
  if (stop_time_defined && !(stop_time >= start_time))
    throw Refused(fmt::format("the stop time {} s lies before the start time {} s", stop_time, start_time));
  state_.time_s = start_time;
  state_.stop_time_s = stop_time_defined ? stop_time : std::numeric_limits<double>::infinity();
  model_.initialize(state_);
  state_.mode = Mode::initialization;
}

void Instance::exit_initialization() {
  require({Mode::initialization});
  state_.mode = Mode::step;
}

void Instance::step(double time, double step_size) {
  require({Mode::step});
  if (!std::isfinite(step_size) || step_size <= 0)
    throw Refused(fmt::format("the step size is {} s (expected a number above 0)", step_size));
  if (!(std::abs(time - state_.time_s) <= tolerance(state_.time_s)))
    throw Refused(fmt::format("the step begins at {} s, but the instance is at {} s", time, state_.time_s));
  const double end = time + step_size;
  if (end > state_.stop_time_s + tolerance(end))
    throw Refused(fmt::format("the step ends at {} s, after the stop time {} s", end, state_.stop_time_s));
  next_ = state_;
  model_.step(next_, step_size);
  next_.time_s = end;
  std::swap(state_, next_);
}

void Instance::terminate() {
  require({Mode::step});
  state_.mode = Mode::terminated;
}

void Instance::reset() { state_ = model_.start(); }

const State& Instance::known(const State* saved) const {
  for (const State& state : saved_) {
    if (&state == saved) return state;
  }
  throw Refused("the FMU state is not one that this instance gave out and that is still held");
}

State* Instance::keep(const State& state, State* overwritten) {
  if (overwritten == nullptr) return &saved_.emplace_back(state);
  known(overwritten);
  return &(*overwritten = state);
}

State* Instance::save(State* overwritten) { return keep(state_, overwritten); }

void Instance::restore(const State* saved) { state_ = known(saved); }

void Instance::forget(const State* saved) {
  if (saved == nullptr) return;
  known(saved);
  saved_.remove_if([&](const State& state) { return &state == saved; });
}

std::vector<std::uint8_t> Instance::serialize(const State* saved) const {
  return state_bytes(known(saved), model_.token());
}

State* Instance::deserialize(std::span<const std::uint8_t> bytes, State* overwritten) {
  State state = model_.start();
  read_state(bytes, model_.token(), state);
  return keep(state, overwritten);
}

}  // namespace packbench::fmi
