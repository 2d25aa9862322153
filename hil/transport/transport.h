// A transport: a line of bytes to one peer, both ways, with a deadline on everything that can wait.
//
// Laws, the same for every kind (tests/hil/transport/transport_laws.cpp):
//   bytes arrive whole and in order; a call returns at its deadline at the latest (and a call whose work is already
//   possible does it even when the deadline is past, so that a paused process does not see a deadline that its peer has
//   met); write_all reads meanwhile, so two ends that write much at once do not wait for each other for ever; after the
//   peer's end, what it had sent can still be read (except through the slave of a pty, which the kernel empties when
//   its master closes), then everything answers `closed` and ending() says why.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "hil/transport/machine.h"
#include "hil/transport/process_activity.h"

namespace packbench::hil {

// CLOCK_MONOTONIC; the watchdog on a device is one of the few places that may read it.
using WallClock = std::chrono::steady_clock;
using Deadline = WallClock::time_point;

enum class IoStatus { ok, timed_out, closed };

struct IoResult {
  IoStatus status = IoStatus::ok;
  std::size_t bytes = 0;  // moved, also when the status is not ok
};

class Transport {
 public:
  virtual ~Transport() = default;

  // ok: every byte is on its way.
  [[nodiscard]] virtual IoResult write_all(std::span<const std::uint8_t> bytes, Deadline deadline) = 0;
  // ok: at least one byte. timed_out: none came before the deadline.
  [[nodiscard]] virtual IoResult read_some(std::span<std::uint8_t> buffer, Deadline deadline) = 0;
  virtual void close() = 0;
  // Why the line is closed, as a clause ("the process ended with exit status 1"); empty while it is open.
  virtual std::string ending() = 0;

  // Symbols per second of a line with a real rate (10 symbols per byte, 8N1); 0 when nothing paces the bytes.
  virtual int baud() const { return 0; }
  // Bytes can come without new ones being sent: false for a peer that runs inside write_all only.
  virtual bool can_wait() const { return true; }
  // Bytes that were taken arrive, in order and whole: nothing needs to be sent twice.
  virtual bool lossless() const { return false; }
  // The peer's crash is not the bench's.
  virtual bool own_process() const { return true; }
  // What the process at the other end is doing, where it is a child of the bench; nothing elsewhere.
  virtual std::optional<ProcessActivity> activity() const { return std::nullopt; }
  // The machine behind the line, for faults of its own, its pins and snapshots; null where the bench has no hand on it.
  // A reset of it leaves the line open and empty.
  virtual Machine* machine() { return nullptr; }
};

}  // namespace packbench::hil
