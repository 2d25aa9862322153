#include "hil/stm32/cpu.h"

#include <algorithm>
#include <stdexcept>

namespace packbench::hil::stm32 {
namespace {

void check(uc_err error, const char* what) {
  if (error != UC_ERR_OK) throw std::logic_error(std::string(what) + ": " + uc_strerror(error));
}

}  // namespace

Cpu::Cpu(Board& board, Chip& chip, Refusal& refusal, const ElfImage& image)
    : board_(board), chip_(chip), refusal_(refusal), image_(image) {
  // UC_MODE_MCLASS would replace the model by a Cortex-M33.
  check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &engine_), "uc_open");
  check(uc_ctl_set_cpu_model(engine_, board.cpu_model), "uc_ctl_set_cpu_model");
  map_banks(image);
  map_places();
  int model = -1;
  check(uc_ctl_get_cpu_model(engine_, &model), "uc_ctl_get_cpu_model");
  if (model != board.cpu_model) throw std::logic_error("the emulator took another processor than it was asked for");
  hook(block_hook_, UC_HOOK_BLOCK, reinterpret_cast<void*>(&Cpu::on_block));
  hook(interrupt_hook_, UC_HOOK_INTR, reinterpret_cast<void*>(&Cpu::on_interrupt));
  hook(access_hook_, UC_HOOK_MEM_INVALID, reinterpret_cast<void*>(&Cpu::on_bad_access));
}

Cpu::~Cpu() { uc_close(engine_); }

void Cpu::hook(uc_hook& handle, int type, void* function) {
  check(uc_hook_add(engine_, &handle, type, function, this, 1, 0), "uc_hook_add");
}

// Flash holds the image and no more; RAM that the image does not use is not there, so that a stray access is seen.
void Cpu::map_banks(const ElfImage& image) {
  for (const MemoryArea& area : board_.memories) {
    const bool mapped = area.kind != MemoryArea::ram || image.uses(area.address, area.size);
    banks_.push_back({area, std::vector<std::uint8_t>(mapped ? area.size : 0), mapped});
  }
  for (const ElfSegment& segment : image.segments()) {
    const auto place = memory(segment.address, static_cast<std::uint32_t>(segment.bytes.size()));
    if (place.empty()) {
      refusal_.refuse("the image has bytes at " + hex(segment.address) + ", where this board has no memory");
      continue;
    }
    std::ranges::copy(segment.bytes, place.begin());
  }
  std::uint32_t code_end = 0;
  for (const ElfSegment& segment : image.segments())
    code_end = std::max(code_end, segment.address + static_cast<std::uint32_t>(segment.bytes.size()));
  for (Bank& bank : banks_) {
    if (!bank.mapped) continue;
    const unsigned rights = bank.area.kind == MemoryArea::flash ? UC_PROT_READ | UC_PROT_EXEC
                            : bank.area.kind == MemoryArea::ram ? UC_PROT_READ | UC_PROT_WRITE
                                                                : unsigned{UC_PROT_READ};
    check(uc_mem_map_ptr(engine_, bank.area.address, bank.area.size, rights, bank.bytes.data()), "uc_mem_map_ptr");
    if (bank.area.kind != MemoryArea::flash) continue;
    const std::uint32_t size = code_end > bank.area.address ? code_end - bank.area.address : 0;
    code_ = std::make_unique<CodeMap>(bank.area.address,
                                      std::span(bank.bytes).first(std::min<std::size_t>(size, bank.bytes.size())));
  }
}

void Cpu::map_places() {
  for (const Place& place : board_.places) {
    for (std::uint32_t address = place.address; address < place.address + place.size; address += 0x400) {
      const std::uint32_t base = address & ~0xFFFu;
      auto page = std::ranges::find(pages_, base, [](const auto& known) { return known->address; });
      if (page == pages_.end()) {
        pages_.push_back(std::make_unique<Page>(Page{this, base, {}}));
        page = pages_.end() - 1;
        check(uc_mmio_map(engine_, base, 0x1000, &Cpu::on_read, page->get(), &Cpu::on_write, page->get()),
              "uc_mmio_map");
      }
      (*page)->places[(address & 0xFFF) / 0x400] = &place;
    }
  }
}

