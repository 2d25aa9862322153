// Snapshots, and changes of memory from outside.
#include <algorithm>
#include <charconv>
#include <cstring>

#include "hil/stm32/stm32.h"

namespace packbench::hil::stm32 {
namespace {

std::optional<std::uint32_t> number(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<std::byte> Stm32::device_states() {
  std::vector<std::byte> bytes;
  for (const auto& device : board_.devices) {
    const auto state = device->state();
    bytes.insert(bytes.end(), state.begin(), state.end());
  }
  return bytes;
}

std::string Stm32::save() {
  if (!at_rest_ || !wire_.empty()) return "the firmware is not at rest";
  Snapshot snapshot{chip_, wire_, device_states(), {}, stuck_, cpu_.save(), boots_, flipped_.size(), disturbed_};
  for (const Cpu::Bank& bank : cpu_.banks()) {
    const bool kept = bank.area.kind == MemoryArea::ram && bank.mapped;
    snapshot.memories.push_back(kept ? bank.bytes : std::vector<std::uint8_t>());
  }
  snapshots_.push_back(std::move(snapshot));
  return "";
}

std::string Stm32::restore(unsigned number) {
  if (number >= snapshots_.size()) return "there is no snapshot " + std::to_string(number);
  const Snapshot& snapshot = snapshots_[number];
  refusal_.forget();
  chip_ = snapshot.chip;
  wire_ = snapshot.wire;
  stuck_ = snapshot.stuck;
  boots_ = snapshot.boots;
  disturbed_ = snapshot.disturbed;
  at_rest_ = true;
  planned_ = {};
  wire_bytes_ = wire_.bytes_in + wire_.bytes_out;
  std::size_t at = 0;
  for (const auto& device : board_.devices) {
    const auto state = device->state();
    std::copy_n(snapshot.devices.begin() + static_cast<std::ptrdiff_t>(at), state.size(), state.begin());
    at += state.size();
  }
  for (std::size_t i = 0; i < snapshot.memories.size(); ++i)
    if (!snapshot.memories[i].empty()) cpu_.banks()[i].bytes = snapshot.memories[i];
  while (flipped_.size() > snapshot.flipped) unflip();
  cpu_.restore(*snapshot.context);
  return "";
}

std::uint32_t Stm32::word(std::uint32_t address) {
  std::uint32_t value = 0;
  const auto bytes = cpu_.memory(address, 4);
  if (!bytes.empty()) std::memcpy(&value, bytes.data(), 4);
  return value;
}

std::string Stm32::text(std::uint32_t address) {
  std::string text;
  for (auto byte = cpu_.memory(address, 1); !byte.empty() && byte[0] != 0 && text.size() < 80;
       byte = cpu_.memory(++address, 1))
    text += static_cast<char>(byte[0]);
  return text;
}

// packbench_variables: rows of {name, address, size}, three words each (hil/firmware/app/variables.h).
std::string Stm32::flip_listed(const std::string& name, unsigned bit, bool& found) {
  const auto list = image_.find("packbench_variables");
  if (!list) return "";
  for (std::uint32_t row = list->address; row + 12 <= list->address + list->size; row += 12) {
    if (text(word(row)) != name) continue;
    found = true;
    const std::uint32_t size = word(row + 8);
    if (name.ends_with("_on") && bit != 0) return "'" + name + "' is a bool, so only its bit 0 may flip";
    if (bit >= 8 * size) return "'" + name + "' has " + std::to_string(8 * size) + " bits";
    return flip(word(row + 4) + bit / 8, bit % 8);
  }
  return "";
}

std::string Stm32::flip_bit(const std::string& name, unsigned bit) {
  bool found = false;
  const std::string trouble = flip_listed(name, bit, found);
  if (found) return trouble;
  if (const auto address = number(name)) return flip(*address + bit / 8, bit % 8);
  const std::size_t plus = name.rfind('+');
  const auto offset =
      plus == std::string::npos ? std::optional<std::uint32_t>(0) : number(std::string_view(name).substr(plus + 1));
  const auto symbol = image_.find(name.substr(0, plus));
  if (!symbol || !offset) return "the image has no variable '" + name + "'";
  return flip((symbol->address & ~1u) + *offset + bit / 8, bit % 8);
}

std::string Stm32::flip(std::uint32_t address, unsigned bit) {
  const auto byte = cpu_.memory(address, 1);
  if (byte.empty()) return "there is no memory at " + hex(address);
  byte[0] = static_cast<std::uint8_t>(byte[0] ^ 1u << bit);
  disturbed_ = true;
  if (!cpu_.in_code(address)) return "";
  cpu_.code_changed(address);
  flipped_.emplace_back(address, bit);
  return "";
}

void Stm32::unflip() {
  const auto [address, bit] = flipped_.back();
  flipped_.pop_back();
  const auto byte = cpu_.memory(address, 1);
  byte[0] = static_cast<std::uint8_t>(byte[0] ^ 1u << bit);
  cpu_.code_changed(address);
}

std::span<std::uint8_t> Stm32::variable(const std::string& name) {
  const auto symbol = image_.find(name);
  return symbol ? cpu_.memory(symbol->address & ~1u, symbol->size) : std::span<std::uint8_t>();
}

}  // namespace packbench::hil::stm32
