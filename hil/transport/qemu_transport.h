// qemu: the STM32F405 image in qemu-system-arm (machine netduinoplus2), the independent witness of what the same
// firmware does on a real instruction set with somebody else's models of the processor and its USART.
//
// Three socket pairs lead into the emulator: the line (USART1), its control protocol and its debug stub; it opens no
// file and no port. Opened, or after a reset, the line is empty: the image's own IDENT has been taken from it.
#pragma once

#include "hil/transport/child_transport.h"
#include "hil/transport/gdb_stub.h"
#include "hil/transport/qmp.h"

namespace packbench::hil {

class QemuTransport : public ChildTransport, private Machine {
 public:
  // `line`: QEMU, started but with its processor not yet running. `image`: the bytes of its ELF file.
  QemuTransport(ChildLine line, UniqueFd control, UniqueFd debug, std::string image);

  // Lets the processor run for the first time. Empty, or a clause that says why it does not.
  std::string power_on();

  IoResult write_all(std::span<const std::uint8_t> bytes, Deadline deadline) override;
  Machine* machine() override { return this; }

 private:
  struct Variable {
    std::uint32_t address = 0, bits = 0;
  };

  std::string lacks(MachineAbility ability) const override;
  std::string reset(firmware::ResetReason reason) override;
  std::string stop() override;
  std::string resume() override;
  bool stand_still(std::uint64_t elapsed_us) override;
  std::string flip_bit(const std::string& variable, unsigned bit) override;
  std::string stick_pin(OutputPin, PinLevel) override { return lacks(MachineAbility::stick_pin); }
  std::optional<PinLevels> pins() override { return std::nullopt; }
  std::string save() override { return lacks(MachineAbility::snapshot); }
  std::string restore(unsigned) override { return lacks(MachineAbility::snapshot); }

  std::string wait_for_ident();
  bool note_reason(firmware::ResetReason reason);
  std::optional<Variable> find_variable(const std::string& name);
  bool called(std::uint32_t text, const std::string& name);
  bool flip(std::uint32_t address, unsigned bit);

  Qmp control_;
  GdbStub debug_;
  std::string image_;
  std::optional<std::uint64_t> stopped_us_;  // how long it has stood still; nothing: it runs
};

// `executable` is packbench (empty: the running program), next to whose folder the image lies.
OpenedTransport open_qemu(const std::string& executable);

}  // namespace packbench::hil
