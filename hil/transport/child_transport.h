// A child process at the other end of the line: exec: (the user's program on a socket pair); native_transport.h builds
// on it.
//
// The child's stderr is the bench's. The child is killed hard and reaped with the transport.
#pragma once

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

// The program gets a raw pty slave as descriptor 3 and what else is placed. The bench keeps no slave open: the line
// ends with the child.
ChildLine start_on_pty(const std::vector<std::string>& argv, std::span<const FdPlacement> others = {});
// The program gets one end of a socket pair as stdin and stdout.
ChildLine start_on_stdio(const std::vector<std::string>& argv);

// A write to a program that has just ended must be an error, not the end of the bench.
void survive_broken_pipes();

class ChildTransport : public FdTransport {
 public:
  explicit ChildTransport(ChildLine line);

  void close() override;
  std::string ending() override;
  bool lossless() const override { return true; }
  std::optional<ProcessActivity> activity() const override { return activity_of(pid()); }
  pid_t pid() const { return child_.pid(); }

 private:
  ChildProcess child_;
};

// exec: words as in a shell: quotes, ~, $VARIABLE and patterns; no substitution of commands, no pipes.
OpenedTransport open_exec(const std::string& command);

}  // namespace packbench::hil
