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

void survive_broken_pipes() {
  struct sigaction action {};
  if (::sigaction(SIGPIPE, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) ::signal(SIGPIPE, SIG_IGN);
}

ChildLine start_on_pty(const std::vector<std::string>& argv, std::span<const FdPlacement> others) {
  std::optional<PtyPair> pty = open_pty_pair();
  if (!pty) return failed("cannot make a pseudo-terminal for the device");
  UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  std::vector<FdPlacement> placements{{null.get(), 0}, {null.get(), 1}, {pty->slave.get(), kDeviceFd}};
  placements.insert(placements.end(), others.begin(), others.end());
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

ChildTransport::ChildTransport(ChildLine line)
    : FdTransport(std::move(line.fd), kClosed), child_(std::move(line.child)) {}

void ChildTransport::close() {
  child_.kill();
  FdTransport::close();
}

std::string ChildTransport::ending() {
  const std::string line = FdTransport::ending();
  return line == kClosed ? child_.ending() : line;
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
  ChildLine line = start_on_stdio(argv);
  if (!line.error.empty()) return OpenedTransport::failed(std::move(line.error));
  OpenedTransport opened;
  opened.transport = std::make_unique<ChildTransport>(std::move(line));
  return opened;
}

}  // namespace packbench::hil
