#include "sim/plant/fault_schedule.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "sim/plant/fault_label.h"

namespace packbench::sim {
namespace {

enum class Stage { waiting, active, over };

struct ScheduledFault {
  ScheduledFault(const FaultSpec& the_spec, const SignalLayout& layout, TimeNs step) : spec(the_spec) {
    if (find_fault(spec.target, spec.channel, spec.kind) == nullptr) {
      throw std::invalid_argument("The fault '" + spec.channel + " " + spec.kind +
                                  "' is not in the catalogue of faults.");
    }
    if (!spec.when.empty()) trigger.emplace(spec.when, layout, step);
  }
  bool begins(TimeNs now, TimeNs start, const Frame& frame) {
    if (trigger) return trigger->step(now, frame.values()) == Truth::yes;
    return now - start >= spec.at.value_or(0);
  }
  bool ends(TimeNs now) const { return spec.duration && now - began >= *spec.duration; }
  bool same_as(const FaultSpec& other) const {
    return spec.target == other.target && spec.channel == other.channel && spec.kind == other.kind;
  }

  FaultSpec spec;
  std::optional<FormulaState> trigger;
  Stage stage = Stage::waiting;
  TimeNs began = 0;
};

Contactor contactor_of(std::string_view channel) {
  if (channel == "main") return Contactor::main;
  return channel == "charger" ? Contactor::charger : Contactor::precharge;
}

ContactorFault contactor_fault(std::string_view kind) {
  constexpr std::array<std::string_view, 5> kKinds{"none", "weld", "fail_to_close", "feedback_stuck_open",
                                                   "feedback_stuck_closed"};
  return static_cast<ContactorFault>(std::ranges::find(kKinds, kind) - kKinds.begin());
}

bool is_of_a_cell(const FaultSpec& fault) { return fault.target == FaultTarget::plant && fault.channel == "cell"; }

void apply_to_plant(const FaultSpec& fault, bool active, Plant& plant) {
  const std::optional<double> value = active ? std::optional(fault.value) : std::nullopt;
  if (fault.kind == "ambient") plant.set_ambient(value);
  if (fault.kind == "coolant") plant.set_coolant(value);
  if (fault.kind == "open") plant.set_precharge_resistor_open(active);
  if (fault.kind == "short") plant.set_bus_short(value);
}

}  // namespace

struct FaultSchedule::Data {
  void apply(const ScheduledFault& fault, bool active, Sensing& sensing, Plant& plant,
             const Elsewhere& elsewhere) const;
  void note(std::size_t fault, TimeNs now, bool active);
  const FaultSpec* still_active_like(const FaultSpec& spec) const;
  void step(std::size_t fault, TimeNs now, TimeNs since, const Frame& frame, Sensing& sensing, Plant& plant,
            const Elsewhere& elsewhere);
  bool of_variant(std::size_t fault) const { return fault >= prepared_faults; }

