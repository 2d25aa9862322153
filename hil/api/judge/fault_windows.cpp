#include "hil/api/judge/fault_windows.h"

#include <algorithm>
#include <cmath>

#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

using sim::FaultSpec;
using sim::FaultTarget;
using sim::TimeNs;

TimeNs from_seconds(double seconds) { return static_cast<TimeNs>(std::llround(seconds * 1e9)); }

std::string seconds_text(TimeNs time) {
  std::string text = fixed_text(time / sim::kMillisecond, 3);
  return text + (text.find('.') == std::string::npos ? ".0 s" : " s");
}

HiddenChannels of_sensor(const FaultSpec& fault) {
  HiddenChannels hidden;
  hidden.pack = fault.channel == "pack_voltage";
  hidden.current = fault.channel == "pack_current";
  hidden.temperature = fault.channel == "temperature";
  if (fault.channel != "cell_voltage") return hidden;
  const int first = fault.index.value_or(0);
  const int last = !fault.index ? sim::kMaxCells - 1 : first + (fault.kind == "open_wire" ? 1 : 0);
  for (int i = first; i <= last && i < sim::kMaxCells; ++i) hidden.cells.set(static_cast<std::size_t>(i));
  return hidden;
}

HiddenChannels of_line(const FaultSpec& fault) {
  HiddenChannels hidden;
  const bool delays = fault.kind == "delay";
  if (delays || fault.channel == "from_device") hidden.contacts = {true, true};
  if (!delays && (fault.kind != "duplicate" || fault.channel != "from_device")) return hidden;
  hidden.cells.set();
  hidden.pack = hidden.current = hidden.temperature = true;
  return hidden;
}

HiddenChannels channels_of(const FaultSpec& fault) {
  if (fault.target == FaultTarget::sensor) return of_sensor(fault);
  if (fault.target == FaultTarget::line) return of_line(fault);
  HiddenChannels hidden;
  if (fault.target == FaultTarget::actuator) hidden.contacts = {fault.channel == "main", fault.channel == "charger"};
  return hidden;
}

TimeNs longest_within(const sim::Scenario& scenario) {
  TimeNs longest = 0;
  for (const sim::CheckSpec& spec : scenario.expect) {
    if (spec.kind == sim::CheckKind::telemetry_consistent) longest = std::max(longest, spec.latest);
  }
  return longest;
}

TimeNs settling_of(const FaultSpec& fault, const sim::Scenario& scenario) {
  if (fault.target == FaultTarget::sensor && fault.channel == "temperature") {
    return from_seconds(scenario.pack_profile.sensing.temperature_tau_s);
  }
  const TimeNs delay = fault.kind == "delay" ? from_seconds(fault.value) : 0;
  return std::max(longest_within(scenario), delay);
}

std::string label_of(const FaultSpec& fault) {
  const std::string index = fault.index ? " " + std::to_string(*fault.index + 1) : "";
  return fault.channel + index + " (" + fault.kind + " injected)";
}

}  // namespace

HiddenChannels& HiddenChannels::operator|=(const HiddenChannels& other) {
  cells |= other.cells;
  pack |= other.pack;
  current |= other.current;
  temperature |= other.temperature;
  for (std::size_t i = 0; i < contacts.size(); ++i) contacts[i] |= other.contacts[i];
  return *this;
}

bool HiddenChannels::any() const { return cells.any() || pack || current || temperature || contacts[0] || contacts[1]; }

std::optional<TimeNs> FaultWindows::Window::end() const {
  if (!fault.duration || !begin) return std::nullopt;
  return *begin + *fault.duration + settling;
}

FaultWindows::FaultWindows(const sim::Scenario& scenario) : step_(std::max<TimeNs>(scenario.step, 1)) {
  const sim::SignalLayout layout(scenario.pack_profile.pack.cells, scenario.pack_profile.sensing.temperatures);
  for (const FaultSpec& fault : scenario.faults) {
    const HiddenChannels channels = channels_of(fault);
    if (!channels.any()) continue;
    Window& window = windows_.emplace_back(
        Window{channels, label_of(fault), fault, settling_of(fault, scenario), std::nullopt, std::nullopt});
    // A fault acts at the first sample at or after its time, so it also ends up to a step late.
    window.settling += step_;
    if (!fault.when.empty()) window.trigger.emplace(fault.when, layout, scenario.step);
  }
}

void FaultWindows::start_phases(TimeNs now) {
  started_ = now;
  for (Window& window : windows_) {
    if (!window.trigger && window.fault.at.value_or(0) <= 0) window.begin = now;
  }
}

void FaultWindows::sample(TimeNs now, const sim::Frame& frame) {
  if (!started_) return;
  for (Window& window : windows_) {
    if (window.begin) continue;
    const bool begins = window.trigger ? window.trigger->step(now, frame.values()) == sim::Truth::yes
                                       : now - *started_ >= window.fault.at.value_or(0);
    if (begins) window.begin = now;
  }
}

HiddenChannels FaultWindows::hidden(TimeNs from, TimeNs to) const {
  HiddenChannels hidden;
  for (const Window& window : windows_) {
    if (window.begin && *window.begin <= to && window.end().value_or(from) >= from) hidden |= window.channels;
  }
  return hidden;
}

std::vector<std::string> FaultWindows::texts() const {
  std::vector<std::string> texts;
  for (const Window& window : windows_) {
    if (!window.begin) continue;
    const auto end = window.end();
    texts.push_back(window.label + " from " + seconds_text(*window.begin) +
                    (end ? " to " + seconds_text(*end) : " on"));
  }
  return texts;
}

}  // namespace packbench::hil::api
