// Opens the line that a device URI names.
//
//   inproc:                    firmware object, driven directly                    firmware_transport.h
//   native:                    packbench device as a child process on a pty        native_transport.h
//   stm32:, stm32:board=f405   an STM32 image in packbench-stm32                   stm32_transport.h
//   qemu:                      the STM32F405 image in qemu-system-arm              qemu_transport.h
//   exec:PROGRAM ARGS          a program of the user's on its stdin and stdout     child_transport.h
//   pty:/dev/pts/3             something that runs already                         pty_transport.h
//   serial:/dev/ttyACM0,...    a real port                                         serial_port.h
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "hil/transport/transport.h"

namespace packbench::hil {

struct OpenedTransport {
  std::unique_ptr<Transport> transport;  // null on error
  std::string error;                     // a sentence
  bool bad_uri = false;                  // the URI itself is wrong, rather than the world behind it
  bool not_installed = false;            // this kind needs something that this computer does not have

  static OpenedTransport failed(std::string error) { return {nullptr, std::move(error)}; }
  static OpenedTransport wrong(std::string error) { return {nullptr, std::move(error), true}; }
  static OpenedTransport missing(std::string error) { return {nullptr, std::move(error), false, true}; }
};

// `executable` is packbench itself, for native: (empty: /proc/self/exe).
OpenedTransport open_transport(const std::string& uri, const std::string& executable);

}  // namespace packbench::hil
