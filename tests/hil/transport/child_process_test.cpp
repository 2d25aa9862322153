#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "hil/transport/child_transport.h"

namespace packbench::hil {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string all_output(Transport& line) {
  std::string text;
  std::array<std::uint8_t, 4096> buffer;
  for (;;) {
    const IoResult result = line.read_some(buffer, WallClock::now() + 20s);
    if (result.status != IoStatus::ok) return text;
    text.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(result.bytes));
  }
}

std::unique_ptr<Transport> run(const std::string& command) {
  OpenedTransport opened = open_exec(command);
  EXPECT_EQ(opened.error, "");
  return std::move(opened.transport);
}

// All children of this process are gone, reaped and forgotten.
bool no_child_left() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

TEST(ChildProcess, ItsExitStatusIsTold) {
  const auto line = run("sh -c 'exit 3'");
  all_output(*line);
  EXPECT_EQ(line->ending(), "the process ended with exit status 3");
  EXPECT_EQ(line->ending(), "the process ended with exit status 3") << "asked again";
}

TEST(ChildProcess, TheSignalThatKilledItIsTold) {
  const auto line = run("sh -c 'kill -ABRT $$'");
  all_output(*line);
  EXPECT_EQ(line->ending(), "the process was killed by signal 6 (Aborted)");
}

TEST(ChildProcess, OneThatClosesItsEndButRunsOnIsKilledAndToldSo) {
  const auto line = run("sh -c 'exec sleep 1000 <&- >&-'");
  all_output(*line);
  EXPECT_THAT(line->ending(), HasSubstr("went on running; the bench killed it"));
  EXPECT_TRUE(no_child_left());
}

TEST(ChildProcess, AProgramThatDoesNotExistIsASentence) {
  const OpenedTransport opened = open_exec("/no/such/program --fast");
  EXPECT_EQ(opened.transport, nullptr);
  EXPECT_EQ(opened.error, "cannot start '/no/such/program': No such file or directory.");
  EXPECT_FALSE(opened.bad_uri);
  EXPECT_TRUE(no_child_left());
}

TEST(ChildProcess, AFileThatIsNoProgramIsASentence) {
  EXPECT_EQ(open_exec("/etc/passwd").error, "cannot start '/etc/passwd': Permission denied.");
}

TEST(ChildProcess, WordsAreSplitAsInAShell) {
  EXPECT_EQ(all_output(*run("printf '%s|' one 'two words' \"three\" four\\ more")), "one|two words|three|four more|");
}

TEST(ChildProcess, ACommandLineThatCannotBeSplitSaysWhy) {
  EXPECT_THAT(open_exec("cat 'unclosed").error, HasSubstr("a quote is not closed"));
  EXPECT_THAT(open_exec("cat | tee log").error, HasSubstr("outside quotes"));
  EXPECT_THAT(open_exec("cat $(date)").error, HasSubstr("substitutes a command"));
  EXPECT_THAT(open_exec("").error, HasSubstr("needs a program"));
  EXPECT_TRUE(open_exec("").bad_uri);
}

TEST(ChildProcess, InheritsNoDescriptorOfTheBench) {
  const UniqueFd leaky(::open("/dev/null", O_RDONLY));  // not close-on-exec
  EXPECT_EQ(all_output(*run("ls /proc/self/fd")), "0\n1\n2\n3\n") << "3 is the folder that ls reads";
}

TEST(ChildProcess, LeadsAGroupOfItsOwnSoCtrlCReachesTheBenchOnly) {
  const auto line = run("sh -c 'ps -o pgid= -p $$; echo $$'");
  std::istringstream words(all_output(*line));
  pid_t group = 0, pid = -1;
  words >> group >> pid;
  EXPECT_EQ(group, pid);
}

TEST(ChildProcess, TheEndOfItsLineKillsAndReapsIt) {
  run("sleep 1000");
  EXPECT_TRUE(no_child_left());
}

TEST(ChildProcess, WhatItStartedDiesWithIt) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that an orphan would become ours
  auto line = run("sh -c 'sleep 1000 & echo $!; wait'");
  std::array<std::uint8_t, 64> buffer{};
  ASSERT_EQ(line->read_some(buffer, WallClock::now() + 20s).status, IoStatus::ok);
  const pid_t grandchild = std::stoi(std::string(buffer.begin(), buffer.end()));
  line.reset();
  int status = 0;
  EXPECT_EQ(::waitpid(grandchild, &status, 0), grandchild);
  EXPECT_TRUE(WIFSIGNALED(status));
}

TEST(ChildProcess, DiesEvenWhenTheBenchIsKilledHard) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t bench = ::fork();
  if (bench == 0) {
    const ChildLine line = start_on_pty({"sleep", "1000"});
    const pid_t child = line.child.pid();
    [[maybe_unused]] const auto written = ::write(ends[1], &child, sizeof child);
    for (;;) ::pause();
  }
  pid_t child = -1;
  ASSERT_EQ(::read(ends[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  ::kill(bench, SIGKILL);
  ::waitpid(bench, nullptr, 0);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child) << "an orphan comes to this process";
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(ChildProcess, TheBenchHasNoHandOnTheMachineOfAProgramOfTheUsers) { EXPECT_EQ(run("cat")->machine(), nullptr); }

}  // namespace
}  // namespace packbench::hil
