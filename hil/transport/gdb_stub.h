// Memory of an emulated processor, through the GDB remote serial protocol of its debug stub: only the packets m and M.
//
// The processor must be stopped; whoever owns it stops it. Never for device registers: reading one may change it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hil/transport/fd_transport.h"

namespace packbench::hil {

class GdbStub {
 public:
  explicit GdbStub(UniqueFd fd) : line_(std::move(fd), "the debug stub was closed") {}

  // Nothing when the stub refuses the address, or does not answer within 30 s.
  std::optional<std::vector<std::uint8_t>> read(std::uint32_t address, std::uint32_t size);
  bool write(std::uint32_t address, const std::vector<std::uint8_t>& bytes);

 private:
  std::optional<std::string> ask(const std::string& packet);
  std::optional<std::string> next_packet(Deadline deadline);
  bool send(const std::string& text, Deadline deadline);

  FdTransport line_;
  std::string received_;
};

}  // namespace packbench::hil
