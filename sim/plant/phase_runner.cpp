#include "sim/plant/phase_runner.h"

#include <algorithm>
#include <stdexcept>

#include "sim/plant/profile_player.h"

namespace packbench::sim {
namespace {

enum class PhaseEnd { not_yet, over, at_limit };

// A phase of the scenario with what it needs while it runs.
struct RunningPhase {
  RunningPhase(const Phase& the_phase, const SignalLayout& layout, TimeNs step);
  PhaseEnd end(TimeNs elapsed, TimeNs now, const Frame& frame);

  const Phase& phase;
  std::optional<TimeNs> duration;
  std::optional<FormulaState> until;
  bool until_was_false = false;
  std::optional<ProfilePlayer> player;
};

std::optional<TimeNs> own_duration(const Phase& phase) {
  if (phase.kind == PhaseKind::profile) {
    const TimeNs file = total_duration(phase.profile);
    return phase.duration ? std::min(*phase.duration, file) : file;
  }
  if (phase.duration || !phase.until.empty()) return phase.duration;
  if (phase.kind == PhaseKind::drive) {
    TimeNs longest = 0;
    for (const DriveTarget& target : phase.drive) longest = std::max(longest, target.ramp);
    return longest;
  }
  return phase.limit;
}

RunningPhase::RunningPhase(const Phase& the_phase, const SignalLayout& layout, TimeNs step)
    : phase(the_phase), duration(own_duration(the_phase)) {
  if (!phase.until.empty()) until.emplace(phase.until, layout, step);
  if (phase.kind == PhaseKind::profile) player.emplace(phase.profile);
  if (!duration && !phase.limit) {
    throw std::invalid_argument("The phase '" + phase.label +
                                "' has no end: it needs a duration, or `until` with a limit.");
  }
}

PhaseEnd RunningPhase::end(TimeNs elapsed, TimeNs now, const Frame& frame) {
  const Truth truth = until ? until->step(now, frame.values()) : Truth::unknown;
  if (truth == Truth::yes && until_was_false) return PhaseEnd::over;
  if (truth == Truth::no) until_was_false = true;
  if (duration && elapsed >= *duration) return PhaseEnd::over;
  if (phase.limit && elapsed >= *phase.limit) return phase.limit_is_ok ? PhaseEnd::over : PhaseEnd::at_limit;
  return PhaseEnd::not_yet;
}

void charge_with_power(Stimulus& stimulus, double power_W) {
  stimulus.charger_connected = true;
  stimulus.charger_is_power = true;
  stimulus.charger_power_W = power_W;
}

void load_with_power(Stimulus& stimulus, double power_W) {
  stimulus.load_is_power = true;
  stimulus.load_power_W = power_W;
}

Stimulus stimulus_of(RunningPhase& running, TimeNs elapsed, double charge_voltage_V) {
  const Phase& phase = running.phase;
  Stimulus stimulus;
  stimulus.charger_voltage_V = phase.voltage_V.value_or(charge_voltage_V);
  stimulus.charger_connected = phase.charger_connected || phase.kind == PhaseKind::charge;
  switch (phase.kind) {
    case PhaseKind::rest:
    case PhaseKind::drive:
      break;
    case PhaseKind::charge:
      stimulus.charger_current_A = phase.current_A;
      break;
    case PhaseKind::discharge:
      stimulus.load_current_A = phase.current_A;
      break;
    case PhaseKind::profile:
      stimulus.load_current_A = -running.player->current_A(elapsed);
      break;
    case PhaseKind::power:
      if (phase.power_W > 0.0) {
        charge_with_power(stimulus, phase.power_W);
      } else {
        load_with_power(stimulus, -phase.power_W);
      }
      break;
  }
  return stimulus;
}

}  // namespace

struct PhaseRunner::Data {
  void enter(TimeNs now, Plant& plant);
  void leave(TimeNs now, PhaseEnd end, Plant& plant);
  bool running() const { return current < phases.size(); }
  bool held() const { return running() && !entered && hold_before == current; }

  std::vector<RunningPhase> phases;
  std::vector<PhaseRecord> records;
  std::vector<PhaseRecord> prepared;  // with their labels, so that a new phase allocates nothing
  double charge_voltage_V;
  std::size_t branch = 0;                  // the first phase of the variant
  std::optional<std::size_t> hold_before;  // this phase does not begin
  std::size_t current = 0;
  bool entered = false;
  TimeNs entered_at = 0;
};

void PhaseRunner::Data::enter(TimeNs now, Plant& plant) {
  entered = true;
  entered_at = now;
  records.push_back(std::move(prepared[current]));
  records.back().from_s = records.back().to_s = to_seconds(now);
  const Phase& phase = phases[current].phase;
  if (phase.drive.empty()) {
    plant.clear_drive();
  } else {
    plant.drive(phase.drive, now);
  }
}

void PhaseRunner::Data::leave(TimeNs now, PhaseEnd end, Plant& plant) {
  records.back().to_s = to_seconds(now);
  records.back().ended_at_limit = end == PhaseEnd::at_limit;
  records.back().until_held_throughout = end == PhaseEnd::at_limit && !phases[current].until_was_false;
  entered = false;
  ++current;
  if (running()) return;
  plant.clear_drive();
  plant.set_stimulus({});
}

PhaseRunner::PhaseRunner(const Scenario& scenario, const SignalLayout& layout) : data_(std::make_unique<Data>()) {
  data_->charge_voltage_V = scenario.pack_profile.charge_voltage_V;
  data_->branch = scenario.branch_point ? scenario.branch_point->phases : scenario.phases.size();
  data_->phases.reserve(scenario.phases.size());
  data_->records.reserve(scenario.phases.size());
  for (const Phase& phase : scenario.phases) {
    data_->phases.emplace_back(phase, layout, scenario.step);
    data_->prepared.push_back({phase.label});
  }
}

PhaseRunner::PhaseRunner(const Scenario& scenario, const SignalLayout& layout, const PhaseRunner& prepared)
    : PhaseRunner(scenario, layout) {
  const Data& from = *prepared.data_;
  data_->records.insert(data_->records.end(), from.records.begin(), from.records.end());
  data_->current = from.current;
  data_->entered_at = from.entered_at;
}

PhaseRunner::~PhaseRunner() = default;

void PhaseRunner::hold_at_branch() { data_->hold_before = data_->branch; }

bool PhaseRunner::held() const { return data_->held(); }

void PhaseRunner::start(TimeNs now) { data_->entered_at = now; }

bool PhaseRunner::step(TimeNs now, const Frame& frame, Plant& plant) {
  Data& d = *data_;
  while (d.running()) {
    if (d.held()) return true;
    if (!d.entered) d.enter(now, plant);
    const PhaseEnd end = d.phases[d.current].end(now - d.entered_at, now, frame);
    if (end == PhaseEnd::not_yet) break;
    d.leave(now, end, plant);
  }
  if (!d.running()) return false;
  d.records.back().to_s = to_seconds(now);
  plant.set_stimulus(stimulus_of(d.phases[d.current], now - d.entered_at, d.charge_voltage_V));
  return true;
}

const std::vector<PhaseRecord>& PhaseRunner::records() const { return data_->records; }

std::string_view PhaseRunner::current_label() const {
  return data_->records.empty() ? std::string_view() : std::string_view(data_->records.back().label);
}

}  // namespace packbench::sim
