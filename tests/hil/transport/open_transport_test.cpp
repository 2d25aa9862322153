#include "hil/transport/open_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace packbench::hil {
namespace {

using testing::HasSubstr;

std::string usage_error(const std::string& uri) {
  const OpenedTransport opened = open_transport(uri, "");
  EXPECT_EQ(opened.transport, nullptr);
  EXPECT_TRUE(opened.bad_uri) << uri;
  return opened.error;
}

TEST(OpenTransport, AnUnknownSchemeNamesTheKnownOnes) {
  EXPECT_THAT(usage_error("can:0"),
              HasSubstr("unknown device 'can:0' (expected inproc:, native:, stm32:, qemu:, exec:PROGRAM ARGS"));
  EXPECT_THAT(usage_error(""), HasSubstr("unknown device ''"));
}

TEST(OpenTransport, AForgottenColonIsRecognised) {
  EXPECT_THAT(usage_error("native"), HasSubstr("did you mean 'native:'?"));
}

TEST(OpenTransport, ArgumentsWhereNoneBelongAreRefused) {
  EXPECT_THAT(usage_error("inproc:fast"), HasSubstr("'inproc:' takes nothing after the colon, but got 'fast'"));
  EXPECT_THAT(usage_error("native:x"), HasSubstr("takes nothing after the colon"));
}

TEST(OpenTransport, WrongSerialOptionsAreUsageErrors) {
  EXPECT_THAT(usage_error("serial:/dev/x,baud=no"), HasSubstr("baud=no"));
}

TEST(OpenTransport, AMissingExecutableOfNativeIsASentence) {
  const OpenedTransport opened = open_transport("native:", "/no/packbench");
  EXPECT_EQ(opened.error, "cannot start '/no/packbench': No such file or directory.");
  EXPECT_FALSE(opened.bad_uri);
}

}  // namespace
}  // namespace packbench::hil
