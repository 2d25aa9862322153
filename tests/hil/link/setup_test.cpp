#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_device.h"

namespace packbench::hil {
namespace {

using testing::HasSubstr;

TEST(Connect, HelloIsRepeatedUntilIdentComes) {
  Pair pair;
  pair.manner.deaf_hellos = 3;
  ASSERT_FALSE(pair.connect());
  EXPECT_EQ(pair.log.ticks(PACKLINK_HELLO).size(), 4u);
  EXPECT_STREQ(pair.bench->ident().device_id, "FAKE");
  EXPECT_TRUE(pair.bench->lockstep());
}

TEST(Connect, ADeviceThatStaysSilentIsStalled) {
  Pair pair;
  pair.manner.deaf_hellos = 1000;
  const auto error = pair.connect();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::stalled);
  EXPECT_EQ(error->what, "the device did not answer: no IDENT within 0.2 s of wall time.");
}

TEST(Connect, AnEchoIsRecognised) {
  Pair pair;
  pair.manner.echo = true;
  EXPECT_THAT(pair.connect()->what, HasSubstr("sends back what it is sent, as a terminal in echo mode does"));
}

TEST(Connect, AnotherMajorVersionIsRefusedInWords) {
  Pair pair;
  pair.manner.ident.version_major = 2;
  const auto error = pair.connect();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::refused);
  EXPECT_EQ(error->what, "the device speaks packlink 2.0 and this bench 1.0: the first numbers must agree.");
}

TEST(Connect, AnotherMinorVersionIsAccepted) {
  Pair pair;
  pair.manner.ident.version_minor = 9;
  EXPECT_FALSE(pair.connect());
}

TEST(Connect, TooFewCellsAreSaid) {
  Pair pair;
  pair.manner.ident.max_cells = 14;
  EXPECT_EQ(pair.connect()->what, "the device handles at most 14 cells and the pack has 15.");
}

TEST(Configure, AProfileGoesInPartsAndIsConfirmedByItsChecksum) {
  Pair pair;
  ASSERT_FALSE(pair.connect());
  EXPECT_FALSE(pair.bench->configure(std::vector<std::uint8_t>(450, 7)));
  EXPECT_EQ(pair.log.ticks(PACKLINK_CONFIG).size(), 3u);
}

TEST(Configure, ALostPartIsSentAgain) {
  Pair pair;
  pair.manner.deaf_configs = 2;
  ASSERT_FALSE(pair.connect());
  EXPECT_FALSE(pair.bench->configure(std::vector<std::uint8_t>(450, 7)));
  EXPECT_EQ(pair.log.ticks(PACKLINK_CONFIG).size(), 5u);
}

TEST(Configure, AProfileThatDidNotArriveWholeIsRefused) {
  Pair pair;
  pair.manner.lose_profile = true;
  ASSERT_FALSE(pair.connect());
  const auto error = pair.bench->configure(std::vector<std::uint8_t>(450, 7));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::refused);
  EXPECT_THAT(error->what, HasSubstr("did not take the BMS profile: it confirms none"));
}

TEST(Defect, OneThatTheDeviceDoesNotKnowIsRefused) {
  Pair pair;
  pair.manner.nack_of = "DEFECT";
  ASSERT_FALSE(pair.connect());
  EXPECT_EQ(pair.bench->set_defect("no_such_thing")->what,
            "the device refused a test message: This defect is unknown.");
  EXPECT_THAT(pair.bench->set_defect(std::string(100, 'x'))->what, HasSubstr("knows no defect 'xxx"));
}

TEST(Defect, OneThatItTakesIsConfirmed) {
  Pair pair;
  ASSERT_FALSE(pair.connect());
  EXPECT_FALSE(pair.bench->set_defect("hang"));
}

TEST(DeviceKinds, EveryKindOfTheCatalogueIsKnownToTheOpener) {
  for (const DeviceKind& kind : device_kinds()) {
    const OpenedDevice opened = open_device(std::string(kind.scheme) + ":,", {});
    EXPECT_THAT(opened.error, testing::Not(HasSubstr("unknown device"))) << kind.scheme;
  }
  EXPECT_TRUE(open_device("can:0", {}).bad_uri);
}

}  // namespace
}  // namespace packbench::hil
