#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string_view>
#include <vector>

#include "hil/packlink/packlink.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes frame_of(std::uint8_t type, std::uint16_t sequence, const Bytes& payload) {
  Bytes out(PACKLINK_MAX_FRAME);
  out.resize(packlink_encode_frame(out.data(), out.size(), type, 0, sequence, payload.data(), payload.size()));
  return out;
}

Bytes tick_of(std::uint16_t sequence, std::uint64_t time_us) {
  const packlink_tick_t tick{time_us};
  Bytes out(PACKLINK_MAX_FRAME);
  out.resize(packlink_encode_tick(out.data(), out.size(), sequence, &tick));
  return out;
}

struct Decoded {
  std::uint8_t type;
  std::uint16_t sequence;
  Bytes payload;
  bool operator==(const Decoded&) const = default;
};

struct Receiver {
  packlink_decoder_t decoder;
  std::vector<Decoded> frames;
  Receiver() { packlink_decoder_init(&decoder); }
  void feed(const Bytes& bytes) {
    packlink_frame_t frame;
    for (const auto byte : bytes) {
      if (!packlink_decoder_feed(&decoder, byte, &frame)) continue;
      frames.push_back({frame.type, frame.sequence, Bytes(frame.payload, frame.payload + frame.payload_size)});
    }
  }
};

TEST(PacklinkFrame, CrcIsTheOneOfZlib) {
  const std::string_view check = "123456789";
  EXPECT_EQ(packlink_crc32(0, reinterpret_cast<const std::uint8_t*>(check.data()), check.size()), 0xCBF43926u);
}

TEST(PacklinkFrame, LargestBodyCostsOneByteAndItsDelimiter) {
  const Bytes payload(PACKLINK_MAX_PAYLOAD, 7);
  EXPECT_EQ(frame_of(0x20, 1, payload).size(), PACKLINK_MAX_BODY + 2);
  EXPECT_TRUE(frame_of(0x20, 1, Bytes(PACKLINK_MAX_PAYLOAD + 1, 7)).empty());
}

