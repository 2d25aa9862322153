#include <algorithm>
#include <set>

#include "sim/language/branch.h"
#include "sim/language/check_reader.h"
#include "sim/language/fault_reader.h"
#include "sim/language/parameters.h"
#include "sim/language/phase_reader.h"
#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

constexpr std::string_view kWith = "with";

// Read before the rest of the variant; listed among its keys for people and editors.
struct ParameterType {
  using value_type = bool;
  std::string words() const { return "a mapping from parameter to a list of values, such as {cell: [1..15]}"; }
  nlohmann::json schema() const {
    return {{"type", "object"}, {"additionalProperties", {{"type", "array"}, {"minItems", 1}}}};
  }
  std::optional<bool> read(const Value&) const { return true; }
};

// A list whose items an editor knows by their keys only: their values may hold ${parameters}.
template <class Item>
struct OpenList {
  using value_type = typename ListOf<Item>::value_type;
  ListOf<Item> list;
  std::vector<FieldInfo> (*keys)();

  std::string words() const { return list.words(); }
  nlohmann::json schema() const {
    nlohmann::json item{{"type", "object"}};
    for (const FieldInfo& field : keys()) {
      if (!field.indexed()) item["properties"][field.key] = {{"description", field.description}};
    }
    return {{"type", "array"}, {"minItems", list.least}, {"items", item}};
  }
  std::optional<value_type> read(const Value& value) const { return list.read(value); }
};

const FieldTable<Variant>& variant_fields() {
  using V = Variant;
  static const auto faults = [](V& variant, std::vector<FaultDraft> drafts) {
    for (FaultDraft& draft : drafts) variant.faults.push_back(std::move(draft.spec));
  };
  static const FieldTable<V> table{
      "a variant",
      {field<V>("name", Text{"the variant's name"}, &V::name, "what is different in this run", Need::required),
       field<V>(
           std::string(kWith), ParameterType{}, [](V&, bool) {},
           "parameters: a variant for each combination, ${NAME} in its keys and texts replaced"),
       field<V>("phases", OpenList<Object<Phase>>{{{phase_fields}, 1}, [] { return phase_fields().infos(); }},
                &V::phases, "what the outside world does after the preparation", Need::required),
       field<V>("faults", OpenList<Object<FaultDraft>>{{{fault_fields}, 0}, [] { return fault_fields().infos(); }},
                faults, "what goes wrong; times count from the branch point"),
       field<V>("expect", OpenList<Object<CheckSpec>>{{{check_fields}, 0}, [] { return check_fields().infos(); }},
                &V::expect, "what must be true; judged and counted from the branch point on")},
      {},
      {}};
  return table;
}

YamlNode without(const YamlNode& node, std::string_view key) {
  YamlNode out = node;
  std::erase_if(out.entries, [&](const YamlEntry& entry) { return entry.key == key; });
  return out;
}

std::optional<Variant> read_variant(const Value& written, const YamlNode& pattern, const Combination& combination) {
  YamlNode node = pattern;
  const YamlEntry* name = pattern.find("name");
  const bool says_which = name != nullptr && name->value.text.find("${") != std::string::npos;
  substitute(node, combination);
  if (const auto [left, mark] = first_placeholder(node); !left.empty()) {
    written.problem_at(mark, "'" + left + "' is no parameter of this variant", "expected a name of its `with`");
    return std::nullopt;
  }
  Variant variant;
  const std::size_t before = written.context().problems.size();
  read_fields(Value(node, written.path(), written.context()), variant_fields(), variant);
  if (written.context().problems.size() != before) return std::nullopt;
  if (!says_which && !combination.empty()) variant.name += " (" + combination_text(combination) + ")";
  variant.mark = written.mark();
  return variant;
}

// One item of the list, which may stand for many. Its problems are said once, not for each combination.
struct VariantType {
  using value_type = std::vector<Variant>;
  std::string words() const { return "a variant, a mapping"; }
  nlohmann::json schema() const { return object_schema(variant_fields().infos(), nlohmann::json::object()); }
  std::optional<value_type> read(const Value& value) const {
    const YamlEntry* with = value.node().find(kWith);
    const std::size_t before = value.context().problems.size();
    const auto parameters = with != nullptr ? read_parameters(value.of(*with)) : std::vector<Parameter>{};
    if (value.context().problems.size() != before) return std::nullopt;
    const YamlNode pattern = without(value.node(), kWith);
    value_type out;
    for (const Combination& combination : combinations(parameters)) {
      auto variant = read_variant(value, pattern, combination);
      if (!variant) return std::nullopt;
      out.push_back(std::move(*variant));
    }
    return out;
  }
};

void check_names(const Value& value, VariantList& list) {
  std::set<std::string> seen;
  for (const Variant& variant : list.variants) {
    if (seen.insert(variant.name).second) continue;
    value.problem_at(variant.mark, "two variants have the name '" + variant.name + "'", "expected names that differ");
  }
}

}  // namespace

std::vector<FieldInfo> variant_keys() { return variant_fields().infos(); }

const FieldTable<VariantList>& branch_fields() {
  static const auto flatten = [](VariantList& list, std::vector<std::vector<Variant>> read) {
    for (auto& some : read) std::ranges::move(some, std::back_inserter(list.variants));
  };
  static const FieldTable<VariantList> table{
      "a branch",
      {field<VariantList>("variants", ListOf<VariantType>{{}, 1}, flatten,
                          "runs that go on from the end of the phases, each from the same state", Need::required)},
      check_names,
      {}};
  return table;
}

}  // namespace packbench::sim
