// Sensor faults as values in a list: what each does to a reading is one row of a table, not a flag per sensor.
//
// Faults of one channel act in the order in which they became active. `distort` acts on the analog quantity before the
// converter, `replace` on the reading behind it.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "models/random.h"
#include "sim/plant/plant.h"

namespace packbench::sim {

enum class SensorChannel { cell_voltage, pack_voltage, bus_voltage, pack_current, temperature };

enum class SensorEffect {
  offset,
  gain,
  drift,
  stuck,
  frozen,
  spike,
  noise,
  open_wire,
  reversed,
  ntc_open,
  ntc_short,
  dropout
};

// Of the words of the catalogue; nothing for a word that is none of a sensor.
std::optional<SensorChannel> sensor_channel(std::string_view word);
std::optional<SensorEffect> sensor_effect(std::string_view word);

class SensorFaults {
 public:
  // Makes room for `most` faults at once.
  SensorFaults(std::uint64_t seed, std::size_t most);

  // Throws std::invalid_argument for a fault that is not a sensor's. `fault` must stay where it is while it is active.
  void activate(const FaultSpec& fault);
  void deactivate(const FaultSpec& fault);

  void make_room(std::size_t most) { active_.reserve(most); }
  // Where `before` is active, its copy `after` takes its place.
  void adopt(const FaultSpec& before, const FaultSpec& after);

  bool none() const { return active_.empty(); }
  // Is this effect active on the element?
  bool has(SensorChannel channel, int element, SensorEffect effect) const;
  double distort(SensorChannel channel, int element, double value, TimeNs now);
  double replace(SensorChannel channel, int element, double reading, TimeNs now);

 private:
  struct Active {
    const FaultSpec* spec;
    SensorChannel channel;
    SensorEffect effect;
    TimeNs since = -1;                     // first sample under the fault
    std::array<double, kMaxCells> held{};  // frozen: the last reading before; NaN: none yet
    bool acts_on(SensorChannel which, int element) const;
  };
  static double replaced(Active& fault, std::size_t element, double reading, TimeNs now);
  double distorted(const Active& fault, double value, TimeNs now);

  std::vector<Active> active_;
  std::array<std::array<double, kMaxCells>, 5> last_;  // last reading of each channel and element
  models::Stream noise_;
};

}  // namespace packbench::sim