TEST(PacklinkFrame, NothingIsWrittenThatDoesNotFit) {
  const Bytes whole = tick_of(1, 100'000);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Bytes buffer(size + 1, 0xEE);
    const packlink_tick_t tick{100'000};
    EXPECT_EQ(packlink_encode_tick(buffer.data(), size, 1, &tick), 0u);
    EXPECT_EQ(buffer.back(), 0xEE);
  }
}

TEST(PacklinkFrame, LargestMessagesFitABodyOf250) {
  packlink_measurements_t measurements{};
  packlink_status_t status{};
  measurements.cells = status.cells = PACKLINK_MAX_CELLS;
  measurements.temperatures = status.temperatures = PACKLINK_MAX_TEMPERATURES;
  Bytes buffer(PACKLINK_MAX_FRAME);
  const std::size_t most = PACKLINK_MAX_BODY + 2;
  const std::size_t a = packlink_encode_measurements(buffer.data(), buffer.size(), 1, &measurements);
  const std::size_t b = packlink_encode_status(buffer.data(), buffer.size(), 1, &status);
  EXPECT_TRUE(a > 0 && a <= most);
  EXPECT_TRUE(b > 0 && b <= most);
}

TEST(PacklinkFrame, CountsBeyondTheArraysAreRefused) {
  packlink_measurements_t measurements{};
  measurements.cells = PACKLINK_MAX_CELLS + 1;
  Bytes buffer(PACKLINK_MAX_FRAME);
  EXPECT_EQ(packlink_encode_measurements(buffer.data(), buffer.size(), 1, &measurements), 0u);

  Bytes payload(200, 0);
  payload[8] = PACKLINK_MAX_CELLS + 1;
  packlink_frame_t frame{PACKLINK_MEASUREMENTS, 0, 1, payload.data(), payload.size()};
  EXPECT_FALSE(packlink_decode_measurements(&frame, &measurements));
}

RC_GTEST_PROP(PacklinkFrame, AnyPayloadComesBack, (std::uint8_t type, std::uint16_t sequence)) {
  const auto size = *rc::gen::inRange<std::size_t>(0, PACKLINK_MAX_PAYLOAD + 1);
  // half of all bytes are zero, where COBS has its work
  const auto payload = *rc::gen::container<Bytes>(
      size, rc::gen::oneOf(rc::gen::just(std::uint8_t{0}), rc::gen::arbitrary<std::uint8_t>()));
  Receiver receiver;
  receiver.feed(frame_of(type, sequence, payload));
  RC_ASSERT(receiver.frames == (std::vector<Decoded>{{type, sequence, payload}}));
}

RC_GTEST_PROP(PacklinkFrame, FramesBetweenGarbageAreAllFoundOnceItEnds, (const Bytes& garbage)) {
  Receiver receiver;
  receiver.feed(garbage);
  receiver.feed({0});
  receiver.frames.clear();
  receiver.feed(frame_of(0x20, 5, {1, 0, 2}));
  RC_ASSERT(receiver.frames == (std::vector<Decoded>{{0x20, 5, {1, 0, 2}}}));
}

RC_GTEST_PROP(PacklinkFrame, MeasurementsComeBack, ()) {
  packlink_measurements_t m{};
  m.time_us = *rc::gen::arbitrary<std::uint64_t>();
  m.cells = *rc::gen::inRange<std::uint8_t>(0, PACKLINK_MAX_CELLS + 1);
  m.temperatures = *rc::gen::inRange<std::uint8_t>(0, PACKLINK_MAX_TEMPERATURES + 1);
  m.current_mA = *rc::gen::arbitrary<std::int32_t>();
  m.charger_present = *rc::gen::arbitrary<bool>();
  for (int i = 0; i < m.cells; ++i) m.cell_dmV[i] = *rc::gen::arbitrary<std::uint16_t>();
  for (int i = 0; i < m.temperatures; ++i) m.temperature_mdegC[i] = *rc::gen::arbitrary<std::int32_t>();
  Bytes bytes(PACKLINK_MAX_FRAME);
  bytes.resize(packlink_encode_measurements(bytes.data(), bytes.size(), 9, &m));
  packlink_decoder_t decoder;
  packlink_decoder_init(&decoder);
  packlink_frame_t frame;
  bool whole = false;
  for (const auto byte : bytes) whole = packlink_decoder_feed(&decoder, byte, &frame) || whole;
  packlink_measurements_t back{};
  RC_ASSERT(whole && packlink_decode_measurements(&frame, &back));
  RC_ASSERT(back.time_us == m.time_us && back.current_mA == m.current_mA && back.charger_present == m.charger_present);
  for (int i = 0; i < m.cells; ++i) RC_ASSERT(back.cell_dmV[i] == m.cell_dmV[i]);
  for (int i = m.cells; i < PACKLINK_MAX_CELLS; ++i) RC_ASSERT(back.cell_dmV[i] == PACKLINK_NO_VOLTAGE);
  for (int i = 0; i < m.temperatures; ++i) RC_ASSERT(back.temperature_mdegC[i] == m.temperature_mdegC[i]);
}

TEST(PacklinkDecoder, CorruptedFrameIsCountedAndTheNextOneDecodes) {
  Receiver receiver;
  Bytes damaged = frame_of(0x20, 1, {1, 2, 3});
  damaged[6] ^= 0x10;
  receiver.feed(damaged);
  receiver.feed(frame_of(0x20, 2, {4}));
  EXPECT_EQ(receiver.frames, (std::vector<Decoded>{{0x20, 2, {4}}}));
  EXPECT_EQ(receiver.decoder.crc_errors, 1u);
  EXPECT_EQ(receiver.decoder.frames, 1u);
}

TEST(PacklinkDecoder, TickSurvivesAFrameBeforeItThatLostItsDelimiter) {
  Receiver receiver;
  Bytes cut = frame_of(PACKLINK_MEASUREMENTS, 1, {1, 2, 3});
  cut.pop_back();
  receiver.feed(cut);
  receiver.feed(tick_of(2, 100'000));
  ASSERT_EQ(receiver.frames.size(), 2u);
  EXPECT_EQ(receiver.frames[1].type, PACKLINK_TICK);

  Receiver truncated;
  cut.resize(cut.size() - 3);
  truncated.feed(cut);
  truncated.feed(tick_of(2, 100'000));
  ASSERT_EQ(truncated.frames.size(), 1u);
  EXPECT_EQ(truncated.frames[0].type, PACKLINK_TICK);
  EXPECT_EQ(truncated.decoder.crc_errors, 1u);
}

TEST(PacklinkDecoder, OversizeIsCountedOnceHoweverLong) {
  Receiver receiver;
  receiver.feed(Bytes(100'000, 0x55));
  receiver.feed({0});
  EXPECT_EQ(receiver.decoder.oversize, 1u);
  receiver.feed(tick_of(2, 100'000));
  EXPECT_EQ(receiver.frames.size(), 1u);
}

TEST(PacklinkDecoder, SilenceOfDelimitersIsNoError) {
  Receiver receiver;
  receiver.feed(Bytes(100, 0));
  EXPECT_EQ(receiver.decoder.crc_errors + receiver.decoder.oversize + receiver.decoder.frames, 0u);
}

}  // namespace
