// Listens to a device that reports by itself, and to nothing else: not a byte goes to it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "hil/packlink/packlink.h"
#include "hil/transport/transport.h"

namespace packbench::hil {

struct HeardStatus {
  packlink_status_t status{};
  std::int64_t heard_ms = 0;  // when its last byte came, by this machine's clock, ms since 1970
};

class StatusListener {
 public:
  explicit StatusListener(std::string uri) : uri_(std::move(uri)) { packlink_decoder_init(&decoder_); }

  // Empty, or why this URI is not of a device that reports by itself.
  static std::string wrong_uri(const std::string& uri);

  // Opens the line when it is not open; empty, or why it cannot be opened.
  std::string open();
  // Takes what comes until the deadline, and keeps the newest status. Empty, or how the line ended: it is closed
  // then.
  std::string listen(Deadline deadline);
  // The newest status since the last call.
  std::optional<HeardStatus> take();

  std::uint64_t good() const { return good_; }
  std::uint64_t damaged() const { return decoder_.crc_errors + decoder_.oversize; }

 private:
  void decode(std::size_t count);

  std::string uri_;
  std::unique_ptr<Transport> transport_;
  packlink_decoder_t decoder_{};
  std::array<std::uint8_t, 4096> bytes_{};
  std::optional<HeardStatus> newest_;
  std::uint64_t good_ = 0;
};

}  // namespace packbench::hil
