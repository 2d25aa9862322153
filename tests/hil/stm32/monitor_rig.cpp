#include "monitor_rig.h"

namespace packbench::hil::stm32 {

Program::Program(const std::string& name, const BoardKind& board, Wire::Pace pace)
    : loaded(ElfImage::load(std::string(PACKBENCH_PROGRAMS) + "/" + name + ".elf")),
      machine(loaded.image, board, pace) {
  EXPECT_EQ(loaded.error, "");
}

Monitor::Monitor(const BoardKind& board, Wire::Pace pace)
    : Program(board.name == "f405" ? "monitor_f405" : "monitor", board, pace) {
  EXPECT_EQ(machine.run(kLimit), Stm32::Rest::idle) << failure();
}

void Monitor::send(char what, std::uint32_t address, std::uint32_t value) {
  std::array<std::uint8_t, 9> request{static_cast<std::uint8_t>(what)};
  std::memcpy(&request[1], &address, 4);
  std::memcpy(&request[5], &value, 4);
  machine.receive(request);
}

std::optional<std::uint32_t> Monitor::ask(char what, std::uint32_t address, std::uint32_t value) {
  machine.sent().clear();
  send(what, address, value);
  machine.run(kLimit);
  if (machine.sent().size() != 4) return std::nullopt;
  std::uint32_t answer = 0;
  std::memcpy(&answer, machine.sent().data(), 4);
  return answer;
}

std::uint32_t Monitor::variable(const std::string& name) {
  std::uint32_t value = 0;
  const auto bytes = machine.variable(name);
  if (bytes.size() == 4) std::memcpy(&value, bytes.data(), 4);
  return value;
}

}  // namespace packbench::hil::stm32
