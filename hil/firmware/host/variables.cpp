#include "hil/firmware/host/variables.h"

#include <algorithm>

#include "hil/firmware/app/firmware.h"

namespace packbench::firmware {
namespace {

unsigned bits_of(const Variable& row) { return std::string_view(row.name).ends_with("_on") ? 1u : row.size * 8; }

std::vector<VariableKind> kinds() {
  Retained retained{};
  Firmware firmware(
      Wire{.send = [](void*, const std::uint8_t*, std::size_t) {}, .context = nullptr, .retained = &retained});
  Variable rows[kMaxVariables];
  firmware.variables(rows);
  std::vector<VariableKind> out;
  for (const Variable& row : rows) {
    if (row.name != nullptr) out.push_back({row.name, bits_of(row)});
  }
  return out;
}

}  // namespace

const std::vector<VariableKind>& variable_kinds() {
  static const std::vector<VariableKind> table = kinds();
  return table;
}

std::string flip_bit(std::span<const Variable> rows, const std::string& name, unsigned bit) {
  const auto row =
      std::ranges::find_if(rows, [&](const Variable& one) { return one.name != nullptr && one.name == name; });
  if (row == rows.end()) return "the firmware has no variable '" + name + "'";
  if (bit >= bits_of(*row)) return "'" + name + "' has " + std::to_string(bits_of(*row)) + " bits";
  auto* bytes = static_cast<std::uint8_t*>(row->address);
  bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1u << bit % 8));
  return "";
}

}  // namespace packbench::firmware
