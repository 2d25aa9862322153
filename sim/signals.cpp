#include "sim/signals.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace packbench::sim {
namespace {

constexpr std::array kTable{
#define PACKBENCH_ROW(group, name, shape, kind, vocabulary, unit, description)                           \
  SignalSpec{Signal::group##_##name, Group::group,           #name,      Shape::shape, SignalKind::kind, \
             Vocabulary::vocabulary, std::string_view(unit), description},
    PACKBENCH_SIGNALS(PACKBENCH_ROW)
#undef PACKBENCH_ROW
};

constexpr std::array<std::string_view, kGroupCount> kGroupNames{"truth", "sensed", "device", "api", "link"};

}  // namespace

std::string SignalSpec::full_name() const { return std::string(group_name(group)) + "." + std::string(name); }

std::string_view group_name(Group group) { return kGroupNames[static_cast<std::size_t>(group)]; }

std::span<const SignalSpec> signal_table() { return kTable; }

const SignalSpec& spec_of(Signal id) { return kTable[static_cast<std::size_t>(id)]; }

std::optional<Signal> find_signal(std::string_view full_name) {
  for (const SignalSpec& spec : kTable) {
    const std::string_view group = group_name(spec.group);
    if (full_name.size() == group.size() + 1 + spec.name.size() && full_name.starts_with(group) &&
        full_name[group.size()] == '.' && full_name.ends_with(spec.name)) {
      return spec.id;
    }
  }
  return std::nullopt;
}

SignalLayout::SignalLayout(int cells, int temperatures) : cells_(cells), temperatures_(temperatures) {
  if (cells < 1 || cells > kMaxCells) throw std::invalid_argument("cell count must be 1..24");
  if (temperatures < 0 || temperatures > kMaxTemperatures)
    throw std::invalid_argument("temperature count must be 0..8");
  offsets_.reserve(kTable.size());
  for (const SignalSpec& spec : kTable) {
    offsets_.push_back(size_);
    size_ += count(spec.id);
  }
}

int SignalLayout::count(Signal id) const {
  switch (spec_of(id).shape) {
    case Shape::scalar:
      return 1;
    case Shape::per_cell:
      return cells_;
    case Shape::per_temperature:
      return temperatures_;
  }
  return 0;
}

Frame::Frame(const SignalLayout& layout)
    : layout_(layout), values_(static_cast<std::size_t>(layout.size()), std::numeric_limits<double>::quiet_NaN()) {}

std::span<double> Frame::array(Signal id) {
  return {values_.data() + layout_.offset(id), static_cast<std::size_t>(layout_.count(id))};
}

std::span<const double> Frame::array(Signal id) const {
  return {values_.data() + layout_.offset(id), static_cast<std::size_t>(layout_.count(id))};
}

void Frame::forget(Group group) {
  for (const SignalSpec& spec : kTable) {
    if (spec.group == group) std::ranges::fill(array(spec.id), std::numeric_limits<double>::quiet_NaN());
  }
}

}  // namespace packbench::sim
