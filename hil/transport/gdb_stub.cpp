#include "hil/transport/gdb_stub.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace packbench::hil {
namespace {

using namespace std::chrono_literals;

std::string packet_of(const std::string& text) {
  unsigned sum = 0;
  for (const char c : text) sum += static_cast<unsigned char>(c);
  return fmt::format("${}#{:02x}", text, sum % 256);
}

std::optional<std::vector<std::uint8_t>> bytes_of(const std::string& hex, std::size_t size) {
  if (hex.size() != 2 * size) return std::nullopt;
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    const char* digits = hex.data() + 2 * i;
    if (std::from_chars(digits, digits + 2, bytes[i], 16).ptr != digits + 2) return std::nullopt;
  }
  return bytes;
}

// The stub also says by itself that the processor stopped.
bool stop_reply(const std::string& text) { return text.starts_with('T') || text.starts_with('S'); }

}  // namespace

bool GdbStub::send(const std::string& text, Deadline deadline) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return line_.write_all({bytes, text.size()}, deadline).status == IoStatus::ok;
}

// Acknowledgements and whatever else stands between packets are passed over.
std::optional<std::string> GdbStub::next_packet(Deadline deadline) {
  for (;;) {
    const std::size_t begin = received_.find('$'), end = received_.find('#', begin);
    if (end != std::string::npos && received_.size() >= end + 3) {
      const std::string text = received_.substr(begin + 1, end - begin - 1);
      received_.erase(0, end + 3);
      return text;
    }
    std::array<std::uint8_t, 1024> chunk;
    const IoResult result = line_.read_some(chunk, deadline);
    if (result.status != IoStatus::ok) return std::nullopt;
    received_.append(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(result.bytes));
  }
}

std::optional<std::string> GdbStub::ask(const std::string& packet) {
  const Deadline deadline = WallClock::now() + 30s;
  if (!send(packet_of(packet), deadline)) return std::nullopt;
  for (;;) {
    std::optional<std::string> answer = next_packet(deadline);
    if (!answer || !send("+", deadline)) return std::nullopt;
    if (!stop_reply(*answer)) return answer;
  }
}

std::optional<std::vector<std::uint8_t>> GdbStub::read(std::uint32_t address, std::uint32_t size) {
  const std::optional<std::string> answer = ask(fmt::format("m{:x},{:x}", address, size));
  return answer ? bytes_of(*answer, size) : std::nullopt;
}

bool GdbStub::write(std::uint32_t address, const std::vector<std::uint8_t>& bytes) {
  std::string packet = fmt::format("M{:x},{:x}:", address, bytes.size());
  for (const std::uint8_t byte : bytes) packet += fmt::format("{:02x}", byte);
  return ask(packet) == "OK";
}

}  // namespace packbench::hil
