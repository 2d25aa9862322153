#include "hil/transport/firmware_transport.h"

#include <algorithm>

namespace packbench::hil {

FirmwareTransport::FirmwareTransport(Process process) : process_(process) {
  answer_.reserve(64 << 10);
  power_cycle(0, 1);
}

std::string FirmwareTransport::power_cycle(std::uint8_t reset_reason, std::uint32_t boot_count) {
  answer_.clear();
  answer_begin_ = 0;
  firmware_ = std::make_unique<firmware::Firmware>(
      firmware::Wire{.send = &FirmwareTransport::collect, .context = this, .own_process = own_process()});
  firmware_->power_on(reset_reason, boot_count);
  return "";
}

void FirmwareTransport::collect(void* self, const std::uint8_t* data, std::size_t size) {
  auto& answer = static_cast<FirmwareTransport*>(self)->answer_;
  if (answer.size() + size <= kAnswerLimit) answer.insert(answer.end(), data, data + size);
}

IoResult FirmwareTransport::write_all(std::span<const std::uint8_t> bytes, Deadline) {
  if (!firmware_) return {IoStatus::closed, 0};
  for (const std::uint8_t byte : bytes) firmware_->receive(byte);
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

}  // namespace packbench::hil
