#include "sim/language/check_reader.h"

#include <algorithm>

#include "sim/language/value_types.h"
#include "sim/language/window.h"

namespace packbench::sim {
namespace {

struct KindKey {
  std::string_view key;
  CheckKind kind;
};

constexpr KindKey kKinds[] = {{"always", CheckKind::always},
                              {"never", CheckKind::never},
                              {"eventually", CheckKind::eventually},
                              {"when", CheckKind::when_then},
                              {"telemetry", CheckKind::telemetry_consistent}};

constexpr std::string_view kWithin = "consistent within ";

// "consistent", without a limit of time, or "consistent within 2 s"
struct Consistency {
  using value_type = TimeNs;
  std::string words() const { return "the word consistent, or with a limit of time: consistent within 2 s"; }
  nlohmann::json schema() const { return {{"type", "string"}, {"pattern", "^consistent( within .+)?$"}}; }
  std::optional<TimeNs> read(const Value& value) const {
    if (value.is(YamlNode::Kind::scalar) && value.node().text == "consistent") return 0;
    const bool begins = value.is(YamlNode::Kind::scalar) && value.node().text.starts_with(kWithin);
    if (begins) {
      const auto parsed = parse_quantity(std::string_view(value.node().text).substr(kWithin.size()));
      const auto* quantity = std::get_if<Quantity>(&parsed);
      if (quantity != nullptr && quantity->dimension == Dimension::time && quantity->value > 0 && quantity->value < 1e8)
        return to_ns(quantity->value);
    }
    value.wrong_type(words());
    return std::nullopt;
  }
};

void check_kind(const Value& value, CheckSpec& spec, const YamlEntry*& first) {
  for (const YamlEntry& entry : value.node().entries) {
    const auto kind = std::ranges::find(kKinds, entry.key, &KindKey::key);
    if (kind == std::end(kKinds)) continue;
    if (first != nullptr) {
      value.problem_at(entry.mark, "'" + entry.key + "' cannot stand beside '" + first->key + "'",
                       "expected one expectation per check");
      continue;
    }
    first = &entry;
    spec.kind = kind->kind;
  }
  if (first == nullptr)
    value.problem("nothing is expected",
                  "expected one of always, never, eventually, telemetry, or when with then and within");
}

void check_partners(const Value& value, CheckKind kind) {
  const bool when_then = kind == CheckKind::when_then;
  const YamlEntry *then = value.node().find("then"), *within = value.node().find("within");
  if (when_then && then == nullptr)
    value.problem("the key 'then' is missing", "expected the formula that must hold after 'when'");
  if (when_then && within == nullptr) value.problem("the key 'within' is missing", "expected " + WindowType{}.words());
  if (!when_then && then != nullptr)
    value.problem_at(then->mark, "'then' has no when", "expected when, then and within together");
  if (!when_then && kind != CheckKind::eventually && within != nullptr)
    value.problem_at(within->mark, "'within' has no meaning here",
                     "expected it beside when and then, or beside eventually");
}

void check_expectation(const Value& value, CheckSpec& spec) {
  spec.mark = value.mark();
  const YamlEntry* first = nullptr;
  check_kind(value, spec, first);
  if (first == nullptr) return;
  check_partners(value, spec.kind);
  if (spec.kind == CheckKind::eventually && spec.earliest > 0)
    value.problem_at(value.node().find("within")->mark, "'eventually' has no earliest time",
                     "expected a time; use after: TIME for a later start");
  if (spec.until_time && *spec.until_time <= spec.after)
    value.problem_at(value.node().find("before")->mark, "'before' does not come after 'after'",
                     "expected a later time");
}

nlohmann::json check_rules() {
  nlohmann::json kinds = nlohmann::json::array();
  for (const KindKey& kind : kKinds) kinds.push_back({{"required", {kind.key}}});
  return {{"oneOf", kinds}, {"dependentRequired", {{"when", {"then", "within"}}, {"then", {"when"}}}}};
}

}  // namespace

const FieldTable<CheckSpec>& check_fields() {
  using C = CheckSpec;
  static const auto window = [](C& spec, Window within) {
    spec.earliest = within.earliest;
    spec.latest = within.latest;
    spec.window_source = std::move(within.source);
  };
  static const auto consistent = [](C& spec, TimeNs latest, const Value& value) {
    spec.latest = latest;
    if (latest > 0) spec.window_source = value.node().text.substr(kWithin.size());
  };
  static const FieldTable<C> table{
      "a check",
      {field<C>("name", Text{"a name for reports"}, &C::name, "name of the check, unique in the scenario",
                Need::required),
       field<C>("requirement", Texts{}, &C::requirement, "requirements that this check judges"),
       field<C>("always", Formula{}, &C::formula, "holds at every sample"),
       field<C>("never", Formula{}, &C::formula, "holds at no sample"),
       field<C>("eventually", Formula{}, &C::formula, "holds at some sample"),
       field<C>("when", Formula{}, &C::formula, "the trigger of a reaction: each time it becomes true"),
       field<C>("then", Formula{}, &C::then, "the reaction"),
       field<C>("within", WindowType{}, window, "when the reaction must come, counted from the trigger"),
       field<C>("telemetry", Consistency{}, consistent, "Device API, device and truth agree record by record"),
       field<C>("after", Duration{true}, &C::after, "judged only from this time on, counted from the first phase"),
       field<C>(
           "before", Duration{}, [](C& spec, TimeNs time) { spec.until_time = time; }, "judged only up to this time")},
      check_expectation,
      check_rules()};
  return table;
}

}  // namespace packbench::sim
