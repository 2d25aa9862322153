#include "hil/transport/elf_symbols.h"

#include <elf.h>

#include <cstring>

namespace packbench::hil {
namespace {

// Nothing when it would reach beyond the file.
template <typename Record>
std::optional<Record> record_at(const std::string& image, std::size_t offset) {
  if (offset > image.size() || image.size() - offset < sizeof(Record)) return std::nullopt;
  Record record;
  std::memcpy(&record, image.data() + offset, sizeof record);
  return record;
}

bool is_elf32(const Elf32_Ehdr& header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_ident[EI_CLASS] == ELFCLASS32 &&
         header.e_ident[EI_DATA] == ELFDATA2LSB;
}

bool named(const std::string& image, std::size_t offset, const std::string& name) {
  return offset < image.size() && image.compare(offset, name.size() + 1, name.c_str(), name.size() + 1) == 0;
}

std::optional<ElfSymbol> find_in(const std::string& image, const Elf32_Shdr& table, const Elf32_Shdr& names,
                                 const std::string& name) {
  for (std::size_t at = 0; at + sizeof(Elf32_Sym) <= table.sh_size; at += sizeof(Elf32_Sym)) {
    const auto symbol = record_at<Elf32_Sym>(image, table.sh_offset + at);
    if (!symbol) return std::nullopt;
    if (named(image, std::size_t{names.sh_offset} + symbol->st_name, name))
      return ElfSymbol{symbol->st_value, symbol->st_size};
  }
  return std::nullopt;
}

}  // namespace

std::optional<ElfSymbol> find_symbol(const std::string& image, const std::string& name) {
  const auto header = record_at<Elf32_Ehdr>(image, 0);
  if (!header || !is_elf32(*header)) return std::nullopt;
  const auto section = [&](std::size_t index) {
    return record_at<Elf32_Shdr>(image, header->e_shoff + index * sizeof(Elf32_Shdr));
  };
  for (std::size_t i = 0; i < header->e_shnum; ++i) {
    const auto table = section(i);
    if (!table || table->sh_type != SHT_SYMTAB) continue;
    const auto names = section(table->sh_link);
    return names ? find_in(image, *table, *names, name) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace packbench::hil
