// A device under test: whatever stands behind a link, seen as one exchange per step.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hil/packlink/messages.h"
#include "sim/language/scenario.h"
#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::hil {

// Counters of the line, for link.* and the report: the frames of the exchanges, not of the setting-up before them.
// sent: before line faults act, repeated ticks apart. received: whole frames that an exchange took. crc_errors: damaged
// ones.
struct LinkCounters {
  std::uint64_t frames_sent = 0, frames_received = 0, crc_errors = 0, lost = 0, repeated = 0, delayed = 0;
  std::uint64_t bytes_sent = 0, bytes_received = 0;
};

// Why an exchange did not give an answer. stalled: no TICK_DONE in time; gone: process ended or port closed; flooded:
// more bytes than any answer can have; refused: the device answered NACK or an unusable version. bench: the host's own
// trouble (inconclusive), all others are the device's (fail for an emulated device).
enum class LinkTrouble { stalled, gone, flooded, refused, bench };

struct DeviceError {
  LinkTrouble trouble = LinkTrouble::stalled;
  std::string what;  // a sentence for people
};

// The device's last word, decoded. It is kept by the caller from exchange to exchange: `status` and `actuators` hold
// what came last, `has_status` says that there was a STATUS at all, `answered` that a new one came in this exchange.
struct DeviceReport {
  bool has_status = false;
  bool answered = false;
  packlink_status_t status{};
  packlink_actuators_t actuators{};
  std::vector<std::string> texts;  // log lines; appended, the caller takes them out
  std::uint32_t boots_due = 0;     // so far: a fault of the machine, or its watchdog after one, started it anew
};

// Whose word the contactor outputs of ACTUATORS are.
enum class Evidence { firmware, pins };
std::string_view evidence_name(Evidence evidence);  // "firmware's word", "pins"

class DeviceUnderTest {
 public:
  virtual ~DeviceUnderTest() = default;

  virtual const std::string& uri() const = 0;
  // HELLO until IDENT. At the start and after a reset.
  virtual std::optional<DeviceError> connect(int cells, int temperatures) = 0;
  virtual const packlink_ident_t& ident() const = 0;
  virtual bool lockstep() const = 0;

  virtual std::optional<DeviceError> configure(const std::vector<std::uint8_t>& profile) = 0;
  virtual std::optional<DeviceError> set_defect(const std::string& name) = 0;
  virtual void command(packlink_command_code_t code, std::uint32_t argument) = 0;  // leaves with the next exchange

  // One step: MEASUREMENTS(now), queued commands, TICK(next) in one write; ACTUATORS, STATUS, TICK_DONE back.
  virtual std::optional<DeviceError> exchange(const packlink_measurements_t& measurements, sim::TimeNs now,
                                              sim::TimeNs next, DeviceReport& report) = 0;

  virtual void line_fault(const sim::FaultSpec& fault, bool active) = 0;
  // Faults of the machine act before the next write. After a boot the device is waited for (IDENT) and gets back the
  // profile and the defects it had. A machine that stands still is sent nothing, and no answer is expected.
  virtual void machine_fault(const sim::FaultSpec& fault, bool active) = 0;
  // Why this kind of device cannot have this fault of the machine, as a clause; empty when it can. After connect().
  virtual std::string lacks(const sim::FaultSpec& fault) = 0;
  // After connect().
  virtual Evidence evidence() = 0;
  virtual LinkCounters counters() const = 0;

  // Snapshots of device and line together, between two exchanges: after restore() everything goes on as after save().
  // Numbered from 0 in the order in which they were taken. Each returns nothing, or what went wrong.
  virtual bool can_save() { return false; }
  virtual std::optional<DeviceError> save();
  virtual std::optional<DeviceError> restore(unsigned snapshot);
};

// Opens a device by URI ("inproc:", "native:", "serial:/dev/ttyACM0,baud=921600", "pty:/path", "exec:PROGRAM ARGS").
struct DeviceOptions {
  std::uint64_t seed = 1;   // for line faults
  double watchdog_s = 5.0;  // wall time without TICK_DONE before a device counts as stalled
  std::string executable;   // packbench itself, for native: (empty: /proc/self/exe)
};
struct OpenedDevice {
  std::unique_ptr<DeviceUnderTest> device;  // null on error
  std::string error;                        // complete sentence
  bool bad_uri = false;                     // usage error (exit 3) rather than expected trouble
  bool not_installed = false;               // what this kind of device needs is not on this computer: skipped
};
OpenedDevice open_device(const std::string& uri, const DeviceOptions& options);

// Device kinds for `list --devices`.
struct DeviceKind {
  std::string_view scheme, example, description;
  bool lockstep;
};
std::span<const DeviceKind> device_kinds();

}  // namespace packbench::hil
