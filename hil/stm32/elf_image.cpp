#include "hil/stm32/elf_image.h"

#include <cxxabi.h>
#include <elf.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>

namespace packbench::hil::stm32 {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string hex(std::uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", value);
  return text;
}

// Items of a table inside the file; empty when it does not lie in it.
template <typename Item>
std::vector<Item> table(const Bytes& file, std::uint32_t offset, std::size_t count) {
  std::vector<Item> items;
  if (count > file.size() / sizeof(Item) || offset > file.size() - count * sizeof(Item)) return items;
  items.resize(count);
  if (count > 0) std::memcpy(items.data(), file.data() + offset, count * sizeof(Item));
  return items;
}

std::string string_at(const Bytes& file, const Elf32_Shdr& strings, std::uint32_t index) {
  const std::size_t begin = std::size_t{strings.sh_offset} + index;
  if (begin >= file.size()) return "";
  const auto* text = reinterpret_cast<const char*>(file.data() + begin);
  return std::string(text, strnlen(text, file.size() - begin));
}

}  // namespace

std::string plain_name(const std::string& linked_name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> plain(
      abi::__cxa_demangle(linked_name.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 ? plain.get() : linked_name;
}

ElfImage::Loaded ElfImage::load(const std::string& path) {
  Loaded loaded;
  std::ifstream in(path, std::ios::binary);
  const Bytes file((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto headers = table<Elf32_Ehdr>(file, 0, 1);
  if (!in && file.empty()) {
    loaded.error = "cannot read the firmware image '" + path + "': " + std::strerror(errno) + ".";
    return loaded;
  }
  if (headers.empty() || std::memcmp(headers[0].e_ident, ELFMAG, SELFMAG) != 0 || headers[0].e_machine != EM_ARM) {
    loaded.error = "'" + path + "' is no firmware image: expected an ELF file for 32-bit ARM.";
    return loaded;
  }
  for (const Elf32_Phdr& part : table<Elf32_Phdr>(file, headers[0].e_phoff, headers[0].e_phnum)) {
    if (part.p_type != PT_LOAD || part.p_filesz == 0) continue;
    loaded.image.segments_.push_back({part.p_paddr, table<std::uint8_t>(file, part.p_offset, part.p_filesz)});
  }
  const auto sections = table<Elf32_Shdr>(file, headers[0].e_shoff, headers[0].e_shnum);
  for (const Elf32_Shdr& section : sections) {
    if (section.sh_type != SHT_SYMTAB || section.sh_link >= sections.size()) continue;
    for (const Elf32_Sym& item : table<Elf32_Sym>(file, section.sh_offset, section.sh_size / sizeof(Elf32_Sym))) {
      const ElfSymbol symbol{string_at(file, sections[section.sh_link], item.st_name), item.st_value, item.st_size};
      if (ELF32_ST_TYPE(item.st_info) == STT_FUNC)
        loaded.image.functions_[symbol.address & ~1u] = {symbol.name, symbol.address & ~1u, symbol.size};
      if (ELF32_ST_TYPE(item.st_info) != STT_OBJECT && ELF32_ST_TYPE(item.st_info) != STT_FUNC) continue;
      loaded.image.objects_[symbol.name] = symbol;
      loaded.image.objects_[plain_name(symbol.name)] = symbol;
    }
  }
  if (loaded.image.segments_.empty()) loaded.error = "'" + path + "' holds nothing to load.";
  return loaded;
}

std::optional<ElfSymbol> ElfImage::find(const std::string& name) const {
  const auto found = objects_.find(name);
  return found == objects_.end() ? std::nullopt : std::optional(found->second);
}

bool ElfImage::uses(std::uint32_t begin, std::uint32_t size) const {
  const auto inside = [&](std::uint32_t address) { return address - begin < size; };
  std::uint32_t stack_top = 0;
  if (!segments_.empty() && segments_[0].bytes.size() >= 4) std::memcpy(&stack_top, segments_[0].bytes.data(), 4);
  return inside(stack_top - 1) ||
         std::ranges::any_of(objects_, [&](const auto& item) { return inside(item.second.address); });
}

std::string ElfImage::name_of(std::uint32_t code_address) const {
  auto after = functions_.upper_bound(code_address);
  if (after == functions_.begin()) return "";
  const ElfSymbol& function = std::prev(after)->second;
  if (code_address >= function.address + std::max<std::uint32_t>(function.size, 2)) return "";
  return plain_name(function.name) + "+" + hex(code_address - function.address);
}

}  // namespace packbench::hil::stm32
