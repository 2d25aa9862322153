// Pseudo-terminals and raw mode: what a UART without wires looks like.
//
// A pty starts in echo and line mode; every function here leaves it raw before the first byte can pass.
#pragma once

#include <optional>
#include <string>

#include "hil/transport/unique_fd.h"

namespace packbench::hil {

// No echo, no line editing, no signals, 8 bits, no flow control. False when `fd` is no terminal.
bool make_raw(int fd);

struct PtyPair {
  UniqueFd master, slave;  // slave in raw mode; both close-on-exec, neither a controlling terminal
  std::string slave_path;  // "/dev/pts/3"
};
// Nothing when the system has no pty left (errno says why).
std::optional<PtyPair> open_pty_pair();

}  // namespace packbench::hil
