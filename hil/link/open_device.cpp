#include <array>

#include "hil/device.h"
#include "hil/link/packlink_device.h"
#include "hil/transport/open_transport.h"

namespace packbench::hil {
namespace {

constexpr std::array kKinds{
    DeviceKind{"inproc", "inproc:", "the reference BMS linked into the bench; no descriptors, fastest", true},
    DeviceKind{"native", "native:", "the reference BMS as a process of its own on a pty (the default)", true},
    DeviceKind{"stm32", "stm32:",
               "the STM32H753 image of the reference BMS, instruction by instruction (also board=f405, image=FILE, "
               "paced=yes, coverage=FILE)",
               true},
    DeviceKind{"qemu", "qemu:", "the STM32F405 image of the reference BMS in qemu-system-arm", true},
    DeviceKind{"exec", "exec:PROGRAM ARGS", "a program of yours that speaks packlink on stdin and stdout", true},
    DeviceKind{"pty", "pty:/dev/pts/3", "something that runs already behind a pty, such as 'packbench device'", true},
    DeviceKind{"serial", "serial:/dev/ttyACM0,baud=921600,dialect=packlink",
               "a real board on a serial port (also dtr=off, rts=off)", true},
};

}  // namespace

std::span<const DeviceKind> device_kinds() { return kKinds; }

OpenedDevice open_device(const std::string& uri, const DeviceOptions& options) {
  OpenedTransport line = open_transport(uri, options.executable);
  if (!line.transport) return {nullptr, std::move(line.error), line.bad_uri, line.not_installed};
  OpenedDevice opened;
  opened.device = std::make_unique<PacklinkDevice>(uri, std::move(line.transport), options);
  return opened;
}

}  // namespace packbench::hil
