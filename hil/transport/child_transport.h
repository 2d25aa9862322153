// Devices that are a child process: native: (packbench itself on a pty) and exec: (the user's program on a socket
// pair).
//
// The child's stderr is the bench's. The child is killed hard and reaped with the transport.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hil/transport/child_process.h"
#include "hil/transport/fd_transport.h"
#include "hil/transport/open_transport.h"

namespace packbench::hil {

// A started child and the bench's end of the line to it.
struct ChildLine {
  ChildProcess child;
  UniqueFd fd;
  std::string error;  // a sentence; then nothing runs
};

// The program gets a raw pty slave as descriptor 3. The bench keeps no slave open: the line ends with the child.
ChildLine start_on_pty(const std::vector<std::string>& argv);
// The program gets one end of a socket pair as stdin and stdout.
ChildLine start_on_stdio(const std::vector<std::string>& argv);

class ChildTransport : public FdTransport {
 public:
  // How to start it again after a power cut (reset reason, boot count); without it, it has no power switch.
  using Restart = std::function<ChildLine(std::uint8_t, std::uint32_t)>;

  explicit ChildTransport(ChildLine line, Restart restart = nullptr);

  void close() override;
  std::string ending() override;
  bool can_power_cycle() const override { return restart_ != nullptr; }
  std::string power_cycle(std::uint8_t reset_reason, std::uint32_t boot_count) override;
  pid_t pid() const { return child_.pid(); }

 private:
  ChildProcess child_;
  Restart restart_;
};

// native: `executable` is packbench; empty: the running program (/proc/self/exe).
OpenedTransport open_native(const std::string& executable);
// exec: words as in a shell: quotes, ~, $VARIABLE and patterns; no substitution of commands, no pipes.
OpenedTransport open_exec(const std::string& command);

}  // namespace packbench::hil
