#include "hil/transport/child_transport.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <wordexp.h>

#include <array>
#include <cerrno>

#include "hil/transport/terminal.h"

namespace packbench::hil {
namespace {

constexpr int kDeviceFd = 3;
constexpr const char* kClosed = "the process closed its end of the line";

ChildLine failed(const std::string& what) {
  ChildLine line;
  line.error = what + ": " + strerror(errno) + ".";
  return line;
}

ChildLine started(ChildProcess::Started start, UniqueFd fd) {
  return {std::move(start.child), std::move(fd), std::move(start.error)};
}

// A write to a program that has just ended must be an error, not the end of the bench.
void survive_broken_pipes() {
  struct sigaction action {};
  if (::sigaction(SIGPIPE, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) ::signal(SIGPIPE, SIG_IGN);
}

OpenedTransport opened(ChildLine line, ChildTransport::Restart restart) {
  if (!line.error.empty()) return OpenedTransport::failed(std::move(line.error));
  OpenedTransport result;
  result.transport = std::make_unique<ChildTransport>(std::move(line), std::move(restart));
  return result;
}

std::string wordexp_trouble(int code) {
  switch (code) {
    case WRDE_BADCHAR:
      return "it contains one of | & ; < > ( ) { } outside quotes";
    case WRDE_BADVAL:
      return "it uses a variable that is not set";
    case WRDE_CMDSUB:
      return "it substitutes a command";
    case WRDE_SYNTAX:
      return "a quote is not closed";
    default:
      return "it cannot be split into words";
  }
}

}  // namespace

ChildLine start_on_pty(const std::vector<std::string>& argv) {
  std::optional<PtyPair> pty = open_pty_pair();
  if (!pty) return failed("cannot make a pseudo-terminal for the device");
  UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const std::array placements{FdPlacement{null.get(), 0}, FdPlacement{null.get(), 1},
                              FdPlacement{pty->slave.get(), kDeviceFd}};
  return started(ChildProcess::start(argv, placements), std::move(pty->master));
}

ChildLine start_on_stdio(const std::vector<std::string>& argv) {
  survive_broken_pipes();
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return failed("cannot make a line to the program");
  UniqueFd bench(ends[0]), program(ends[1]);
  const std::array placements{FdPlacement{program.get(), 0}, FdPlacement{program.get(), 1}};
  return started(ChildProcess::start(argv, placements), std::move(bench));
}

ChildTransport::ChildTransport(ChildLine line, Restart restart)
    : FdTransport(std::move(line.fd), kClosed), child_(std::move(line.child)), restart_(std::move(restart)) {}

void ChildTransport::close() {
  child_.kill();
  FdTransport::close();
}

std::string ChildTransport::ending() {
  const std::string line = FdTransport::ending();
  return line == kClosed ? child_.ending() : line;
}

std::string ChildTransport::power_cycle(std::uint8_t reset_reason, std::uint32_t boot_count) {
  if (!restart_) return FdTransport::power_cycle(reset_reason, boot_count);
  close();
  ChildLine line = restart_(reset_reason, boot_count);
  if (!line.error.empty()) return line.error;
  child_ = std::move(line.child);
  reopen(std::move(line.fd));
  return "";
}

OpenedTransport open_native(const std::string& executable) {
  const std::string program = executable.empty() ? "/proc/self/exe" : executable;
  const auto start = [program](std::uint8_t reset_reason, std::uint32_t boot_count) {
    return start_on_pty({program, "device", "--link", "fd:" + std::to_string(kDeviceFd), "--reset-reason",
                         std::to_string(reset_reason), "--boot-count", std::to_string(boot_count)});
  };
  return opened(start(0, 1), start);
}

OpenedTransport open_exec(const std::string& command) {
  wordexp_t words{};
  const int code = ::wordexp(command.c_str(), &words, WRDE_NOCMD | WRDE_UNDEF);
  if (code != 0) {
    return OpenedTransport::wrong("cannot understand the command line of 'exec:" + command +
                                  "': " + wordexp_trouble(code) + ".");
  }
  const std::vector<std::string> argv(words.we_wordv, words.we_wordv + words.we_wordc);
  ::wordfree(&words);
  if (argv.empty()) return OpenedTransport::wrong("exec: needs a program, as in 'exec:./my_bms --cells 15'.");
  return opened(start_on_stdio(argv), nullptr);
}

}  // namespace packbench::hil