  std::vector<ScheduledFault> faults;
  std::vector<FaultEvent> events;
  std::vector<FaultEvent> prepared;  // begin and end of each fault, with labels, so that a step allocates nothing
  std::size_t prepared_faults = 0;   // the first so many are the scenario's, the rest a variant's
  std::optional<TimeNs> started, branched;
};

// Two equal faults of contactor, pack or bus may overlap: the end of one leaves the other in force.
const FaultSpec* FaultSchedule::Data::still_active_like(const FaultSpec& spec) const {
  for (const ScheduledFault& other : faults) {
    if (other.stage == Stage::active && other.same_as(spec)) return &other.spec;
  }
  return nullptr;
}

void FaultSchedule::Data::apply(const ScheduledFault& fault, bool active, Sensing& sensing, Plant& plant,
                                const Elsewhere& elsewhere) const {
  const FaultSpec* in_force = active ? &fault.spec : still_active_like(fault.spec);
  switch (fault.spec.target) {
    case FaultTarget::sensor:
      sensing.activate(fault.spec, active);
      break;
    case FaultTarget::actuator:
      plant.set_fault(contactor_of(fault.spec.channel), contactor_fault(fault.spec.kind), in_force != nullptr);
      break;
    case FaultTarget::plant:
      if (is_of_a_cell(fault.spec)) {
        plant.set_cell_fault(fault.spec.kind, fault.spec.index, fault.spec.value, active);
        break;
      }
      apply_to_plant(in_force != nullptr ? *in_force : fault.spec, in_force != nullptr, plant);
      break;
    case FaultTarget::line:
    case FaultTarget::machine:
    case FaultTarget::cloud:
      if (elsewhere) elsewhere(fault.spec, active);
      break;
  }
}

void FaultSchedule::Data::note(std::size_t fault, TimeNs now, bool active) {
  events.push_back(std::move(prepared[2 * fault + (active ? 0 : 1)]));
  events.back().at_s = to_seconds(now);
}

FaultSchedule::FaultSchedule(const Scenario& scenario, const SignalLayout& layout) : data_(std::make_unique<Data>()) {
  data_->prepared_faults = scenario.branch_point ? scenario.branch_point->faults : scenario.faults.size();
  data_->faults.reserve(scenario.faults.size());
  data_->events.reserve(2 * scenario.faults.size());
  for (const FaultSpec& spec : scenario.faults) {
    data_->faults.emplace_back(spec, layout, scenario.step);
    data_->prepared.push_back({0.0, true, fault_label(spec)});
    data_->prepared.push_back({0.0, false, fault_label(spec)});
  }
}

FaultSchedule::FaultSchedule(const Scenario& scenario, const SignalLayout& layout, const FaultSchedule& prepared,
                             Sensing& sensing)
    : FaultSchedule(scenario, layout) {
  const Data& from = *prepared.data_;
  data_->started = from.started;
  data_->events.insert(data_->events.end(), from.events.begin(), from.events.end());
  for (std::size_t i = 0; i < data_->prepared_faults; ++i) {
    ScheduledFault& fault = data_->faults[i];
    fault.stage = from.faults[i].stage;
    fault.began = from.faults[i].began;
    if (fault.trigger) fault.trigger = FormulaState(*from.faults[i].trigger);
    sensing.adopt(from.faults[i].spec, fault.spec);
  }
}

FaultSchedule::~FaultSchedule() = default;

void FaultSchedule::start(TimeNs now) { data_->started = now; }

void FaultSchedule::Data::step(std::size_t i, TimeNs now, TimeNs since, const Frame& frame, Sensing& sensing,
                               Plant& plant, const Elsewhere& elsewhere) {
  ScheduledFault& fault = faults[i];
  if (fault.stage == Stage::active && fault.ends(now)) {
    fault.stage = Stage::over;
    apply(fault, false, sensing, plant, elsewhere);
    note(i, now, false);
  } else if (fault.stage == Stage::waiting && fault.begins(now, since, frame)) {
    fault.stage = Stage::active;
    fault.began = now;
    apply(fault, true, sensing, plant, elsewhere);
    note(i, now, true);
  }
}

void FaultSchedule::step(TimeNs now, const Frame& frame, Sensing& sensing, Plant& plant, const Elsewhere& elsewhere) {
  Data& d = *data_;
  if (!d.started) return;
  for (std::size_t i = 0; i < d.faults.size(); ++i) {
    if (d.of_variant(i) && !d.branched) break;
    d.step(i, now, d.of_variant(i) ? *d.branched : *d.started, frame, sensing, plant, elsewhere);
  }
}

void FaultSchedule::start_branch(TimeNs now, const Frame& frame, Sensing& sensing, Plant& plant,
                                 const Elsewhere& elsewhere) {
  Data& d = *data_;
  d.branched = now;
  for (std::size_t i = d.prepared_faults; i < d.faults.size(); ++i)
    d.step(i, now, now, frame, sensing, plant, elsewhere);
}

const std::vector<FaultEvent>& FaultSchedule::events() const { return data_->events; }

std::vector<std::string> FaultSchedule::never_injected() const {
  std::vector<std::string> reasons;
  for (const ScheduledFault& fault : data_->faults) {
    if (fault.stage != Stage::waiting) continue;
    reasons.push_back("the fault '" + fault_label(fault.spec) + "' was never injected: " +
                      (fault.trigger ? "its `when` never came true" : "the run ended before its time"));
  }
  return reasons;
}

}  // namespace packbench::sim
