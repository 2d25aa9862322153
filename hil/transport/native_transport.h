// native: the reference firmware as a process of its own, `packbench device` on a pty.
//
// Its machine is that process: stopped by SIGSTOP, reset by killing it and starting another. Retained memory is shared
// with it, so that it outlives even a process that is killed.
#pragma once

#include <optional>
#include <string>

#include "hil/transport/child_transport.h"
#include "hil/transport/retained_memory.h"
#include "hil/transport/shared_memory.h"

namespace packbench::hil {

class NativeTransport : public ChildTransport, private Machine {
 public:
  // The descriptor of retained memory in the child.
  static constexpr int kRetainedFd = 4;

  NativeTransport(std::string program, SharedMemory<RetainedMemory> memory, ChildLine line);

  Machine* machine() override { return this; }

  static ChildLine start(const std::string& program, firmware::ResetReason reason, int memory_fd);

 private:
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

  std::string send_signal(int number);

  std::string program_;
  SharedMemory<RetainedMemory> memory_;
  std::optional<std::uint64_t> stopped_us_;  // how long it has stood still; nothing: it runs
};

// `executable` is packbench; empty: the running program (/proc/self/exe).
OpenedTransport open_native(const std::string& executable);

}  // namespace packbench::hil
