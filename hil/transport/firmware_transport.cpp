#include "hil/transport/firmware_transport.h"

#include <algorithm>

#include "hil/firmware/host/variables.h"

namespace packbench::hil {

using firmware::ResetReason;

FirmwareTransport::FirmwareTransport(Process process) : process_(process), memory_(own_memory_) {
  answer_.reserve(64 << 10);
  reset(ResetReason::power_on);
}

FirmwareTransport::FirmwareTransport(Process process, RetainedMemory& memory, ResetReason reason)
    : process_(process), memory_(memory) {
  answer_.reserve(64 << 10);
  boot(reason);
}

void FirmwareTransport::boot(ResetReason reason) {
  answer_.clear();
  answer_begin_ = 0;
  stopped_us_.reset();
  firmware_ = std::make_unique<firmware::Firmware>(firmware::Wire{.send = &FirmwareTransport::collect,
                                                                  .context = this,
                                                                  .own_process = own_process(),
                                                                  .retained = &memory_.retained});
  firmware_->power_on(static_cast<std::uint8_t>(reason), memory_.boots);
}

void FirmwareTransport::collect(void* self, const std::uint8_t* data, std::size_t size) {
  auto& answer = static_cast<FirmwareTransport*>(self)->answer_;
  if (answer.size() + size <= kAnswerLimit) answer.insert(answer.end(), data, data + size);
}

IoResult FirmwareTransport::write_all(std::span<const std::uint8_t> bytes, Deadline) {
  if (!firmware_) return {IoStatus::closed, 0};
  if (stopped_us_) return {IoStatus::ok, bytes.size()};
  for (const std::uint8_t byte : bytes) firmware_->receive(byte);
  memory_.boots = firmware_->boot_count();
  return {IoStatus::ok, bytes.size()};
}

IoResult FirmwareTransport::read_some(std::span<std::uint8_t> buffer, Deadline) {
  const std::size_t bytes = std::min(buffer.size(), answer_.size() - answer_begin_);
  std::copy_n(answer_.begin() + static_cast<std::ptrdiff_t>(answer_begin_), bytes, buffer.begin());
  answer_begin_ += bytes;
  if (answer_begin_ == answer_.size()) {
    answer_.clear();
    answer_begin_ = 0;
  }
  if (bytes > 0) return {IoStatus::ok, bytes};
  return {firmware_ ? IoStatus::timed_out : IoStatus::closed, 0};
}

void FirmwareTransport::close() { firmware_.reset(); }

std::string FirmwareTransport::ending() { return firmware_ ? "" : "the bench closed the line"; }

std::string FirmwareTransport::lacks(MachineAbility ability) const {
  switch (ability) {
    case MachineAbility::reset:
    case MachineAbility::stop:
    case MachineAbility::flip_bit:
    case MachineAbility::snapshot:
      return "";
    case MachineAbility::flip_symbol:
      return "this firmware is no image with symbols";
    case MachineAbility::stick_pin:
    case MachineAbility::pins:
      return "this firmware runs on no board, so it has no pins";
  }
  return "this is unknown here";
}

std::string FirmwareTransport::reset(ResetReason reason) {
  memory_.prepare(reason);
  boot(reason);
  return "";
}

std::string FirmwareTransport::stop() {
  stopped_us_ = 0;
  return "";
}

std::string FirmwareTransport::resume() {
  stopped_us_.reset();
  return "";
}

bool FirmwareTransport::stand_still(std::uint64_t elapsed_us) {
  if (!stopped_us_) return false;
  *stopped_us_ += elapsed_us;
  if (*stopped_us_ < firmware::kWatchdog_us) return false;
  reset(ResetReason::watchdog);
  return true;
}

std::string FirmwareTransport::flip_bit(const std::string& variable, unsigned bit) {
  firmware::Variable rows[firmware::kMaxVariables];
  firmware_->variables(rows);
  return firmware::flip_bit(rows, variable, bit);
}

std::string FirmwareTransport::stick_pin(OutputPin, PinLevel) { return lacks(MachineAbility::stick_pin); }

std::string FirmwareTransport::save() {
  snapshots_.push_back({std::make_unique<firmware::Firmware>(*firmware_), memory_, stopped_us_});
  return "";
}

std::string FirmwareTransport::restore(unsigned snapshot) {
  if (snapshot >= snapshots_.size()) return "there is no snapshot " + std::to_string(snapshot);
  const Snapshot& saved = snapshots_[snapshot];
  firmware_ = std::make_unique<firmware::Firmware>(*saved.firmware);
  memory_ = saved.memory;
  stopped_us_ = saved.stopped_us;
  answer_.clear();
  answer_begin_ = 0;
  return "";
}

}  // namespace packbench::hil
