#include "hil/transport/native_transport.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>

#include "hil/transport/frozen_process.h"

namespace packbench::hil {
namespace {

using firmware::ResetReason;
using What = ControlRequest::What;

constexpr int kRetainedFd = 4, kControlFd = 5;  // in the child; 3 is its line
constexpr int kPatience_ms = 20'000;

std::string because(const char* what) { return std::string(what) + ": " + strerror(errno); }

}  // namespace

NativeTransport::NativeTransport(ChildLine line, UniqueFd control, SharedMemory<RetainedMemory> memory)
    : ChildTransport(std::move(line)), control_(std::move(control)), memory_(std::move(memory)) {}

std::string NativeTransport::wait_for_start() {
  if (std::string why = hear(); !why.empty()) return "the device did not start: " + why + ".";
  first_ = std::move(last_frozen_);
  return "";
}

std::string NativeTransport::lacks(MachineAbility ability) const {
  if (ability == MachineAbility::flip_symbol) return "this firmware is no image with symbols";
  const bool of_board = ability == MachineAbility::stick_pin || ability == MachineAbility::pins;
  return of_board ? "this firmware runs on no board, so it has no pins" : "";
}

NativeTransport::Process NativeTransport::process(pid_t pid) {
  return {pid, UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)))};
}

std::string NativeTransport::send_signal(const Process& to, int number) {
  if (::syscall(SYS_pidfd_send_signal, to.handle.get(), number, nullptr, 0) == 0) return "";
  return because("the process cannot be signalled");
}

// One that stands still ends as soon as it goes on, before it does anything else.
std::string NativeTransport::end_serving() {
  if (std::string why = send_signal(serving_, kEnd); !why.empty()) return why;
  static_cast<void>(send_signal(serving_, SIGCONT));  // it may be gone already
  pollfd gone{serving_.handle.get(), POLLIN, 0};
  if (::poll(&gone, 1, kPatience_ms) <= 0) return "the process did not end";
  stopped_us_.reset();
  empty();
  return "";
}

std::string NativeTransport::hear() {
  const auto answer = receive_answer(control_.get(), kPatience_ms);
  if (!answer) return "its process gave no answer";
  if (answer->trouble[0] != '\0') return answer->trouble.data();
  if (answer->serving != serving_.pid) serving_ = process(answer->serving);
  last_frozen_ = answer->frozen != 0 ? process(answer->frozen) : Process{};
  return "";
}

std::string NativeTransport::wake(const Process& frozen, const ControlRequest& request) {
  if (!send_request(control_.get(), request)) return because("its process cannot be reached");
  if (std::string why = send_signal(frozen, kWake); !why.empty()) return why;
  return hear();
}

std::string NativeTransport::ask(const ControlRequest& request) {
  if (stopped_us_) static_cast<void>(send_signal(serving_, SIGCONT));
  if (!send_request(control_.get(), request)) return because("its process cannot be reached");
  std::string why = hear();
  if (stopped_us_ && why.empty()) why = send_signal(serving_, SIGSTOP);
  return why;
}

std::string NativeTransport::reset(ResetReason reason) {
  if (std::string why = end_serving(); !why.empty()) return why;
  memory_->prepare(reason);
  return wake(first_, {.what = What::boot, .reset_reason = static_cast<std::uint8_t>(reason), .variable = {}});
}

std::string NativeTransport::stop() {
  stopped_us_ = 0;
  return send_signal(serving_, SIGSTOP);
}

std::string NativeTransport::resume() {
  stopped_us_.reset();
  return send_signal(serving_, SIGCONT);
}

bool NativeTransport::stand_still(std::uint64_t elapsed_us) {
  if (!stopped_us_) return false;
  *stopped_us_ += elapsed_us;
  return *stopped_us_ >= firmware::kWatchdog_us && reset(ResetReason::watchdog).empty();
}

std::string NativeTransport::flip_bit(const std::string& variable, unsigned bit) {
  ControlRequest request{.what = What::flip_bit, .bit = bit, .variable = {}};
  variable.copy(request.variable.data(), request.variable.size() - 1);
  return ask(request);
}

std::string NativeTransport::stick_pin(OutputPin, PinLevel) { return lacks(MachineAbility::stick_pin); }

std::string NativeTransport::save() {
  if (std::string why = ask({.what = What::save, .variable = {}}); !why.empty()) return why;
  snapshots_.push_back({std::move(last_frozen_), *memory_, stopped_us_});
  return "";
}

std::string NativeTransport::restore(unsigned snapshot) {
  if (snapshot >= snapshots_.size()) return "there is no snapshot " + std::to_string(snapshot);
  if (std::string why = end_serving(); !why.empty()) return why;
  const Snapshot& saved = snapshots_[snapshot];
  *memory_ = saved.memory;
  std::string why = wake(saved.frozen, {.what = What::restore, .variable = {}});
  stopped_us_ = saved.stopped_us;
  if (stopped_us_ && why.empty()) why = send_signal(serving_, SIGSTOP);
  return why;
}

OpenedTransport open_native(const std::string& executable) {
  const std::string program = executable.empty() ? "/proc/self/exe" : executable;
  auto memory = SharedMemory<RetainedMemory>::make("packbench-retained");
  std::array<int, 2> ends{};
  if (!memory || ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return OpenedTransport::failed(because("cannot make what the device needs") + ".");
  UniqueFd bench(ends[0]), device(ends[1]);
  memory->prepare(ResetReason::power_on);
  const std::array others{FdPlacement{memory.fd(), kRetainedFd}, FdPlacement{device.get(), kControlFd}};
  ChildLine line = start_on_pty({program, "device", "--link", "fd:3", "--retained", std::to_string(kRetainedFd),
                                 "--control", std::to_string(kControlFd)},
                                others);
  if (!line.error.empty()) return OpenedTransport::failed(std::move(line.error));
  device.reset();
  auto transport = std::make_unique<NativeTransport>(std::move(line), std::move(bench), std::move(memory));
  if (std::string why = transport->wait_for_start(); !why.empty()) return OpenedTransport::failed(std::move(why));
  OpenedTransport opened;
  opened.transport = std::move(transport);
  return opened;
}

}  // namespace packbench::hil
