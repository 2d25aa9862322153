#include "hil/cli/status_listener.h"

#include "hil/api/values/clock.h"
#include "hil/transport/open_transport.h"

namespace packbench::hil {

std::string StatusListener::wrong_uri(const std::string& uri) {
  for (const char* scheme : {"serial:", "pty:", "exec:"}) {
    if (uri.starts_with(scheme) && uri.size() > std::string(scheme).size()) return {};
  }
  return "--device '" + uri +
         "' is not a device that reports by itself (expected serial:/dev/ttyACM0, pty:/dev/pts/3 or exec:PROGRAM "
         "ARGS).";
}

std::string StatusListener::open() {
  if (transport_) return {};
  OpenedTransport opened = open_transport(uri_, "");
  transport_ = std::move(opened.transport);
  packlink_decoder_init(&decoder_);
  return opened.error;
}

std::string StatusListener::listen(Deadline deadline) {
  const IoResult got = transport_->read_some(bytes_, deadline);
  decode(got.bytes);
  if (got.status != IoStatus::closed) return {};
  std::string why = transport_->ending();
  transport_.reset();
  return why.empty() ? "the line is closed" : why;
}

void StatusListener::decode(std::size_t count) {
  packlink_frame_t frame;
  for (std::size_t i = 0; i < count; ++i) {
    if (!packlink_decoder_feed(&decoder_, bytes_[i], &frame)) continue;
    ++good_;
    if (frame.type != PACKLINK_STATUS) continue;
    HeardStatus heard;
    if (!packlink_decode_status(&frame, &heard.status)) continue;
    heard.heard_ms = api::system_clock()();
    newest_ = heard;
  }
}

std::optional<HeardStatus> StatusListener::take() {
  std::optional<HeardStatus> taken = newest_;
  newest_.reset();
  return taken;
}

}  // namespace packbench::hil
