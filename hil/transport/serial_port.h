// serial: a real port. libserialport finds, opens and configures it; FdTransport moves the bytes on its handle.
//
// The port is opened for this bench alone: refused when another process holds it (/proc/*/fd), then locked (flock,
// TIOCEXCL). The kernel raises DTR and RTS as it opens a port; dtr=off and rts=off lower them directly afterwards, for
// boards that wire them to reset or boot pins.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "hil/transport/open_transport.h"

namespace packbench::hil {

struct SerialSettings {
  std::string path;
  int baud = 921600;  // 8 data bits, no parity, 1 stop bit, no flow control
  std::string dialect = "packlink";
  bool dtr = true, rts = true;
};

// "/dev/ttyACM0,baud=921600,dialect=packlink,dtr=off" or a sentence that says what is wrong with it.
std::variant<SerialSettings, std::string> parse_serial_settings(std::string_view text);

// Why this path cannot be opened as a serial port, with what to do about it; empty when nothing speaks against it.
std::string serial_port_obstacle(const std::string& path);

OpenedTransport open_serial(const SerialSettings& settings);

}  // namespace packbench::hil
