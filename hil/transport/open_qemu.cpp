// Starting QEMU: the machine, its image and three socket pairs.
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "hil/transport/firmware_image.h"
#include "hil/transport/qemu_transport.h"

namespace packbench::hil {
namespace {

constexpr int kLineFd = 3, kControlFd = 4, kDebugFd = 5;

struct Pair {
  UniqueFd bench, emulator;
};

bool make(Pair& pair) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
  pair.bench.reset(ends[0]);
  pair.emulator.reset(ends[1]);
  return true;
}

std::string socket_device(const std::string& id, int fd) { return "socket,id=" + id + ",fd=" + std::to_string(fd); }

// Nothing but what is named: no display, no monitor, no network, no configuration file; the processor stands (-S).
std::vector<std::string> command_line(const std::string& image) {
  return {"qemu-system-arm",
          "-M",
          "netduinoplus2",
          "-kernel",
          image,
          "-nodefaults",
          "-no-user-config",
          "-display",
          "none",
          "-S",
          "-chardev",
          socket_device("line", kLineFd),
          "-serial",
          "chardev:line",
          "-chardev",
          socket_device("control", kControlFd),
          "-mon",
          "chardev=control,mode=control",
          "-chardev",
          socket_device("debug", kDebugFd),
          "-gdb",
          "chardev:debug"};
}

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

OpenedTransport open_qemu(const std::string& executable) {
  const std::string image = find_firmware_image("stm32f405", executable);
  if (image.empty()) {
    return OpenedTransport::missing(
        "qemu: needs the image packbench-stm32f405.elf, which the build makes when gcc-arm-none-eabi is installed "
        "('./bench firmware').");
  }
  Pair line, control, debug;
  if (!make(line) || !make(control) || !make(debug))
    return OpenedTransport::failed(std::string("cannot make a line to QEMU: ") + std::strerror(errno) + ".");
  const std::array placements{FdPlacement{line.emulator.get(), kLineFd},
                              FdPlacement{control.emulator.get(), kControlFd},
                              FdPlacement{debug.emulator.get(), kDebugFd}};
  survive_broken_pipes();
  ChildProcess::Started qemu = ChildProcess::start(command_line(image), placements);
  if (!qemu.error.empty())
    return OpenedTransport::missing(
        "qemu: needs qemu-system-arm ('./bench firmware', or apt-get install "
        "qemu-system-arm): " +
        qemu.error);
  for (Pair* pair : {&line, &control, &debug}) pair->emulator.reset();
  auto transport = std::make_unique<QemuTransport>(ChildLine{std::move(qemu.child), std::move(line.bench), ""},
                                                   std::move(control.bench), std::move(debug.bench), bytes_of(image));
  if (const std::string why = transport->power_on(); !why.empty())
    return OpenedTransport::failed("QEMU does not run the image: " + why + ".");
  OpenedTransport opened;
  opened.transport = std::move(transport);
  return opened;
}

}  // namespace packbench::hil
