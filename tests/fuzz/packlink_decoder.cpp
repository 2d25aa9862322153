// Any bytes into the packlink decoder: it never crashes, and what it accepts as a message encodes and decodes to
// itself.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/require.h"
#include "tests/hil/packlink/vectors_c.h"

namespace {

using packbench::fuzz::require;

void check_message(const packlink_frame_t& frame) {
  std::uint8_t once[PACKLINK_MAX_FRAME], twice[PACKLINK_MAX_FRAME];
  const std::size_t size = vectors_c_again(&frame, once, sizeof once);
  if (size == 0) return;
  packlink_decoder_t decoder;
  packlink_decoder_init(&decoder);
  packlink_frame_t again;
  bool whole = false;
  for (std::size_t i = 0; i < size; ++i) whole = packlink_decoder_feed(&decoder, once[i], &again) || whole;
  require(whole);
  require(vectors_c_again(&again, twice, sizeof twice) == size);
  for (std::size_t i = 0; i < size; ++i) require(once[i] == twice[i]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  packlink_decoder_t decoder;
  packlink_decoder_init(&decoder);
  packlink_frame_t frame;
  std::uint32_t frames = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (!packlink_decoder_feed(&decoder, data[i], &frame)) continue;
    ++frames;
    require(frame.payload_size <= PACKLINK_MAX_PAYLOAD);
    check_message(frame);
  }
  require(frames == decoder.frames);
  return 0;
}
