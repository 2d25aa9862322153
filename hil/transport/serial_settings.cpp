#include <charconv>

#include "hil/transport/serial_port.h"

namespace packbench::hil {
namespace {

constexpr int kLowestBaud = 1200;
constexpr int kHighestBaud = 12'000'000;

std::string set_baud(std::string_view value, SerialSettings& settings) {
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), settings.baud);
  const bool number = error == std::errc() && end == value.data() + value.size();
  if (number && settings.baud >= kLowestBaud && settings.baud <= kHighestBaud) return "";
  return "baud=" + std::string(value) +
         " is not a usable rate (expected a whole number from 1200 to 12000000, such as 921600).";
}

std::string set_switch(std::string_view key, std::string_view value, bool& line) {
  line = value == "on";
  if (value == "on" || value == "off") return "";
  return std::string(key) + "=" + std::string(value) + " is not understood (expected on or off).";
}

std::string set_option(std::string_view option, SerialSettings& settings) {
  const std::size_t equals = option.find('=');
  const std::string_view key = option.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? "" : option.substr(equals + 1);
  if (key == "baud") return set_baud(value, settings);
  if (key == "dtr") return set_switch(key, value, settings.dtr);
  if (key == "rts") return set_switch(key, value, settings.rts);
  if (key == "dialect") {
    settings.dialect = value;
    return value == "packlink" ? "" : "the dialect '" + std::string(value) + "' is unknown (expected packlink).";
  }
  return "unknown option '" + std::string(key) + "' (expected baud=, dialect=, dtr= or rts=).";
}

}  // namespace

std::variant<SerialSettings, std::string> parse_serial_settings(std::string_view text) {
  SerialSettings settings;
  std::size_t comma = text.find(',');
  settings.path = text.substr(0, comma);
  if (settings.path.empty()) return "serial: needs a port, as in serial:/dev/ttyACM0,baud=921600.";
  while (comma != std::string_view::npos) {
    text.remove_prefix(comma + 1);
    comma = text.find(',');
    std::string trouble = set_option(text.substr(0, comma), settings);
    if (!trouble.empty()) return "serial:" + settings.path + ": " + trouble;
  }
  return settings;
}

}  // namespace packbench::hil
