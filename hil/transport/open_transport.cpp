#include "hil/transport/open_transport.h"

#include "hil/transport/child_transport.h"
#include "hil/transport/firmware_transport.h"
#include "hil/transport/native_transport.h"
#include "hil/transport/pty_transport.h"
#include "hil/transport/qemu_transport.h"
#include "hil/transport/serial_port.h"
#include "hil/transport/stm32_transport.h"

namespace packbench::hil {
namespace {

OpenedTransport open_inproc() {
  OpenedTransport opened;
  opened.transport = std::make_unique<FirmwareTransport>();
  return opened;
}

OpenedTransport open_serial_uri(std::string_view rest) {
  const auto settings = parse_serial_settings(rest);
  if (const auto* wrong = std::get_if<std::string>(&settings)) return OpenedTransport::wrong(*wrong);
  return open_serial(std::get<SerialSettings>(settings));
}

OpenedTransport open_stm32_uri(std::string_view rest, const std::string& executable) {
  const auto settings = parse_stm32_settings(rest);
  if (const auto* wrong = std::get_if<std::string>(&settings)) return OpenedTransport::wrong(*wrong);
  return open_stm32(std::get<Stm32Settings>(settings), executable);
}

}  // namespace

OpenedTransport open_transport(const std::string& uri, const std::string& executable) {
  const std::size_t colon = uri.find(':');
  const std::string scheme = uri.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : uri.substr(colon + 1);
  const bool known = scheme == "inproc" || scheme == "native" || scheme == "stm32" || scheme == "qemu" ||
                     scheme == "exec" || scheme == "pty" || scheme == "serial";
  if (known && colon == std::string::npos)
    return OpenedTransport::wrong("unknown device '" + uri + "' (did you mean '" + uri + ":'?).");
  if (scheme == "exec") return open_exec(rest);
  if (scheme == "pty") return open_pty(rest);
  if (scheme == "serial") return open_serial_uri(rest);
  if (scheme == "stm32") return open_stm32_uri(rest, executable);
  if (known && !rest.empty())
    return OpenedTransport::wrong("'" + scheme + ":' takes nothing after the colon, but got '" + rest + "'.");
  if (scheme == "inproc") return open_inproc();
  if (scheme == "native") return open_native(executable);
  if (scheme == "qemu") return open_qemu(executable);
  return OpenedTransport::wrong(
      "unknown device '" + uri +
      "' (expected inproc:, native:, stm32:, qemu:, exec:PROGRAM ARGS, pty:/path or serial:/dev/ttyACM0,baud=921600).");
}

}  // namespace packbench::hil
