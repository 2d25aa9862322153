#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <termios.h>

#include "hil/transport/child_process.h"
#include "hil/transport/holders.h"
#include "hil/transport/pty_transport.h"
#include "hil/transport/terminal.h"

namespace packbench::hil {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

void make_cooked(int fd) {
  termios settings{};
  ::tcgetattr(fd, &settings);
  settings.c_lflag |= ECHO | ICANON | ISIG;
  settings.c_iflag |= ICRNL | IXON;
  settings.c_oflag |= OPOST | ONLCR;
  ::tcsetattr(fd, TCSANOW, &settings);
}

TEST(Pty, OneInEchoAndLineModeIsMadeRawBeforeTheFirstByte) {
  std::optional<PtyPair> pty = open_pty_pair();
  make_cooked(pty->slave.get());
  OpenedTransport opened = open_pty(pty->slave_path);
  ASSERT_EQ(opened.error, "");
  const std::array<std::uint8_t, 6> bytes{3, 13, 10, 17, 19, 4};  // Ctrl-C, CR, LF, XON, XOFF, end of file
  ASSERT_EQ(::write(pty->master.get(), bytes.data(), bytes.size()), 6);
  std::array<std::uint8_t, 16> got{};
  const IoResult result = opened.transport->read_some(got, WallClock::now() + 20s);
  EXPECT_THAT(std::vector(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(result.bytes)),
              testing::ElementsAreArray(bytes));
  ::fcntl(pty->master.get(), F_SETFL, O_NONBLOCK);
  EXPECT_EQ(::read(pty->master.get(), got.data(), got.size()), -1) << "nothing may be echoed";
}

TEST(Pty, WhatEarlierUsersLeftIsThrownAway) {
  std::optional<PtyPair> pty = open_pty_pair();
  ASSERT_EQ(::write(pty->master.get(), "stale", 5), 5);
  OpenedTransport opened = open_pty(pty->slave_path);
  ASSERT_EQ(::write(pty->master.get(), "new", 3), 3);
  std::array<std::uint8_t, 16> got{};
  ASSERT_EQ(opened.transport->read_some(got, WallClock::now() + 20s).bytes, 3u);
  EXPECT_EQ(got[0], 'n');
}

TEST(Pty, ASecondBenchIsToldThatItIsBusy) {
  std::optional<PtyPair> pty = open_pty_pair();
  const OpenedTransport first = open_pty(pty->slave_path);
  EXPECT_THAT(open_pty(pty->slave_path).error, HasSubstr("is busy: another bench uses it"));
}

TEST(Pty, AnotherProcessThatHoldsItIsNamed) {
  std::optional<PtyPair> pty = open_pty_pair();
  const std::array placements{FdPlacement{pty->slave.get(), 0}};
  const ChildProcess::Started holder = ChildProcess::start({"sleep", "1000"}, placements);
  const std::vector<Holder> holders = holders_of(pty->slave_path);
  ASSERT_EQ(holders.size(), 1u);
  EXPECT_EQ(holders[0].pid, holder.child.pid());
  EXPECT_EQ(held_by(pty->slave_path), " (held by sleep, process " + std::to_string(holder.child.pid()) + ")");
}

TEST(Pty, WhatIsNoTerminalIsRefusedInWords) {
  EXPECT_EQ(open_pty("/no/such/pty").error,
            "cannot open the pseudo-terminal '/no/such/pty': No such file or directory.");
  EXPECT_THAT(open_pty("/dev/null").error, HasSubstr("'/dev/null' is not a terminal"));
  EXPECT_TRUE(open_pty("").bad_uri);
}

}  // namespace
}  // namespace packbench::hil