std::span<std::uint8_t> Cpu::memory(std::uint32_t address, std::uint32_t size) {
  for (Bank& bank : banks_) {
    const std::uint32_t offset = address - bank.area.address;
    if (address >= bank.area.address && offset <= bank.bytes.size() && size <= bank.bytes.size() - offset)
      return std::span(bank.bytes).subspan(offset, size);
  }
  return {};
}

void Cpu::code_changed(std::uint32_t address) {
  uc_ctl_remove_cache(engine_, address & ~3u, (address & ~3u) + 4);
  code_->forget();
}

std::uint32_t Cpu::get(int reg) {
  std::uint32_t value = 0;
  uc_reg_read(engine_, reg, &value);
  return value;
}

void Cpu::set(int reg, std::uint32_t value) { uc_reg_write(engine_, reg, &value); }

void Cpu::reset() {
  for (int reg = UC_ARM_REG_R0; reg <= UC_ARM_REG_R12; ++reg) set(reg, 0);
  for (const int reg :
       {UC_ARM_REG_IPSR, UC_ARM_REG_CONTROL, UC_ARM_REG_PRIMASK, UC_ARM_REG_BASEPRI, UC_ARM_REG_FAULTMASK})
    set(reg, 0);
  set(UC_ARM_REG_LR, 0xFFFFFFFF);
  set(UC_ARM_REG_FPSCR, 0);
  set(UC_ARM_REG_CPSR, get(UC_ARM_REG_CPSR) & 0x3FF);
  const auto vectors = memory(chip_.vector_table, 8);
  if (vectors.empty()) return refusal_.refuse("there is no vector table at " + hex(chip_.vector_table));
  std::uint32_t words[2];
  std::copy_n(vectors.data(), sizeof words, reinterpret_cast<std::uint8_t*>(words));
  set(UC_ARM_REG_SP, words[0]);
  pc_ = words[1] & ~1u;
  branch_end_ = watch_return_ = 0;
  if (!(words[1] & 1) || !code_->contains(pc_))
    refusal_.refuse("the reset vector " + hex(words[1]) + " points at no code");
}

Cpu::Pause Cpu::run() {
  if (refusal_.happened()) return Pause::refused;
  stop_ = false;
  const int exception = chip_.nvic.next();
  if (exception != 0 && interrupts_allowed(exception)) enter(exception, pc_);
  const uc_err error = uc_emu_start(engine_, pc_ | 1, 0, 0, 0);
  pc_ = get(UC_ARM_REG_PC) & ~1u;
  if (error != UC_ERR_OK && !refusal_.happened())
    refusal_.refuse("the processor cannot go on (" + std::string(uc_strerror(error)) + ") " + where());
  if (refusal_.happened()) return Pause::refused;
  return stop_ ? Pause::stopped : Pause::slept;
}

std::string Cpu::where() const {
  const std::string name = image_.name_of(block_address_);
  return "in the code block at " + hex(block_address_) + (name.empty() ? "" : ", " + name);
}

void Cpu::on_block(uc_engine*, std::uint64_t address, std::uint32_t size, void* self) {
  static_cast<Cpu*>(self)->block(static_cast<std::uint32_t>(address), size);
}

void Cpu::block(std::uint32_t address, std::uint32_t size) {
  if (branch_end_ != 0) code_->note_branch(branch_end_, address);
  branch_end_ = 0;
  block_address_ = address;
  MachineTime& time = chip_.time;
  if (time.instructions >= time.alarm && (on_alarm() || refusal_.happened())) {
    stop_ = true;
    uc_emu_stop(engine_);
    return;
  }
  if (const int exception = chip_.nvic.next(); exception != 0 && interrupts_allowed(exception)) {
    enter(exception, address);
    return stop_if_refused();
  }
  if (!code_->contains(address)) return;  // the fetch fails
  const CodeBlock& known = code_->block(address, size);
  if (known.watched || address == watch_return_) watch_calls(known, address);
  time.instructions += known.instructions;
  if (known.branch_bytes != 0) branch_end_ = address + size;
}

