// What the bench and the processes of `native:` say to each other beside the line, each a datagram on one socket.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>

namespace packbench::hil {

struct ControlRequest {
  enum class What : std::uint8_t { boot, save, restore, flip_bit } what = What::boot;
  std::uint8_t reset_reason = 0;    // boot
  std::uint32_t bit = 0;            // flip_bit
  std::array<char, 64> variable{};  // flip_bit, zero-terminated
};

struct ControlAnswer {
  pid_t serving = 0, frozen = 0;    // who answers, and whose copy it is
  std::array<char, 120> trouble{};  // empty: done
};

// False when the other end is gone or the time is over.
bool send_request(int fd, const ControlRequest& request);
bool send_answer(int fd, const ControlAnswer& answer);
std::optional<ControlRequest> receive_request(int fd);
std::optional<ControlAnswer> receive_answer(int fd, int timeout_ms);

}  // namespace packbench::hil
