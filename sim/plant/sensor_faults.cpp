#include "sim/plant/sensor_faults.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace packbench::sim {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr std::array<std::string_view, 5> kChannels{"cell_voltage", "pack_voltage", "bus_voltage", "pack_current",
                                                    "temperature"};
constexpr std::array<std::string_view, 12> kEffects{"offset",   "gain",     "drift",     "stuck",
                                                    "frozen",   "spike",    "noise",     "open_wire",
                                                    "reversed", "ntc_open", "ntc_short", "dropout"};

template <typename Enum, std::size_t N>
std::optional<Enum> find_word(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

}  // namespace

std::optional<SensorChannel> sensor_channel(std::string_view word) { return find_word<SensorChannel>(kChannels, word); }
std::optional<SensorEffect> sensor_effect(std::string_view word) { return find_word<SensorEffect>(kEffects, word); }

SensorFaults::SensorFaults(std::uint64_t seed, std::size_t most) : noise_(seed, "sensing.fault.noise") {
  active_.reserve(most);
  for (auto& channel : last_) channel.fill(kNaN);
}

bool SensorFaults::Active::acts_on(SensorChannel which, int element) const {
  return channel == which && (!spec->index || *spec->index == element);
}

void SensorFaults::activate(const FaultSpec& fault) {
  const auto channel = sensor_channel(fault.channel);
  const auto effect = sensor_effect(fault.kind);
  const bool known = find_fault(FaultTarget::sensor, fault.channel, fault.kind) != nullptr;
  if (fault.target != FaultTarget::sensor || !known || !channel || !effect) {
    throw std::invalid_argument("'" + fault.channel + " " + fault.kind + "' is not a fault of a sensor.");
  }
  deactivate(fault);
  active_.push_back({&fault, *channel, *effect, -1, last_[static_cast<std::size_t>(*channel)]});
}

void SensorFaults::deactivate(const FaultSpec& fault) {
  std::erase_if(active_, [&](const Active& active) { return active.spec == &fault; });
}

void SensorFaults::adopt(const FaultSpec& before, const FaultSpec& after) {
  for (Active& active : active_) {
    if (active.spec == &before) active.spec = &after;
  }
}

bool SensorFaults::has(SensorChannel channel, int element, SensorEffect effect) const {
  return std::ranges::any_of(
      active_, [&](const Active& fault) { return fault.effect == effect && fault.acts_on(channel, element); });
}

double SensorFaults::distorted(const Active& fault, double value, TimeNs now) {
  switch (fault.effect) {
    case SensorEffect::offset:
      return value + fault.spec->value;
    case SensorEffect::gain:
      return value * (1.0 + fault.spec->value);
    case SensorEffect::drift:
      return value + fault.spec->value * to_seconds(now - fault.since);
    case SensorEffect::noise:
      return value + noise_.normal(0.0, fault.spec->value);
    case SensorEffect::reversed:
      return -value;
    default:
      return value;
  }
}

double SensorFaults::distort(SensorChannel channel, int element, double value, TimeNs now) {
  for (Active& fault : active_) {
    if (!fault.acts_on(channel, element)) continue;
    if (fault.since < 0) fault.since = now;
    value = distorted(fault, value, now);
  }
  return value;
}

double SensorFaults::replaced(Active& fault, std::size_t element, double reading, TimeNs now) {
  switch (fault.effect) {
    case SensorEffect::stuck:
      return fault.spec->value;
    case SensorEffect::frozen:
      if (std::isnan(fault.held[element])) fault.held[element] = reading;
      return fault.held[element];
    case SensorEffect::spike:
      return now == fault.since ? fault.spec->value : reading;
    case SensorEffect::dropout:
      return kNaN;
    default:
      return reading;
  }
}

double SensorFaults::replace(SensorChannel channel, int element, double reading, TimeNs now) {
  const auto i = static_cast<std::size_t>(element);
  for (Active& fault : active_) {
    if (!fault.acts_on(channel, element)) continue;
    if (fault.since < 0) fault.since = now;
    reading = replaced(fault, i, reading, now);
  }
  last_[static_cast<std::size_t>(channel)][i] = reading;
  return reading;
}

}  // namespace packbench::sim
