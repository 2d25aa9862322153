#include "hil/transport/stm32_transport.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace packbench::hil {

using namespace std::chrono_literals;
using firmware::ResetReason;

namespace {

constexpr auto kPatience = 60s;  // wall time; a boot is milliseconds

bool readable(int fd, WallClock::duration patience) {
  pollfd end{fd, POLLIN, 0};
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
  int count;
  while ((count = ::poll(&end, 1, static_cast<int>(milliseconds))) < 0 && errno == EINTR) {
  }
  return count > 0;
}

}  // namespace

Stm32Transport::Stm32Transport(ChildLine line, UniqueFd control, Pins pins, std::string coverage)
    : ChildTransport(std::move(line)),
      control_(std::move(control)),
      pins_(std::move(pins)),
      coverage_(std::move(coverage)) {}

std::string Stm32Transport::power_on() {
  const auto first = next_packet(kPatience);
  if (!first) return "the emulator says nothing";
  return first->done ? "" : first->text;
}

std::optional<Stm32Transport::Answer> Stm32Transport::next_packet(WallClock::duration patience) {
  std::array<char, 4096> packet;
  const ssize_t count =
      readable(control_.get(), patience) ? ::recv(control_.get(), packet.data(), packet.size(), 0) : 0;
  if (count <= 0) return std::nullopt;
  const std::string text(packet.data(), static_cast<std::size_t>(count));
  const std::size_t blank = text.find(' ');
  return Answer{text.starts_with("ok"), blank == std::string::npos ? "" : text.substr(blank + 1)};
}

Stm32Transport::Answer Stm32Transport::request(const std::string& text) {
  if (::send(control_.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return {false, ending()};
  return next_packet(kPatience).value_or(Answer{false, "the emulator did not answer '" + text + "'"});
}

std::string Stm32Transport::trouble(const std::string& text) {
  const Answer answer = request(text);
  return answer.done ? "" : answer.text;
}

void Stm32Transport::empty_line() {
  std::array<std::uint8_t, 4096> rest;
  while (read_some(rest, WallClock::now()).status == IoStatus::ok) {
  }
}

void Stm32Transport::close() {
  if (!coverage_.empty()) request("coverage " + std::exchange(coverage_, ""));
  ChildTransport::close();
}

// The emulator's last packet says what the firmware did that the board does not have.
std::string Stm32Transport::ending() {
  std::string ending = ChildTransport::ending();
  if (ending.empty()) return "";
  if (const auto packet = next_packet(0s)) last_words_ = packet->text;
  return last_words_.empty() ? ending : "the emulated STM32 could not go on: " + last_words_;
}

std::string Stm32Transport::reset(ResetReason reason) {
  std::string why = trouble("reset " + std::to_string(static_cast<int>(reason)));
  empty_line();
  return why;
}

bool Stm32Transport::stand_still(std::uint64_t elapsed_us) {
  const Answer answer = request("stand " + std::to_string(elapsed_us));
  empty_line();
  return answer.done && answer.text == "bitten";
}

std::string Stm32Transport::flip_bit(const std::string& variable, unsigned bit) {
  constexpr std::string_view kSymbol = "symbol:";
  const std::string name = variable.starts_with(kSymbol) ? variable.substr(kSymbol.size()) : variable;
  return trouble("flip " + std::to_string(bit) + " " + name);
}

std::string Stm32Transport::stick_pin(OutputPin pin, PinLevel level) {
  return trouble("stick " + std::to_string(static_cast<int>(pin)) + " " + std::to_string(static_cast<int>(level)));
}

std::optional<PinLevels> Stm32Transport::pins() {
  const std::uint32_t levels = pins_->load(std::memory_order_acquire);
  return PinLevels{(levels & 1) != 0, (levels & 2) != 0, (levels & 4) != 0};
}

}  // namespace packbench::hil
