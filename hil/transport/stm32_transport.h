// stm32: the STM32 image in packbench-stm32, instruction by instruction on the Unicorn CPU emulator (hil/stm32).
//
// The emulator is a program of its own, because of its licence, and a child of the bench: a socket pair is the serial
// line, another carries requests to the machine, the pins' levels lie in shared memory. Opened, or after a reset, the
// line is empty: what the firmware said while it booted has been dropped.
#pragma once

#include <atomic>
#include <string>
#include <variant>

#include "hil/transport/child_transport.h"
#include "hil/transport/shared_memory.h"

namespace packbench::hil {

struct Stm32Settings {
  std::string board = "h753";  // or f405
  std::string image;           // ELF file; empty: the one of the build for this board
  std::string program;         // packbench-stm32; empty: beside packbench
  std::string coverage;        // file to which what was executed is added at the end; empty: none
  bool paced = false;          // bytes take their time on the wire
};

// What follows "stm32:", such as "board=f405,paced=yes"; a text is what is wrong with it.
std::variant<Stm32Settings, std::string> parse_stm32_settings(std::string_view text);

class Stm32Transport : public ChildTransport, private Machine {
 public:
  using Pins = SharedMemory<std::atomic<std::uint32_t>>;

  Stm32Transport(ChildLine line, UniqueFd control, Pins pins, std::string coverage);
  ~Stm32Transport() override { Stm32Transport::close(); }

  // Waits until the firmware has booted. Empty, or why it does not.
  std::string power_on();

  void close() override;
  std::string ending() override;
  Machine* machine() override { return this; }

  // One request of hil/stm32/service.h. True and the text of its answer, or false and a clause.
  struct Answer {
    bool done = false;
    std::string text;
  };
  Answer request(const std::string& text);

 private:
  std::string lacks(MachineAbility) const override { return ""; }
  std::string reset(firmware::ResetReason reason) override;
  std::string stop() override { return trouble("stop"); }
  std::string resume() override { return trouble("resume"); }
  bool stand_still(std::uint64_t elapsed_us) override;
  std::string flip_bit(const std::string& variable, unsigned bit) override;
  std::string stick_pin(OutputPin pin, PinLevel level) override;
  std::optional<PinLevels> pins() override;
  std::string save() override { return trouble("save"); }
  std::string restore(unsigned snapshot) override { return trouble("restore " + std::to_string(snapshot)); }

  std::string trouble(const std::string& text);
  std::optional<Answer> next_packet(WallClock::duration patience);
  void empty_line();

  UniqueFd control_;
  Pins pins_;
  std::string coverage_;
  std::string last_words_;
};

// `executable` is packbench (empty: the running program), beside which packbench-stm32 and the image are.
OpenedTransport open_stm32(const Stm32Settings& settings, const std::string& executable);

}  // namespace packbench::hil
