#include "hil/stm32/service.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

namespace packbench::hil::stm32 {
namespace {

// In one write, so that emulators of runs side by side add to one file.
std::string append(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  const bool written = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const std::string why = written ? "" : "the file '" + path + "' cannot be written: " + std::strerror(errno);
  if (fd >= 0) ::close(fd);
  return why;
}

}  // namespace

int Service::serve() {
  std::string trouble = boot();
  say(trouble.empty() ? "ok" : "no " + trouble);
  if (!trouble.empty()) return 1;
  for (;;) {
    const Stm32::Rest rest = stopped_ ? Stm32::Rest::idle : machine_.run(kSlice);
    publish_pins();
    if (!put_sent()) return 0;
    if (rest == Stm32::Rest::refused) {
      say("no " + machine_.failure());
      return 1;
    }
    if (wait(rest == Stm32::Rest::busy) == Next::bench_gone) return 0;
  }
}

Service::Next Service::wait(bool busy) {
  std::array<pollfd, 2> ends{pollfd{control_, POLLIN, 0}, pollfd{line_, POLLIN, 0}};
  while (::poll(ends.data(), ends.size(), busy ? 0 : -1) < 0 && errno == EINTR) {
  }
  // Bytes that were sent before a request are before it.
  if (ends[1].revents != 0 && take_bytes() == Next::bench_gone) return Next::bench_gone;
  return ends[0].revents != 0 ? take_request() : Next::go_on;
}

Service::Next Service::take_bytes() {
  std::array<std::uint8_t, 8192> bytes;
  const ssize_t count = ::recv(line_, bytes.data(), bytes.size(), 0);
  if (count == 0 || (count < 0 && errno != EINTR)) return Next::bench_gone;
  if (count > 0 && !stopped_) machine_.receive(std::span(bytes).first(static_cast<std::size_t>(count)));
  return Next::go_on;
}

Service::Next Service::take_request() {
  std::array<char, 4096> text;
  const ssize_t count = ::recv(control_, text.data(), text.size(), 0);
  if (count == 0 || (count < 0 && errno != EINTR)) return Next::bench_gone;
  if (count > 0) {
    const std::string answered = answer(std::string(text.data(), static_cast<std::size_t>(count)));
    publish_pins();
    say(answered);
  }
  return Next::go_on;
}

std::string Service::answer(const std::string& request) {
  std::istringstream words(request);
  std::string verb, name;
  std::uint64_t first = 0, second = 0;
  words >> verb;
  const auto done = [](const std::string& trouble) { return trouble.empty() ? "ok" : "no " + trouble; };
  if (verb == "reset" && words >> first && first <= 4) return done(reset(static_cast<ResetReason>(first)));
  if (verb == "reset-after" && words >> first >> second && second <= 4) {
    machine_.reset_after(first, static_cast<ResetReason>(second));
    return "ok";
  }
  if (verb == "stop" || verb == "resume") {
    stopped_ = verb == "stop";
    return "ok";
  }
  if (verb == "stand" && words >> first) return stand_still(first);
  if (verb == "flip" && words >> first && std::getline(words >> std::ws, name))
    return done(machine_.flip_bit(name, static_cast<unsigned>(first)));
  if (verb == "stick" && words >> first >> second && first < 3 && second < 3) {
    machine_.stick(static_cast<unsigned>(first), static_cast<Stm32::Stuck>(second));
    return "ok";
  }
  if (verb == "save") return done(machine_.save());
  if (verb == "restore" && words >> first) return done(machine_.restore(static_cast<unsigned>(first)));
  if (verb == "statistics") return "ok " + statistics();
  if (verb == "coverage" && std::getline(words >> std::ws, name)) {
    return done(append(name, machine_.coverage()));
  }
  return "no the request '" + request + "' is unknown";
}

std::string Service::reset(ResetReason reason) {
  machine_.reset(reason);
  return boot();
}

// Until it sleeps, and for ten seconds of instructions at most.
std::string Service::boot() {
  stopped_ = false;
  constexpr std::uint64_t kPatience = 4'000'000'000;
  const Stm32::Rest rest = machine_.run(kPatience);
  machine_.sent().clear();
  publish_pins();
  if (rest == Stm32::Rest::idle) return "";
  return rest == Stm32::Rest::refused ? machine_.failure() : "the firmware did not come to rest after its reset";
}

std::string Service::stand_still(std::uint64_t time_us) {
  if (!stopped_) return "no the machine is not stopped";
  if (!machine_.stand_still(time_us)) return "ok";
  const std::string trouble = boot();
  return trouble.empty() ? "ok bitten" : "no " + trouble;
}

std::string Service::statistics() {
  const Statistics s = machine_.statistics();
  std::ostringstream text;
  text << "instructions=" << s.instructions << " now_ns=" << s.now_ns << " boots=" << s.boots
       << " watchdog_bites=" << s.watchdog_bites << " longest_wake=" << s.longest_wake
       << " task_calls=" << s.cpu.watched_calls << " task_instructions=" << s.cpu.watched_instructions
       << " task_worst=" << s.cpu.watched_worst << " exceptions=" << s.cpu.exceptions
       << " tail_chained=" << s.cpu.tail_chained << " floating_frames=" << s.cpu.floating_frames
       << " bytes_in=" << s.bytes_in << " bytes_out=" << s.bytes_out << " overruns=" << s.overruns;
  return text.str();
}

bool Service::put_sent() {
  std::vector<std::uint8_t>& bytes = machine_.sent();
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::send(line_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  bytes.clear();
  return true;
}

void Service::say(const std::string& text) { ::send(control_, text.data(), text.size(), MSG_NOSIGNAL); }

}  // namespace packbench::hil::stm32
