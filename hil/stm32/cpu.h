// A Cortex-M processor that executes an image's instructions, on the Unicorn CPU emulator.
//
// Unicorn executes instructions; what a microcontroller adds around them is done here: exception entry and return with
// floating-point frames, tail-chaining, preemption by priority, PRIMASK, WFI, memory-mapped registers. Interrupts are
// taken at the start of a basic block. ARM DDI 0403 (ARMv7-M), chapter B1.5.
#pragma once

#include <unicorn/unicorn.h>

#include <functional>
#include <memory>
#include <vector>

#include "hil/stm32/board.h"
#include "hil/stm32/code_map.h"
#include "hil/stm32/elf_image.h"

namespace packbench::hil::stm32 {

struct CpuCounters {
  std::uint64_t exceptions = 0, tail_chained = 0, floating_frames = 0;
  // Of the watched function, from call to return, interrupts included.
  std::uint64_t watched_calls = 0, watched_instructions = 0, watched_worst = 0;
};

class Cpu {
 public:
  Cpu(Board& board, Chip& chip, Refusal& refusal, const ElfImage& image);
  ~Cpu();
  Cpu(const Cpu&) = delete;
  Cpu& operator=(const Cpu&) = delete;

  // Called when the instruction count has reached chip.time.alarm; true: leave run() before the next block.
  std::function<bool()> on_alarm = [] { return false; };

  void reset();
  enum class Pause { slept, stopped, refused };
  // Executes until WFI, until on_alarm says stop, or until something is refused.
  Pause run();
  // A fault of the processor that its handler shall see, as after a flipped bit; false: it cannot.
  bool enter_hard_fault();
  bool used_fpu_while_off();

  // RAM, flash and ROM as the processor sees them; empty outside.
  std::span<std::uint8_t> memory(std::uint32_t address, std::uint32_t size);
  struct Bank {
    MemoryArea area;
    std::vector<std::uint8_t> bytes;
    bool mapped = false;  // RAM that the image does not use is not there
  };
  std::vector<Bank>& banks() { return banks_; }
  bool in_code(std::uint32_t address) const { return code_->contains(address); }
  // After a change of flash.
  void code_changed(std::uint32_t address);
  void watch(std::uint32_t function) { code_->at(function).watched = true; }
  const CodeMap& code() const { return *code_; }
  const CpuCounters& counters() const { return counters_; }
  void restart_worst() { counters_.watched_worst = 0; }

  struct ContextFree {
    void operator()(uc_context* context) const { uc_context_free(context); }
  };
  using Context = std::unique_ptr<uc_context, ContextFree>;
  Context save() const;
  void restore(const uc_context& context);

 private:
  struct Page {
    Cpu* cpu = nullptr;
    std::uint32_t address = 0;
    std::array<const Place*, 4> places{};  // by 1 KB
  };

  void map_banks(const ElfImage& image);
  void map_places();
  void hook(uc_hook& handle, int type, void* function);

  static void on_block(uc_engine*, std::uint64_t address, std::uint32_t size, void* self);
  static void on_interrupt(uc_engine*, std::uint32_t number, void* self);
  static bool on_bad_access(uc_engine*, uc_mem_type type, std::uint64_t address, int size, std::int64_t value,
                            void* self);
  static std::uint64_t on_read(uc_engine*, std::uint64_t offset, unsigned size, void* page);
  static void on_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value, void* page);

  void block(std::uint32_t address, std::uint32_t size);
  void stop_if_refused();
  void watch_calls(const CodeBlock& block, std::uint32_t address);
  const Place* place(const Page& page, std::uint32_t offset);
  void locate(const char* verb, std::uint32_t address);
  std::string where() const;

  std::uint32_t get(int reg);
  void set(int reg, std::uint32_t value);
  bool interrupts_allowed(int exception);
  void enter(int exception, std::uint32_t return_address);
  void push_frame(std::uint32_t return_address, bool floating);
  void start_handler(int exception, std::uint32_t exc_return);
  void leave(std::uint32_t exc_return);
  void pop_frame(bool floating);

  Board& board_;
  Chip& chip_;
  Refusal& refusal_;
  const ElfImage& image_;
  uc_engine* engine_ = nullptr;
  std::vector<Bank> banks_;
  std::vector<std::unique_ptr<Page>> pages_;
  std::unique_ptr<CodeMap> code_;
  uc_hook block_hook_{}, interrupt_hook_{}, access_hook_{};
  CpuCounters counters_;
  std::uint32_t pc_ = 0, block_address_ = 0, branch_end_ = 0, watch_return_ = 0;
  std::uint64_t watch_from_ = 0;
  bool stop_ = false;
};

}  // namespace packbench::hil::stm32
