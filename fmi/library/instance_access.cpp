#include <type_traits>

#include <fmt/format.h>

#include "fmi/library/instance.h"

namespace packbench::fmi {
namespace {

std::size_t elements(const Model& model, std::uint32_t reference) {
  return model.layout().elements(find_variable(reference)->shape);
}

}  // namespace

const Variable& Instance::typed(Type type, std::uint32_t reference) const {
  const Variable* variable = find_variable(reference);
  if (variable == nullptr) throw Refused(fmt::format("no variable has the value reference {}", reference));
  if (variable->type == type) return *variable;
  throw Refused(fmt::format("the variable '{}' (value reference {}) is a {}, not a {}", variable->name, reference,
                            type_name(variable->type), type_name(type)));
}

const Variable& Instance::writable(Type type, std::uint32_t reference) const {
  const Variable& variable = typed(type, reference);
  const bool parameter = variable.causality == Causality::parameter;
  if (!parameter && variable.causality != Causality::input)
    throw Refused(
        fmt::format("the variable '{}' cannot be set (it is neither an input nor a parameter)", variable.name));
  if (parameter && state_.mode == Mode::step)
    throw Refused(
        fmt::format("the parameter '{}' cannot be set any more (only before initialization is left)", variable.name));
  return variable;
}

void Instance::require_elements(std::span<const std::uint32_t> references, std::size_t given) const {
  std::size_t expected = 0;
  for (const std::uint32_t reference : references) expected += elements(model_, reference);
  if (given == expected) return;
  throw Refused(fmt::format("{} values for {} variables that have {} elements together (arrays are accessed whole)",
                            given, references.size(), expected));
}

template <class Value>
void Instance::get(Type type, std::span<const std::uint32_t> references, std::span<Value> values) {
  require({Mode::initialization, Mode::step, Mode::terminated});
  for (const std::uint32_t reference : references) typed(type, reference);
  require_elements(references, values.size());
  for (const std::uint32_t reference : references) {
    const Variable& variable = *find_variable(reference);
    const std::span<Value> part = values.first(elements(model_, reference));
    if constexpr (std::is_same_v<Value, double>) {
      model_.get(state_, variable, part);
    } else {
      words_.resize(part.size());
      model_.get(state_, variable, std::span<std::uint64_t>(words_));
      for (std::size_t i = 0; i < part.size(); ++i) part[i] = static_cast<Value>(words_[i]);
    }
    values = values.subspan(part.size());
  }
}

template <class Value>
void Instance::set(Type type, std::span<const std::uint32_t> references, std::span<const Value> values) {
  require({Mode::instantiated, Mode::initialization, Mode::step});
  for (const std::uint32_t reference : references) writable(type, reference);
  require_elements(references, values.size());
  // First everything is checked, then everything is taken.
  for (const bool take : {false, true}) {
    auto rest = values;
    for (const std::uint32_t reference : references) {
      const Variable& variable = *find_variable(reference);
      const std::span<const Value> part = rest.first(elements(model_, reference));
      rest = rest.subspan(part.size());
      if constexpr (std::is_same_v<Value, double>) {
        take ? model_.set(state_, variable, part) : model_.check(variable, part);
      } else if (take) {
        words_.assign(part.begin(), part.end());
        model_.set(state_, variable, std::span<const std::uint64_t>(words_));
      }
    }
  }
  if (state_.mode == Mode::initialization) model_.initialize(state_);
}

void Instance::get_none(std::string_view type, std::size_t references) const {
  require({Mode::initialization, Mode::step, Mode::terminated});
  if (references > 0) throw Refused(fmt::format("the pack has no variable of type {}", type));
}

void Instance::set_none(std::string_view type, std::size_t references) const {
  require({Mode::instantiated, Mode::initialization, Mode::step});
  if (references > 0) throw Refused(fmt::format("the pack has no variable of type {}", type));
}

template void Instance::get(Type, std::span<const std::uint32_t>, std::span<double>);
template void Instance::get(Type, std::span<const std::uint32_t>, std::span<std::uint32_t>);
template void Instance::get(Type, std::span<const std::uint32_t>, std::span<std::uint64_t>);
template void Instance::get(Type, std::span<const std::uint32_t>, std::span<bool>);
template void Instance::set(Type, std::span<const std::uint32_t>, std::span<const double>);
template void Instance::set(Type, std::span<const std::uint32_t>, std::span<const std::uint32_t>);
template void Instance::set(Type, std::span<const std::uint32_t>, std::span<const std::uint64_t>);
template void Instance::set(Type, std::span<const std::uint32_t>, std::span<const bool>);

}  // namespace packbench::fmi
