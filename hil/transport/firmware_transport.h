// inproc: the reference firmware in this process. What is written is received at once; what it answers waits to be
// read.
//
// No descriptor, no thread, no time: an answer that is not there after the write never comes, so read_some does not
// wait.
#pragma once

#include <memory>
#include <vector>

#include "hil/firmware/app/firmware.h"
#include "hil/transport/transport.h"

namespace packbench::hil {

class FirmwareTransport : public Transport {
 public:
  // A device that answers more than this to one write floods; the rest of its answer is lost.
  static constexpr std::size_t kAnswerLimit = std::size_t{1} << 20;

  // own: nothing but the firmware runs in this process, so its defects may end it.
  enum class Process { shared_with_bench, own };
  explicit FirmwareTransport(Process process = Process::shared_with_bench);

  IoResult write_all(std::span<const std::uint8_t> bytes, Deadline deadline) override;
  IoResult read_some(std::span<std::uint8_t> buffer, Deadline deadline) override;
  void close() override;
  std::string ending() override;
  bool can_wait() const override { return false; }
  bool own_process() const override { return process_ == Process::own; }
  bool can_power_cycle() const override { return true; }
  std::string power_cycle(std::uint8_t reset_reason, std::uint32_t boot_count) override;
  // Free-running: lets the firmware work up to this time of its own.
  void run_until(std::uint64_t time_us) { firmware_->run_until(time_us); }

 private:
  static void collect(void* self, const std::uint8_t* data, std::size_t size);

  Process process_;
  std::unique_ptr<firmware::Firmware> firmware_;  // null once closed
  std::vector<std::uint8_t> answer_;
  std::size_t answer_begin_ = 0;
};

}  // namespace packbench::hil
