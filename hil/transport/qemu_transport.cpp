#include "hil/transport/qemu_transport.h"

#include <array>
#include <cstddef>

#include "hil/firmware/board/cortexm/boot_record.h"
#include "hil/packlink/packlink.h"
#include "hil/transport/elf_symbols.h"

namespace packbench::hil {
namespace {

using namespace std::chrono_literals;
using firmware::ResetReason;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kVariableSize = 12;  // name, address, size: a row of hil/firmware/app/variables.h on 32 bits

std::uint32_t word(const Bytes& bytes, std::size_t offset) {
  return bytes[offset] | std::uint32_t{bytes[offset + 1]} << 8 | std::uint32_t{bytes[offset + 2]} << 16 |
         std::uint32_t{bytes[offset + 3]} << 24;
}

}  // namespace

QemuTransport::QemuTransport(ChildLine line, UniqueFd control, UniqueFd debug, std::string image)
    : ChildTransport(std::move(line)),
      control_(std::move(control)),
      debug_(std::move(debug)),
      image_(std::move(image)) {}

std::string QemuTransport::power_on() {
  if (std::string why = control_.start(); !why.empty()) return why;
  if (std::string why = control_.run("cont"); !why.empty()) return why;
  return wait_for_ident();
}

// Everything that comes before the image's first word, such as the rest of an answer that a reset cut off, is dropped.
std::string QemuTransport::wait_for_ident() {
  packlink_decoder_t decoder;
  packlink_decoder_init(&decoder);
  const Deadline deadline = WallClock::now() + 30s;
  for (std::array<std::uint8_t, 1024> chunk;;) {
    const IoResult result = read_some(chunk, deadline);
    if (result.status != IoStatus::ok) return "the image did not say IDENT";
    for (std::size_t i = 0; i < result.bytes; ++i) {
      packlink_frame_t frame;
      if (packlink_decoder_feed(&decoder, chunk[i], &frame) && frame.type == PACKLINK_IDENT) return "";
    }
  }
}

IoResult QemuTransport::write_all(std::span<const std::uint8_t> bytes, Deadline deadline) {
  if (stopped_us_) return {IoStatus::ok, bytes.size()};
  return ChildTransport::write_all(bytes, deadline);
}

std::string QemuTransport::lacks(MachineAbility ability) const {
  switch (ability) {
    case MachineAbility::reset:
    case MachineAbility::stop:
      return "";
    case MachineAbility::flip_bit:
      return find_symbol(image_, "packbench_variables") ? "" : "the image has no list of its variables";
    case MachineAbility::flip_symbol:
      return "QEMU's flash cannot be written to; only variables of the list are flipped here";
    case MachineAbility::stick_pin:
    case MachineAbility::pins:
      return "QEMU has no model of this chip's pins";
    case MachineAbility::snapshot:
      return "QEMU's model of this chip's USART keeps nothing in a snapshot";
  }
  return "this is unknown here";
}

// QEMU has no reset flags, so the image is told its reason in memory that it keeps; a loss of power it plays itself.
bool QemuTransport::note_reason(ResetReason reason) {
  const auto record = find_symbol(image_, "packbench_boot_record");
  constexpr auto kOffset = static_cast<std::uint32_t>(offsetof(firmware::BootRecord, next_reason));
  return record && debug_.write(record->address + kOffset, {static_cast<std::uint8_t>(reason), 0, 0, 0});
}

std::string QemuTransport::reset(ResetReason reason) {
  if (std::string why = control_.run("stop"); !why.empty()) return why;
  if (!note_reason(reason)) return "the reason of the reset could not be noted in its memory";
  if (std::string why = control_.run("system_reset", "RESET"); !why.empty()) return why;
  if (std::string why = resume(); !why.empty()) return why;
  return wait_for_ident();
}

std::string QemuTransport::stop() {
  stopped_us_ = 0;
  return control_.run("stop");
}

std::string QemuTransport::resume() {
  stopped_us_.reset();
  return control_.run("cont");
}

bool QemuTransport::stand_still(std::uint64_t elapsed_us) {
  if (!stopped_us_) return false;
  *stopped_us_ += elapsed_us;
  return *stopped_us_ >= firmware::kWatchdog_us && reset(ResetReason::watchdog).empty();
}

std::string QemuTransport::flip_bit(const std::string& variable, unsigned bit) {
  const bool ran = !stopped_us_;
  if (std::string why = control_.run("stop"); !why.empty()) return why;
  const std::optional<Variable> found = find_variable(variable);
  std::string trouble;
  if (!found) {
    trouble = "the firmware has no variable '" + variable + "'";
  } else if (bit >= found->bits) {
    trouble = "'" + variable + "' has " + std::to_string(found->bits) + " bits";
  } else if (!flip(found->address + bit / 8, bit % 8)) {
    trouble = "the debug stub did not write to the variable '" + variable + "'";
  }
  const std::string why = ran ? control_.run("cont") : "";
  return trouble.empty() ? why : trouble;
}

bool QemuTransport::flip(std::uint32_t address, unsigned bit) {
  const std::optional<Bytes> byte = debug_.read(address, 1);
  return byte && debug_.write(address, {static_cast<std::uint8_t>((*byte)[0] ^ (1u << bit))});
}

std::optional<QemuTransport::Variable> QemuTransport::find_variable(const std::string& name) {
  const auto table = find_symbol(image_, "packbench_variables");
  const std::optional<Bytes> rows = table ? debug_.read(table->address, table->size) : std::nullopt;
  for (std::size_t at = 0; rows && at + kVariableSize <= rows->size(); at += kVariableSize) {
    const std::uint32_t text = word(*rows, at);
    if (text == 0 || !called(text, name)) continue;
    return Variable{word(*rows, at + 4), name.ends_with("_on") ? 1 : 8 * word(*rows, at + 8)};
  }
  return std::nullopt;
}

bool QemuTransport::called(std::uint32_t text, const std::string& name) {
  Bytes expected(name.begin(), name.end());
  expected.push_back(0);
  return debug_.read(text, static_cast<std::uint32_t>(expected.size())) == expected;
}

}  // namespace packbench::hil
