#include "sim/quantity.h"

#include <array>
#include <charconv>
#include <cmath>

namespace packbench::sim {
namespace {

// value in SI = number * multiply / divide. Small prefixes divide, so that "154 uV" is exactly the double 154e-6.
struct Unit {
  std::string_view name;
  Dimension dimension;
  double multiply;
  double divide;
};

constexpr Unit kUnits[] = {
    {"V", Dimension::voltage, 1, 1},
    {"mV", Dimension::voltage, 1, 1e3},
    {"uV", Dimension::voltage, 1, 1e6},
    {"kV", Dimension::voltage, 1e3, 1},
    {"A", Dimension::current, 1, 1},
    {"mA", Dimension::current, 1, 1e3},
    {"uA", Dimension::current, 1, 1e6},
    {"kA", Dimension::current, 1e3, 1},
    {"W", Dimension::power, 1, 1},
    {"mW", Dimension::power, 1, 1e3},
    {"kW", Dimension::power, 1e3, 1},
    {"s", Dimension::time, 1, 1},
    {"ms", Dimension::time, 1, 1e3},
    {"us", Dimension::time, 1, 1e6},
    {"min", Dimension::time, 60, 1},
    {"h", Dimension::time, 3600, 1},
    {"degC", Dimension::temperature, 1, 1},
    {"K", Dimension::temperature_difference, 1, 1},
    {"mK", Dimension::temperature_difference, 1, 1e3},
    {"Ah", Dimension::charge, 1, 1},
    {"mAh", Dimension::charge, 1, 1e3},
    {"ohm", Dimension::resistance, 1, 1},
    {"mohm", Dimension::resistance, 1, 1e3},
    {"uohm", Dimension::resistance, 1, 1e6},
    {"kohm", Dimension::resistance, 1e3, 1},
    {"Mohm", Dimension::resistance, 1e6, 1},
    {"C", Dimension::c_rate, 1, 1},
    {"Hz", Dimension::frequency, 1, 1},
    {"kHz", Dimension::frequency, 1e3, 1},
    {"V/s", Dimension::voltage_rate, 1, 1},
    {"mV/s", Dimension::voltage_rate, 1, 1e3},
    {"mV/h", Dimension::voltage_rate, 1, 3.6e6},
    {"K/s", Dimension::temperature_rate, 1, 1},
    {"K/min", Dimension::temperature_rate, 1, 60},
    {"A/s", Dimension::current_rate, 1, 1},
    {"%", Dimension::one, 1, 100},
};

struct DimensionWords {
  std::string_view unit;
  std::string_view name;
};

constexpr std::array<DimensionWords, 14> kDimensions{{
    {"1", "a number"},
    {"V", "a voltage"},
    {"A", "a current"},
    {"W", "a power"},
    {"s", "a time"},
    {"degC", "a temperature"},
    {"K", "a temperature difference"},
    {"Ah", "a charge"},
    {"ohm", "a resistance"},
    {"C", "a C-rate"},
    {"Hz", "a frequency"},
    {"V/s", "a voltage rate"},
    {"K/s", "a temperature rate"},
    {"A/s", "a current rate"},
}};

struct Misspelling {
  std::string_view written;
  Dimension dimension;
};

constexpr Misspelling kMisspellings[] = {
    {"°C", Dimension::temperature},     {"celsius", Dimension::temperature}, {"Celsius", Dimension::temperature},
    {"Ω", Dimension::resistance},       {"percent", Dimension::one},         {"S", Dimension::time},
    {"mOhm", Dimension::resistance},    {"mΩ", Dimension::resistance},       {"µV", Dimension::voltage},
    {"millivolts", Dimension::voltage},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t shared_prefix(std::string_view a, std::string_view b) {
  std::size_t n = 0;
  while (n < a.size() && n < b.size() && lower(a[n]) == lower(b[n])) ++n;
  return n;
}

// The dimension that the writer probably meant: a known misspelling, else the unit with the longest shared beginning.
std::optional<Dimension> meant(std::string_view unit) {
  for (const Misspelling& m : kMisspellings)
    if (m.written == unit) return m.dimension;
  std::optional<Dimension> best;
  std::size_t longest = 0;
  for (const Unit& known : kUnits) {
    const std::size_t n = shared_prefix(known.name, unit);
    if (n == known.name.size() && n > longest) {
      longest = n;
      best = known.dimension;
    }
  }
  return best;
}

std::string unknown_unit(std::string_view unit) {
  const std::optional<Dimension> dimension = meant(unit);
  const std::string expected =
      dimension ? known_units(*dimension)
                : "V, A, W, s, min, h, degC, K, Ah, ohm, C, Hz or %, with a prefix u, m or k where usual";
  return "unknown unit '" + std::string(unit) + "' (expected " + expected + ")";
}

}  // namespace

std::string_view unit_of(Dimension dimension) { return kDimensions[static_cast<std::size_t>(dimension)].unit; }

std::string_view dimension_name(Dimension dimension) { return kDimensions[static_cast<std::size_t>(dimension)].name; }

std::string known_units(Dimension dimension) {
  std::string out = dimension == Dimension::one ? "a bare number" : "";
  for (const Unit& unit : kUnits) {
    if (unit.dimension != dimension) continue;
    if (!out.empty()) out += dimension == Dimension::one ? " or " : ", ";
    out += unit.name;
  }
  return out;
}

std::string quantity_text(const Quantity& quantity) {
  char digits[64];
  const double magnitude = std::abs(quantity.value);
  const bool readable = magnitude == 0 || (magnitude >= 1e-6 && magnitude < 1e15);
  const auto format = readable ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(digits, digits + sizeof digits, quantity.value, format).ptr;
  std::string out(digits, end);
  if (quantity.dimension != Dimension::one) out += ' ' + std::string(unit_of(quantity.dimension));
  return out;
}

std::variant<Quantity, std::string> parse_quantity(std::string_view text) {
  const std::string_view whole = trim(text);
  std::string_view rest = whole;
  if (rest.starts_with('+') && !rest.starts_with("+-")) rest.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error == std::errc::result_out_of_range)
    return "'" + std::string(whole) +
           "' is outside the range of numbers (expected a magnitude between 1e-300 and 1e300)";
  if (error != std::errc() || !std::isfinite(number))
    return "'" + std::string(whole) + "' is not a quantity (expected a number and a unit, such as 3.65 V)";
  const std::string_view name = trim(rest.substr(static_cast<std::size_t>(end - rest.data())));
  if (name.empty()) return Quantity{number, Dimension::one};
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    const double value = number * unit.multiply / unit.divide;
    if (std::isfinite(value)) return Quantity{value, unit.dimension};
    return "'" + std::string(whole) +
           "' is outside the range of numbers (expected a magnitude between 1e-300 and 1e300)";
  }
  return unknown_unit(name);
}

}  // namespace packbench::sim
