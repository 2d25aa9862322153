#include "hil/device_uri.h"

#include <variant>

#include <fmt/format.h>

#include "hil/device.h"
#include "hil/transport/serial_port.h"

namespace packbench::hil {
namespace {

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
    if (!bare && rest.empty())
      return fmt::format("'{}:' needs more after the colon (for example {})", scheme, kind.example);
    if (scheme != "serial") return "";
    const auto settings = parse_serial_settings(rest);
    return std::holds_alternative<std::string>(settings) ? std::get<std::string>(settings) : "";
  }
  return unknown(uri);
}

}  // namespace packbench::hil
