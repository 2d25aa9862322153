#include "hil/device_uri.h"

#include <variant>

#include <fmt/format.h>

#include "hil/device.h"
#include "hil/transport/serial_port.h"
#include "hil/transport/stm32_transport.h"

namespace packbench::hil {
namespace {

template <typename Settings>
std::string wrong_in(const std::variant<Settings, std::string>& settings) {
  const auto* wrong = std::get_if<std::string>(&settings);
  return wrong != nullptr ? *wrong : "";
}

std::string unknown(const std::string& uri) {
  std::string examples;
  for (const DeviceKind& kind : device_kinds())
    examples += fmt::format("{}{}", examples.empty() ? "" : ", ", kind.example);
  return fmt::format("unknown device '{}' (expected one of {})", uri, examples);
}

}  // namespace

std::string check_device_uri(const std::string& uri) {
  const std::size_t colon = uri.find(':');
  const std::string scheme = uri.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : uri.substr(colon + 1);
  for (const DeviceKind& kind : device_kinds()) {
    if (kind.scheme != scheme) continue;
    if (colon == std::string::npos) return fmt::format("unknown device '{}' (did you mean '{}:'?)", uri, uri);
    const bool bare = scheme == "inproc" || scheme == "native" || scheme == "qemu";
    if (bare && !rest.empty()) return fmt::format("'{}:' takes nothing after the colon, but got '{}'", scheme, rest);
    if (scheme == "stm32") return wrong_in(parse_stm32_settings(rest));
    if (!bare && rest.empty())
      return fmt::format("'{}:' needs more after the colon (for example {})", scheme, kind.example);
    if (scheme != "serial") return "";
    return wrong_in(parse_serial_settings(rest));
  }
  return unknown(uri);
}

}  // namespace packbench::hil
