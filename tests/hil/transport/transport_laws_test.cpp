// The laws of hil/transport/transport.h, inherited by every kind of line that has a descriptor. The peer is always
// `cat`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <functional>
#include <memory>
#include <numeric>

#include "hil/transport/child_transport.h"
#include "hil/transport/pty_transport.h"
#include "hil/transport/stm32_transport.h"
#include "hil/transport/terminal.h"

namespace packbench::hil {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

struct EchoLine {
  std::unique_ptr<Transport> line;
  pid_t peer = -1;
  ChildProcess owned;  // when the line does not own it
  ChildTransport* child = nullptr;
};

EchoLine socket_pair() {
  int ends[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  ::signal(SIGPIPE, SIG_IGN);
  UniqueFd mine(ends[0]), theirs(ends[1]);
  const std::array placements{FdPlacement{theirs.get(), 0}, FdPlacement{theirs.get(), 1}};
  EchoLine echo;
  echo.owned = ChildProcess::start({"cat"}, placements).child;
  echo.peer = echo.owned.pid();
  echo.line = std::make_unique<FdTransport>(std::move(mine), "the other end was closed");
  return echo;
}

EchoLine attached_pty() {
  std::optional<PtyPair> pty = open_pty_pair();
  const std::array placements{FdPlacement{pty->master.get(), 0}, FdPlacement{pty->master.get(), 1}};
  EchoLine echo;
  echo.owned = ChildProcess::start({"cat"}, placements).child;
  echo.peer = echo.owned.pid();
  OpenedTransport opened = open_pty(pty->slave_path);
  EXPECT_EQ(opened.error, "");
  echo.line = std::move(opened.transport);
  return echo;
}

EchoLine owning(ChildLine started) {
  EXPECT_EQ(started.error, "");
  auto line = std::make_unique<ChildTransport>(std::move(started));
  EchoLine echo;
  echo.child = line.get();
  echo.peer = line->pid();
  echo.line = std::move(line);
  return echo;
}

EchoLine program_on_stdio() { return owning(start_on_stdio({"cat"})); }
EchoLine child_on_pty() { return owning(start_on_pty({"sh", "-c", "exec cat <&3 >&3"})); }

#ifdef PACKBENCH_STM32_ECHO
// An emulated board whose firmware sends back what it hears.
EchoLine emulated_board() {
  Stm32Settings settings;
  settings.program = PACKBENCH_STM32;
  settings.image = PACKBENCH_STM32_ECHO;
  OpenedTransport opened = open_stm32(settings, "");
  EXPECT_EQ(opened.error, "");
  EchoLine echo;
  echo.line = std::move(opened.transport);
  echo.child = dynamic_cast<ChildTransport*>(echo.line.get());
  echo.peer = echo.child->pid();
  return echo;
}
#endif

struct LineKind {
  const char* name;
  std::function<EchoLine()> open;
  bool keeps_last_words;
};
void PrintTo(const LineKind& kind, std::ostream* out) { *out << kind.name; }

class TransportLaws : public testing::TestWithParam<LineKind> {
 protected:
  TransportLaws() : echo_(GetParam().open()), line_(*echo_.line) {}

  static Deadline in(WallClock::duration time) { return WallClock::now() + time; }
  static Bytes pattern(std::size_t size) {
    Bytes bytes(size);
    std::uint32_t state = 1;
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
    return bytes;
  }
  Bytes read(std::size_t size) {
    Bytes got;
    Bytes buffer(4096);
    while (got.size() < size) {
      const IoResult result =
          line_.read_some(std::span(buffer).first(std::min(buffer.size(), size - got.size())), in(20s));
      if (result.status != IoStatus::ok) break;
      got.insert(got.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(result.bytes));
    }
    return got;
  }
  // Returns when the peer is dead and its descriptors are closed.
  void end_peer() {
    ::kill(echo_.peer, SIGKILL);
    siginfo_t info;
    ::waitid(P_PID, static_cast<id_t>(echo_.peer), &info, WEXITED | WNOWAIT);
  }
  IoStatus read_to_the_end() {
    Bytes buffer(4096);
    IoStatus status = IoStatus::ok;
    while (status == IoStatus::ok) status = line_.read_some(buffer, in(20s)).status;
    return status;
  }

  EchoLine echo_;
  Transport& line_;
};

TEST_P(TransportLaws, EveryByteValueComesBackWholeAndInOrder) {
  for (const std::size_t size : {1, 2, 255, 256, 4095, 4096, 4097, 30000}) {
    const Bytes sent = pattern(size);
    ASSERT_EQ(line_.write_all(sent, in(20s)).status, IoStatus::ok);
    ASSERT_EQ(read(size), sent) << size;
  }
}

TEST_P(TransportLaws, TwoEndsThatWriteMuchAtOnceDoNotWaitForEachOther) {
  const Bytes sent = pattern(2 << 20);
  const IoResult result = line_.write_all(sent, in(60s));
  ASSERT_EQ(result.status, IoStatus::ok);
  ASSERT_EQ(result.bytes, sent.size());
  EXPECT_TRUE(read(sent.size()) == sent);
}

TEST_P(TransportLaws, ReadReturnsAtItsDeadlineNotBefore) {
  Bytes buffer(16);
  const Deadline deadline = in(30ms);
  EXPECT_EQ(line_.read_some(buffer, deadline).status, IoStatus::timed_out);
  EXPECT_GE(WallClock::now(), deadline);
}

TEST_P(TransportLaws, ADeadlineInThePastStillReadsWhatIsThere) {
  const Bytes sent = pattern(100);
  ASSERT_EQ(line_.write_all(sent, in(20s)).status, IoStatus::ok);
  ASSERT_EQ(read(1).size(), 1u);  // cat answers 100 bytes at once
  Bytes buffer(4096);
  EXPECT_EQ(line_.read_some(buffer, WallClock::now() - 1h).status, IoStatus::ok);
}

TEST_P(TransportLaws, WriteStopsAtItsDeadlineWhenNobodyReads) {
  ::kill(echo_.peer, SIGSTOP);
  siginfo_t info;
  ::waitid(P_PID, static_cast<id_t>(echo_.peer), &info, WSTOPPED | WNOWAIT);
  const Bytes sent = pattern(8 << 20);
  const IoResult result = line_.write_all(sent, in(30ms));
  EXPECT_EQ(result.status, IoStatus::timed_out);
  EXPECT_LT(result.bytes, sent.size());
}

TEST_P(TransportLaws, WhatThePeerSaidBeforeItsEndIsRead) {
  if (!GetParam().keeps_last_words) GTEST_SKIP() << "the kernel empties the slave of a pty when its master closes";
  const Bytes sent = pattern(100);
  ASSERT_EQ(line_.write_all(sent, in(20s)).status, IoStatus::ok);
  Bytes got = read(1);
  end_peer();
  const Bytes rest = read(99);
  got.insert(got.end(), rest.begin(), rest.end());
  EXPECT_EQ(got, sent);
}

TEST_P(TransportLaws, ThePeersEndClosesTheLineAndIsNamed) {
  EXPECT_EQ(line_.ending(), "");
  end_peer();
  EXPECT_EQ(read_to_the_end(), IoStatus::closed);
  EXPECT_EQ(line_.write_all(pattern(10), in(20s)).status, IoStatus::closed);
  EXPECT_THAT(line_.ending(),
              testing::AnyOf(testing::HasSubstr("closed"), testing::HasSubstr("killed by signal 9 (Killed)")));
}

TEST_P(TransportLaws, WritingToADeadPeerEndsTheLineNotTheBench) {
  end_peer();
  const Bytes sent = pattern(1 << 20);
  EXPECT_EQ(line_.write_all(sent, in(20s)).status, IoStatus::closed);
}

TEST_P(TransportLaws, ACloseEndsReadsAndWrites) {
  line_.close();
  Bytes buffer(16);
  EXPECT_EQ(line_.read_some(buffer, in(20s)).status, IoStatus::closed);
  EXPECT_EQ(line_.write_all(buffer, in(20s)).status, IoStatus::closed);
  EXPECT_EQ(line_.ending(), "the bench closed the line");
}

#ifdef PACKBENCH_STM32_ECHO
INSTANTIATE_TEST_SUITE_P(Emulated, TransportLaws, testing::Values(LineKind{"stm32", emulated_board, true}),
                         [](const auto& kind) { return std::string(kind.param.name); });
#endif

INSTANTIATE_TEST_SUITE_P(Lines, TransportLaws,
                         testing::Values(LineKind{"socket_pair", socket_pair, true},
                                         LineKind{"pty", attached_pty, false}, LineKind{"exec", program_on_stdio, true},
                                         LineKind{"native", child_on_pty, true}),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace packbench::hil
