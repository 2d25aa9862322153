#include "hil/transport/qmp.h"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace packbench::hil {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kPatience = 30s;

}  // namespace

bool Qmp::next_line(std::string& text, Deadline deadline) {
  for (;;) {
    if (const std::size_t end = received_.find('\n'); end != std::string::npos) {
      text = received_.substr(0, end);
      received_.erase(0, end + 1);
      return true;
    }
    std::array<std::uint8_t, 4096> chunk;
    const IoResult result = line_.read_some(chunk, deadline);
    if (result.status != IoStatus::ok) return false;
    received_.append(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(result.bytes));
  }
}

std::string Qmp::start() {
  std::string greeting;
  if (!next_line(greeting, WallClock::now() + kPatience)) return "QEMU did not start";
  return run("qmp_capabilities");
}

std::string Qmp::run(const std::string& command, const std::string& event) {
  const Deadline deadline = WallClock::now() + kPatience;
  const std::string text = json{{"execute", command}}.dump() + "\n";
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (line_.write_all({bytes, text.size()}, deadline).status != IoStatus::ok)
    return fmt::format("QEMU did not take '{}'", command);
  return wait_for_answer(command, event, deadline);
}

std::string Qmp::wait_for_answer(const std::string& command, const std::string& event, Deadline deadline) {
  bool answered = false, happened = event.empty();
  while (!answered || !happened) {
    std::string text;
    if (!next_line(text, deadline)) return fmt::format("QEMU did not answer '{}'", command);
    const json message = json::parse(text, nullptr, false);
    if (!message.is_object()) continue;
    if (message.contains("error")) return fmt::format("QEMU refused '{}'", command);
    answered = answered || message.contains("return");
    happened = happened || message.value("event", "") == event;
  }
  return "";
}

}  // namespace packbench::hil
