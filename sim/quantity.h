// Quantities as text: "50 A", "3.65 V", "2 min", "25 degC", "80 %", "0.5 C" (C-rate of the pack), "154 uV", "10 mohm".
//
// Values become SI doubles at once: V, A, W, s, Ah, ohm, 1 (percent is 0.01), and degC for temperatures, K for
// temperature differences. Prefixes u, m, k where usual; 1.0e3 notation is accepted. A bare number is Dimension::one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace packbench::sim {

enum class Dimension {
  one,
  voltage,
  current,
  power,
  time,
  temperature,
  temperature_difference,
  charge,
  resistance,
  c_rate,
  frequency,
  voltage_rate,
  temperature_rate,
  current_rate
};

std::string_view unit_of(Dimension dimension);         // "V", "A", "s", "degC", ...; "1" for Dimension::one
std::string_view dimension_name(Dimension dimension);  // for sentences: "a voltage", "a time", "a number", ...
std::string known_units(Dimension dimension);          // "V, mV, uV, kV"

struct Quantity {
  double value = 0;
  Dimension dimension = Dimension::one;
};

// Shortest text that parse_quantity reads back to the same value: "3.65 V", "120 s", "0.8".
std::string quantity_text(const Quantity& quantity);

// The quantity, or a sentence that says what is wrong ("unknown unit 'volts' (expected V, mV, uV)").
std::variant<Quantity, std::string> parse_quantity(std::string_view text);

}  // namespace packbench::sim
