#include "hil/transport/native_transport.h"

#include <signal.h>
#include <string.h>

#include <array>
#include <cerrno>

namespace packbench::hil {

using firmware::ResetReason;

NativeTransport::NativeTransport(std::string program, SharedMemory<RetainedMemory> memory, ChildLine line)
    : ChildTransport(std::move(line)), program_(std::move(program)), memory_(std::move(memory)) {}

ChildLine NativeTransport::start(const std::string& program, ResetReason reason, int memory_fd) {
  const std::array others{FdPlacement{memory_fd, kRetainedFd}};
  return start_on_pty({program, "device", "--link", "fd:3", "--reset-reason", std::to_string(static_cast<int>(reason)),
                       "--retained", std::to_string(kRetainedFd)},
                      others);
}

std::string NativeTransport::lacks(MachineAbility ability) const {
  switch (ability) {
    case MachineAbility::reset:
    case MachineAbility::stop:
      return "";
    case MachineAbility::flip_bit:
      return "flipping a bit is not possible here";
    case MachineAbility::snapshot:
      return "snapshots are not possible here";
    case MachineAbility::stick_pin:
    case MachineAbility::pins:
      return "this firmware runs on no board, so it has no pins";
  }
  return "this is unknown here";
}

std::string NativeTransport::reset(ResetReason reason) {
  close();
  stopped_us_.reset();
  memory_->prepare(reason);
  ChildLine line = start(program_, reason, memory_.fd());
  if (!line.error.empty()) return line.error;
  replace(std::move(line));
  return "";
}

// The whole group: what the device may have started stands still with it.
std::string NativeTransport::send_signal(int number) {
  if (::kill(-pid(), number) == 0) return "";
  return std::string("the process cannot be signalled: ") + strerror(errno);
}

std::string NativeTransport::stop() {
  stopped_us_ = 0;
  return send_signal(SIGSTOP);
}

std::string NativeTransport::resume() {
  stopped_us_.reset();
  return send_signal(SIGCONT);
}

bool NativeTransport::stand_still(std::uint64_t elapsed_us) {
  if (!stopped_us_) return false;
  *stopped_us_ += elapsed_us;
  return *stopped_us_ >= firmware::kWatchdog_us && reset(ResetReason::watchdog).empty();
}

std::string NativeTransport::flip_bit(const std::string&, unsigned) { return lacks(MachineAbility::flip_bit); }
std::string NativeTransport::stick_pin(OutputPin, PinLevel) { return lacks(MachineAbility::stick_pin); }
std::string NativeTransport::save() { return lacks(MachineAbility::snapshot); }
std::string NativeTransport::restore(unsigned) { return lacks(MachineAbility::snapshot); }

OpenedTransport open_native(const std::string& executable) {
  const std::string program = executable.empty() ? "/proc/self/exe" : executable;
  auto memory = SharedMemory<RetainedMemory>::make("packbench-retained");
  if (!memory)
    return OpenedTransport::failed(std::string("cannot make memory for the device: ") + strerror(errno) + ".");
  memory->prepare(ResetReason::power_on);
  ChildLine line = NativeTransport::start(program, ResetReason::power_on, memory.fd());
  if (!line.error.empty()) return OpenedTransport::failed(std::move(line.error));
  OpenedTransport opened;
  opened.transport = std::make_unique<NativeTransport>(program, std::move(memory), std::move(line));
  return opened;
}

}  // namespace packbench::hil
