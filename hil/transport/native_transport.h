// native: the reference firmware as a process of its own, `packbench device` on a pty.
//
// Its machine is that process: stopped by SIGSTOP, reset by ending it and starting another. The process that the bench
// starts only waits (frozen_process.h); a copy of it is the device, another copy after each reset. A snapshot is the
// serving process itself, frozen, while a copy goes on in its place. Retained memory is shared with all of them, so
// that it outlives a process that was killed; a snapshot keeps what it held.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hil/transport/child_transport.h"
#include "hil/transport/machine_control.h"
#include "hil/transport/retained_memory.h"
#include "hil/transport/shared_memory.h"

namespace packbench::hil {

class NativeTransport : public ChildTransport, private Machine {
 public:
  NativeTransport(ChildLine line, UniqueFd control, SharedMemory<RetainedMemory> memory);

  std::optional<ProcessActivity> activity() const override { return activity_of(serving_.pid); }
  Machine* machine() override { return this; }
  // Empty when the device has started, else a sentence.
  std::string wait_for_start();

 private:
  // A process by a descriptor that cannot come to mean another one.
  struct Process {
    pid_t pid = 0;
    UniqueFd handle;
  };
  struct Snapshot {
    Process frozen;
    RetainedMemory memory;
    std::optional<std::uint64_t> stopped_us;
  };

  std::string lacks(MachineAbility ability) const override;
  std::string reset(firmware::ResetReason reason) override;
  std::string stop() override;
  std::string resume() override;
  bool stand_still(std::uint64_t elapsed_us) override;
  std::string flip_bit(const std::string& variable, unsigned bit) override;
  std::string stick_pin(OutputPin pin, PinLevel level) override;
  std::optional<PinLevels> pins() override { return std::nullopt; }
  std::string save() override;
  std::string restore(unsigned snapshot) override;

  static Process process(pid_t pid);
  std::string send_signal(const Process& to, int number);
  // Ends the serving process and waits until it is gone.
  std::string end_serving();
  std::string wake(const Process& frozen, const ControlRequest& request);
  // What the serving process is asked for is done while it is awake.
  std::string ask(const ControlRequest& request);
  std::string hear();

  UniqueFd control_;
  SharedMemory<RetainedMemory> memory_;
  Process first_, serving_, last_frozen_;
  std::vector<Snapshot> snapshots_;
  std::optional<std::uint64_t> stopped_us_;  // how long it has stood still; nothing: it runs
};

// `executable` is packbench; empty: the running program (/proc/self/exe).
OpenedTransport open_native(const std::string& executable);

}  // namespace packbench::hil
