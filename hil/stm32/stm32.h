// The whole machine: a board with an image in its flash, run until it sleeps, and everything that can be done to it.
//
// Deterministic: the same image, the same bytes and the same requests give the same instructions. While the firmware
// sleeps and no byte is on its way, time stands still.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "hil/stm32/cpu.h"

namespace packbench::hil::stm32 {

struct Statistics {
  std::uint64_t instructions = 0;  // since the machine was made
  std::uint64_t now_ns = 0;
  std::uint64_t boots = 0, watchdog_bites = 0;
  std::uint64_t longest_wake = 0;  // most instructions between two sleeps since the last reset
  CpuCounters cpu;
  std::uint64_t bytes_in = 0, bytes_out = 0, overruns = 0;
};

class Stm32 {
 public:
  static constexpr std::uint32_t kBaud = 921'600;
  // The 10 ms task of the reference firmware, for the statistics; images without it have none.
  static constexpr const char* kTask = "packbench::firmware::Bms::task(unsigned long long)";

  Stm32(const ElfImage& image, const BoardKind& board, Wire::Pace pace);

  // idle: asleep, and nothing is on the wire; busy: the limit of instructions is reached; refused: failure() says what.
  enum class Rest { idle, busy, refused };
  Rest run(std::uint64_t instruction_limit);
  const std::string& failure() const { return refusal_.text(); }

  void receive(std::span<const std::uint8_t> bytes) { wire_.arrive(bytes, chip_.time.now_ns()); }
  std::vector<std::uint8_t>& sent() { return wire_.sent(); }

  // Loss of power and brown-out lose all of RAM. Happens at once; the next run() boots.
  void reset(ResetReason reason);
  void reset_after(std::uint64_t instructions, ResetReason reason);
  // The processor stands still for so long: true when the watchdog has reset the chip.
  bool stand_still(std::uint64_t time_us);
  // Names: the firmware's list packbench_variables, else a symbol "name" or "name+offset", else an address. Empty when
  // done, else a clause.
  std::string flip_bit(const std::string& name, unsigned bit);
  enum class Stuck { no, low, high };
  void stick(unsigned output, Stuck how) { stuck_[output] = how; }
  // Bit 0 main, 1 charger, 2 precharge: high closes the contactor.
  std::uint32_t outputs() const;

  // Only at rest. Numbered from 0.
  std::string save();
  std::string restore(unsigned number);

  Statistics statistics();
  std::string coverage() const { return cpu_.code().report(); }
  // Memory of the machine at a symbol, for tests.
  std::span<std::uint8_t> variable(const std::string& name);
  const Board& board() const { return board_; }

 private:
  struct Snapshot {
    Chip chip;
    Wire wire;
    std::vector<std::byte> devices;
    std::vector<std::vector<std::uint8_t>> memories;
    std::array<Stuck, 3> stuck{};
    Cpu::Context context;
    std::uint64_t boots = 0;
    std::size_t flipped = 0;  // bits of flash that were flipped by then
    bool disturbed = false;
  };
  struct PlannedReset {
    std::uint64_t at = kNever;  // instruction count
    ResetReason reason = ResetReason::external;
  };

  void boot(ResetReason reason);
  bool events_due();
  bool wake();
  void advance_devices();
  std::vector<std::byte> device_states();
  std::string flip(std::uint32_t address, unsigned bit);
  std::string flip_listed(const std::string& name, unsigned bit, bool& found);
  void unflip();
  std::uint32_t word(std::uint32_t address);
  std::string text(std::uint32_t address);

  const ElfImage& image_;
  Chip chip_;
  Refusal refusal_;
  Wire wire_;
  Board board_;
  Cpu cpu_;
  std::array<Stuck, 3> stuck_{};
  std::deque<Snapshot> snapshots_;
  std::vector<std::pair<std::uint32_t, unsigned>> flipped_;  // bits of flash: address, bit
  PlannedReset planned_;
  std::uint64_t slice_end_ = 0, woke_at_ = 0, longest_wake_ = 0, boots_ = 0, bites_ = 0, wire_bytes_ = 0;
  std::uint64_t next_event_ns_ = kNever;
  bool at_rest_ = false, disturbed_ = false;
};

}  // namespace packbench::hil::stm32
