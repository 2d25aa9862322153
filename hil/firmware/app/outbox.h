// Frames on their way to the bench: collected, then sent in one call; kept, so that an answer can be repeated bit by
// bit.
#pragma once

#include "hil/firmware/app/firmware.h"
#include "hil/packlink/packlink.h"

namespace packbench::firmware {

class Outbox {
 public:
  void clear() { size_ = 0; }

  template <typename Message>
  void add(std::size_t (*encode)(std::uint8_t*, std::size_t, std::uint16_t, const Message*), std::uint16_t& sequence,
           const Message& message) {
    size_ += encode(buffer_ + size_, sizeof buffer_ - size_, sequence++, &message);
  }

  void send(const Wire& wire) const {
    if (size_ > 0) wire.send(wire.context, buffer_, size_);
  }

 private:
  std::uint8_t buffer_[3 * PACKLINK_MAX_FRAME] = {};  // an answer to a tick has three frames
  std::size_t size_ = 0;
};

}  // namespace packbench::firmware
