// Before the first step: HELLO, CONFIG, DEFECT; and the same again after a boot.
#include <algorithm>

#include <fmt/format.h>

#include "hil/link/packlink_device.h"
#include "hil/packlink/packlink_test.h"

namespace packbench::hil {
namespace {

constexpr std::size_t kPartBytes = sizeof(packlink_config_t::data);

}  // namespace

std::optional<DeviceError> PacklinkDevice::request(Bytes frame, const bool& done, int attempts,
                                                   const std::string& expected) {
  refusal_.clear();
  answer_bytes_ = 0;
  Patience patience(watchdog_);
  for (int attempt = 0; attempt < attempts && !patience.computer_too_busy(); ++attempt) {
    patience.extend(watchdog_ / attempts);
    if (auto error = send(frame)) return error;
    if (auto error = listen(done, patience)) return error;
    if (done) return std::nullopt;
  }
  return silent(
      patience, "the device did not answer: no " + expected,
      echoed_ ? "; what stands at the other end sends back what it is sent, as a terminal in echo mode does" : "");
}

std::optional<DeviceError> PacklinkDevice::connect(int cells, int temperatures) {
  cells_ = cells;
  temperatures_ = temperatures;
  if (auto error = greet(PACKLINK_LOCKSTEP)) return error;
  return lockstep() ? std::nullopt : greet(PACKLINK_FREE_RUNNING);
}

std::optional<DeviceError> PacklinkDevice::greet(packlink_mode_t mode) {
  const packlink_hello_t hello{PACKLINK_VERSION_MAJOR, PACKLINK_VERSION_MINOR, static_cast<std::uint8_t>(mode),
                               static_cast<std::uint8_t>(cells_), static_cast<std::uint8_t>(temperatures_)};
  std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
  const std::size_t size = packlink_encode_hello(frame.data(), frame.size(), ++sequence_, &hello);
  receiver_.restart();
  got_ident_ = echoed_ = false;
  pace_origin_.reset();
  if (auto error = request(Bytes(frame.data(), size), got_ident_, 20, "IDENT")) return error;
  receiver_.restart();
  return version_trouble();
}

std::optional<DeviceError> PacklinkDevice::version_trouble() const {
  if (ident_.version_major != PACKLINK_VERSION_MAJOR) {
    return DeviceError{
        LinkTrouble::refused,
        fmt::format("the device speaks packlink {}.{} and this bench {}.{}: the first numbers must agree.",
                    ident_.version_major, ident_.version_minor, PACKLINK_VERSION_MAJOR, PACKLINK_VERSION_MINOR)};
  }
  if (ident_.max_cells < cells_) {
    return DeviceError{LinkTrouble::refused, fmt::format("the device handles at most {} cells and the pack has {}.",
                                                         ident_.max_cells, cells_)};
  }
  return std::nullopt;
}

std::optional<DeviceError> PacklinkDevice::configure(const std::vector<std::uint8_t>& profile) {
  profile_ = profile;
  return send_profile();
}

std::optional<DeviceError> PacklinkDevice::send_profile() {
  const std::size_t parts = (profile_.size() + kPartBytes - 1) / kPartBytes;
  for (std::size_t part = 0; part < parts; ++part) {
    packlink_config_t config{};
    config.part = config_part_ = static_cast<std::uint8_t>(part);
    config.parts = static_cast<std::uint8_t>(parts);
    config.length = static_cast<std::uint8_t>(std::min(kPartBytes, profile_.size() - part * kPartBytes));
    std::copy_n(profile_.begin() + static_cast<std::ptrdiff_t>(part * kPartBytes), config.length, config.data);
    std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
    const std::size_t size = packlink_encode_config(frame.data(), frame.size(), ++sequence_, &config);
    got_config_ack_ = false;
    if (auto error = request(Bytes(frame.data(), size), got_config_ack_, kTickAttempts, "CONFIG_ACK")) return error;
  }
  const std::uint32_t crc32 = packlink_crc32(0, profile_.data(), profile_.size());
  if (config_ack_.complete && config_ack_.crc32 == crc32) return std::nullopt;
  return DeviceError{
      LinkTrouble::refused,
      fmt::format("the device did not take the BMS profile: it confirms {} with CRC {:08x}, sent was {:08x}.",
                  config_ack_.complete ? "a whole one" : "none", config_ack_.crc32, crc32)};
}

std::optional<DeviceError> PacklinkDevice::set_defect(const std::string& name) {
  if (name == "crash" && !transport_->own_process()) {
    return DeviceError{LinkTrouble::bench,
                       "the defect 'crash' ends the process that runs the firmware, which is the bench itself with '" +
                           uri_ + "' (expected native:)."};
  }
  if (auto error = send_defect(name)) return error;
  defects_.push_back(name);
  return std::nullopt;
}

// DEFECT is answered only when it is refused, so a HELLO goes after it: its IDENT says that the defect was taken.
std::optional<DeviceError> PacklinkDevice::send_defect(const std::string& name) {
  packlink_defect_t defect{};
  if (name.size() >= sizeof defect.name)
    return DeviceError{LinkTrouble::refused, "the device knows no defect '" + name + "'."};
  std::ranges::copy(name, defect.name);
  defect.on = true;
  std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
  const std::size_t size = packlink_encode_defect(frame.data(), frame.size(), ++sequence_, &defect);
  if (auto error = send(Bytes(frame.data(), size))) return error;
  return connect(cells_, temperatures_);
}

std::optional<DeviceError> PacklinkDevice::reconnect(DeviceReport& report) {
  ++report.boots_due;
  if (auto error = connect(cells_, temperatures_)) return error;
  if (!profile_.empty()) {
    if (auto error = send_profile()) return error;
  }
  for (const std::string& name : defects_) {
    if (auto error = send_defect(name)) return error;
  }
  told_drift_ppm_ = 0;
  return tell_drift();
}

}  // namespace packbench::hil
