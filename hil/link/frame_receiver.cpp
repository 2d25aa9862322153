#include "hil/link/frame_receiver.h"

#include <algorithm>
#include <array>

namespace packbench::hil {
namespace {

// Noise without a delimiter is passed on in pieces of this size; longer than any frame, so no frame is cut.
constexpr std::size_t kLongestChunk = 1024;

// Type of an encoded frame: COBS leaves the first byte of the body where it is unless it is 0x00, which no type is.
std::uint8_t type_of(std::span<const std::uint8_t> chunk) { return chunk.size() > 1 && chunk[0] > 1 ? chunk[1] : 0; }

}  // namespace

FrameReceiver::FrameReceiver(LineFaults& faults, LinkCounters& counters, FrameSink& sink)
    : faults_(faults), counters_(counters), sink_(sink) {
  state_.chunk.reserve(kLongestChunk);
  restart();
}

void FrameReceiver::restart() {
  packlink_decoder_init(&state_.decoder);
  state_.chunk.clear();
  state_.disturbed = false;
}

void FrameReceiver::release(sim::TimeNs now) {
  if (faults_.idle()) return;
  batch_.clear();
  pass_faults(now);
}

void FrameReceiver::receive(std::span<const std::uint8_t> bytes, sim::TimeNs now) {
  while (!bytes.empty()) {
    const auto end = std::ranges::find(bytes, std::uint8_t{0});
    std::size_t size = static_cast<std::size_t>(end - bytes.begin()) + (end == bytes.end() ? 0 : 1);
    size = std::min(size, kLongestChunk - state_.chunk.size());
    state_.chunk.insert(state_.chunk.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    bytes = bytes.subspan(size);
    if (state_.chunk.back() == 0 || state_.chunk.size() == kLongestChunk) on_chunk(now);
  }
}

void FrameReceiver::on_chunk(sim::TimeNs now) {
  if (!faults_.idle() && LineFaults::touches(type_of(state_.chunk))) {
    batch_.clear();
    batch_.add(state_.chunk);
    pass_faults(now);
  } else {
    constexpr std::array<std::uint8_t, 1> kDelimiter{0};
    if (state_.disturbed) decode(kDelimiter);
    state_.disturbed = false;
    decode(state_.chunk);
  }
  state_.chunk.clear();
}

void FrameReceiver::pass_faults(sim::TimeNs now) {
  faults_.pass(batch_, now, counters_);
  decode(batch_.bytes());
  state_.disturbed = true;
}

void FrameReceiver::decode(std::span<const std::uint8_t> bytes) {
  packlink_frame_t frame;
  for (const std::uint8_t byte : bytes) {
    if (packlink_decoder_feed(&state_.decoder, byte, &frame)) sink_.on_frame(frame);
  }
}

}  // namespace packbench::hil
