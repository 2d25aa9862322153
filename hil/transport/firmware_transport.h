// inproc: the reference firmware in this process. What is written is received at once; what it answers waits to be
// read.
//
// No descriptor, no thread, no time: an answer that is not there after the write never comes, so read_some does not
// wait. The machine is the object itself: a reset makes a new one, a stop keeps bytes from it, a snapshot is a copy.
#pragma once

#include <memory>
#include <vector>

#include "hil/firmware/app/firmware.h"
#include "hil/transport/retained_memory.h"
#include "hil/transport/transport.h"

namespace packbench::hil {

class FirmwareTransport : public Transport, private Machine {
 public:
  // A device that answers more than this to one write floods; the rest of its answer is lost.
  static constexpr std::size_t kAnswerLimit = std::size_t{1} << 20;

  // own: nothing but the firmware runs in this process, so its defects may end it.
  enum class Process { shared_with_bench, own };
  // Power comes on: the firmware boots, over memory of its own.
  explicit FirmwareTransport(Process process = Process::shared_with_bench);
  // The firmware boots with this reason over memory that is somebody else's and that has been prepared for it.
  FirmwareTransport(Process process, RetainedMemory& memory, firmware::ResetReason reason);

  IoResult write_all(std::span<const std::uint8_t> bytes, Deadline deadline) override;
  IoResult read_some(std::span<std::uint8_t> buffer, Deadline deadline) override;
  void close() override;
  std::string ending() override;
  bool can_wait() const override { return false; }
  bool lossless() const override { return true; }
  bool own_process() const override { return process_ == Process::own; }
  Machine* machine() override { return this; }
  // Free-running: lets the firmware work up to this time of its own.
  void run_until(std::uint64_t time_us) { firmware_->run_until(time_us); }

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

  struct Snapshot {
    std::unique_ptr<firmware::Firmware> firmware;
    RetainedMemory memory;
    std::optional<std::uint64_t> stopped_us;
  };

  void boot(firmware::ResetReason reason);
  static void collect(void* self, const std::uint8_t* data, std::size_t size);

  Process process_;
  RetainedMemory own_memory_;
  RetainedMemory& memory_;
  std::unique_ptr<firmware::Firmware> firmware_;  // null once closed
  std::optional<std::uint64_t> stopped_us_;       // how long it has stood still; nothing: it runs
  std::vector<Snapshot> snapshots_;
  std::vector<std::uint8_t> answer_;
  std::size_t answer_begin_ = 0;
};

}  // namespace packbench::hil
