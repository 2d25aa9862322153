#include "vectors_table.h"

#include <gmock/gmock.h>

#include <optional>

#include "vectors_c.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Received {
  packlink_decoder_t decoder;
  packlink_frame_t frame{};
  bool whole = false;

  explicit Received(const Bytes& bytes) {
    packlink_decoder_init(&decoder);
    for (const auto byte : bytes) whole = packlink_decoder_feed(&decoder, byte, &frame) || whole;
  }
};

TEST(PacklinkVectors, TableHasEveryMessage) {
  std::vector<int> types;
  for (const Vector& row : read_vectors()) types.push_back(row.type);
  EXPECT_THAT(types, testing::ElementsAre(1, 2, 3, 4, 5, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0xF0, 0xF1));
}

TEST(PacklinkVectors, StructsBuiltInCEncodeToTheTable) {
  for (const Vector& row : read_vectors()) {
    Bytes buffer(PACKLINK_MAX_FRAME);
    buffer.resize(vectors_c_encode(row.name.c_str(), buffer.data(), buffer.size()));
    EXPECT_EQ(buffer, row.frame) << row.name;
  }
}

TEST(PacklinkVectors, FramesOfTheTableDecodeAndEncodeToThemselves) {
  for (const Vector& row : read_vectors()) {
    const Received received(row.frame);
    ASSERT_TRUE(received.whole) << row.name;
    EXPECT_EQ(received.frame.type, row.type);
    EXPECT_EQ(received.frame.sequence, row.sequence);
    Bytes again(PACKLINK_MAX_FRAME);
    again.resize(vectors_c_again(&received.frame, again.data(), again.size()));
    EXPECT_EQ(again, row.frame) << row.name;
  }
}

TEST(PacklinkVectors, ShorterPayloadsAreRefused) {
  for (const Vector& row : read_vectors()) {
    const Received received(row.frame);
    const std::size_t least = row.name == "defect" ? 1 : received.frame.payload_size;  // its name has no fixed length
    for (std::size_t size = 0; size < least; ++size) {
      EXPECT_FALSE(vectors_c_accepts(&received.frame, size)) << row.name << " with " << size << " bytes";
    }
  }
}

TEST(PacklinkVectors, LongerPayloadsOfANewerPeerAreTolerated) {
  for (const Vector& row : read_vectors()) {
    if (row.name == "defect") continue;
    const Received received(row.frame);
    Bytes payload(received.frame.payload, received.frame.payload + received.frame.payload_size);
    payload.insert(payload.end(), {1, 2, 3});
    packlink_frame_t longer = received.frame;
    longer.payload = payload.data();
    longer.payload_size = payload.size();
    Bytes again(PACKLINK_MAX_FRAME);
    again.resize(vectors_c_again(&longer, again.data(), again.size()));
    EXPECT_EQ(again, row.frame) << row.name;
  }
}

TEST(PacklinkVectors, EverySingleBitErrorIsSeen) {
  for (const Vector& row : read_vectors()) {
    for (std::size_t bit = 0; bit < row.frame.size() * 8; ++bit) {
      Bytes damaged = row.frame;
      damaged[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      const std::size_t first = row.frame[0] == 0 ? 1 : 0;
      if (bit / 8 < first) continue;  // a damaged leading delimiter is the case of the next frame's test
      damaged.push_back(0);
      EXPECT_FALSE(Received(damaged).whole) << row.name << " bit " << bit;
    }
  }
}

TEST(PacklinkVectors, TicksStartWithADelimiter) {
  for (const Vector& row : read_vectors()) {
    const bool delimited = row.name == "hello" || row.name == "tick" || row.name == "ident" || row.name == "tick_done";
    EXPECT_EQ(row.frame.front() == 0, delimited) << row.name;
    EXPECT_EQ(row.frame.back(), 0) << row.name;
  }
}

}  // namespace