void Cpu::stop_if_refused() {
  if (!refusal_.happened()) return;
  stop_ = true;
  uc_emu_stop(engine_);
}

void Cpu::watch_calls(const CodeBlock& block, std::uint32_t address) {
  const std::uint64_t now = chip_.time.instructions;
  if (address == watch_return_) {
    watch_return_ = 0;
    ++counters_.watched_calls;
    counters_.watched_instructions += now - watch_from_;
    counters_.watched_worst = std::max(counters_.watched_worst, now - watch_from_);
  }
  if (!block.watched) return;
  watch_return_ = get(UC_ARM_REG_LR) & ~1u;
  watch_from_ = now;
}

// The address that the processor holds is stale inside a callback: the block's start is what is known.
void Cpu::locate(const char* verb, std::uint32_t address) {
  if (!refusal_.happened()) return;
  refusal_.at(std::string(" (") + verb + " " + hex(address) + " " + where() + ")");
  chip_.time.alarm = 0;
}

const Place* Cpu::place(const Page& page, std::uint32_t offset) {
  const Place* place = page.places[offset / 0x400 & 3];
  if (place == nullptr) {
    refusal_.refuse("the board has no modelled register block there");
  } else if (place->enable != nullptr && !(*place->enable & place->enable_bit)) {
    refusal_.refuse(place->device->name() + " is used while its clock is off");
  } else {
    return place;
  }
  return nullptr;
}

std::uint64_t Cpu::on_read(uc_engine*, std::uint64_t offset, unsigned size, void* of) {
  const Page& page = *static_cast<Page*>(of);
  const std::uint32_t address = page.address + static_cast<std::uint32_t>(offset);
  std::uint32_t value = 0;
  if (const Place* place = page.cpu->place(page, static_cast<std::uint32_t>(offset)))
    value = place->device->read(address - place->address, size);
  page.cpu->locate("read of", address);
  return value;
}

void Cpu::on_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value, void* of) {
  const Page& page = *static_cast<Page*>(of);
  const std::uint32_t address = page.address + static_cast<std::uint32_t>(offset);
  if (const Place* place = page.cpu->place(page, static_cast<std::uint32_t>(offset)))
    place->device->write(address - place->address, static_cast<std::uint32_t>(value), size);
  page.cpu->locate("write to", address);
}

bool Cpu::on_bad_access(uc_engine*, uc_mem_type type, std::uint64_t address, int, std::int64_t, void* self) {
  auto& cpu = *static_cast<Cpu*>(self);
  const bool fetch = type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT;
  const bool write = type == UC_MEM_WRITE_UNMAPPED || type == UC_MEM_WRITE_PROT;
  const char* verb = fetch ? "execution at" : write ? "write to" : "read of";
  cpu.refusal_.refuse(std::string("the board has nothing there that can be ") + (fetch   ? "executed"
                                                                                 : write ? "written"
                                                                                         : "read"));
  cpu.locate(verb, static_cast<std::uint32_t>(address));
  return false;
}

Cpu::Context Cpu::save() const {
  uc_context* context = nullptr;
  check(uc_context_alloc(engine_, &context), "uc_context_alloc");
  check(uc_context_save(engine_, context), "uc_context_save");
  return Context(context);
}

void Cpu::restore(const uc_context& context) {
  check(uc_context_restore(engine_, const_cast<uc_context*>(&context)), "uc_context_restore");
  pc_ = get(UC_ARM_REG_PC) & ~1u;
  branch_end_ = watch_return_ = 0;
}

}  // namespace packbench::hil::stm32
