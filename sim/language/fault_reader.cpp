#include "sim/language/fault_reader.h"

#include <algorithm>
#include <limits>

#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

using Draft = FaultDraft;

constexpr FaultTarget kTargets[] = {FaultTarget::sensor, FaultTarget::line,    FaultTarget::actuator,
                                    FaultTarget::plant,  FaultTarget::machine, FaultTarget::cloud};

std::vector<std::string> channels_of(FaultTarget target) {
  std::vector<std::string> out;
  for (const FaultKind& row : fault_catalogue())
    if (row.target == target && std::ranges::find(out, row.channel) == out.end()) out.emplace_back(row.channel);
  return out;
}

std::vector<std::string> kinds_of(FaultTarget target, std::string_view channel) {
  std::vector<std::string> out;
  for (const FaultKind& row : fault_catalogue())
    if (row.target == target && row.channel == channel) out.emplace_back(row.kind);
  return out;
}

std::vector<std::string> all_kinds() {
  std::vector<std::string> out;
  for (const FaultKind& row : fault_catalogue())
    if (std::ranges::find(out, row.kind) == out.end()) out.emplace_back(row.kind);
  return out;
}

// Where the fault acts: "cell_voltage[8]".
struct Channel {
  using value_type = IndexedName;
  FaultTarget target;

  std::string words() const { return "one of " + joined(channels_of(target)); }
  nlohmann::json schema() const {
    std::string pattern;
    for (const std::string& channel : channels_of(target)) pattern += (pattern.empty() ? "" : "|") + channel;
    return {{"type", "string"}, {"pattern", "^(" + pattern + ")(\\[[0-9]+\\])?$"}};
  }
  std::optional<IndexedName> read(const Value& value) const {
    const auto text = Text{words()}.read(value);
    if (!text) return std::nullopt;
    const auto name = split_indexed(*text);
    const auto known = channels_of(target);
    if (name && std::ranges::find(known, name->name) != known.end()) return name;
    value.problem("unknown " + std::string(target_name(target)) + " '" + *text + "'",
                  expected_one_of(name ? name->name : *text, known));
    return std::nullopt;
  }
};

Field<Draft> target_field(FaultTarget target, std::string description) {
  const auto store = [target](Draft& draft, IndexedName name, const Value& value) {
    draft.spec.target = target;
    draft.spec.channel = std::move(name.name);
    draft.number = name.number;
    draft.spec.mark = value.mark();
  };
  return field<Draft>(std::string(target_name(target)), Channel{target}, store, std::move(description));
}

// A quantity of any dimension.
struct AnyQuantity {
  using value_type = Quantity;
  std::string words() const { return "a quantity in the unit of the fault's kind"; }
  nlohmann::json schema() const { return {{"oneOf", {{{"type", "string"}, {"minLength", 1}}, {{"type", "number"}}}}}; }
  std::optional<Quantity> read(const Value& value) const {
    std::vector<Dimension> all;
    for (int d = 0; d <= static_cast<int>(Dimension::current_rate); ++d) all.push_back(static_cast<Dimension>(d));
    return read_quantity(value, all, words());
  }
};

std::string full_name(const FaultSpec& spec) { return spec.channel + " " + spec.kind; }

Value at_key(const Value& value, std::string_view key) {
  const YamlEntry* entry = value.node().find(key);
  return entry == nullptr ? value : value.of(*entry);
}

void check_index(const Value& value, Draft& draft, const FaultKind& kind) {
  if (!draft.number) return;
  const Value where = at_key(value, target_name(draft.spec.target));
  if (!kind.indexed)
    return where.problem("'" + draft.spec.channel + "' takes no number in brackets", "expected " + draft.spec.channel);
  const auto& symbols = value.context().symbols;
  const bool sensors = kind.channel == "temperature";
  const int count = !symbols ? kMaxCells : sensors ? symbols->layout.temperatures() : symbols->layout.cells();
  if (*draft.number < 1 || *draft.number > count)
    return where.problem("there is no " + draft.spec.channel + "[" + std::to_string(*draft.number) + "]",
                         "expected a number from 1 to " + std::to_string(count));
  draft.spec.index = *draft.number - 1;
}

void check_value(const Value& value, Draft& draft, const FaultKind& kind) {
  const bool given = value.node().find("value") != nullptr;
  const Value where = at_key(value, "value");
  const std::string wanted = std::string(dimension_name(kind.dimension)) + " in " + known_units(kind.dimension);
  if (given && kind.value == FaultValue::none)
    return where.problem("the fault '" + full_name(draft.spec) + "' takes no value", "expected no key 'value'");
  if (!given && kind.value == FaultValue::required)
    return value.problem("the fault '" + full_name(draft.spec) + "' needs a value", "expected " + wanted);
  if (!draft.value) {
    draft.spec.value = std::numeric_limits<double>::quiet_NaN();
    return;
  }
  if (draft.value->dimension != kind.dimension)
    return where.problem(where.shown() + " is " + std::string(dimension_name(draft.value->dimension)),
                         "the fault '" + full_name(draft.spec) + "' takes " + wanted);
  draft.spec.value = draft.value->value;
  if (draft.spec.value >= kind.least && draft.spec.value <= kind.most) return;
  const auto limit = [&](double bound) { return quantity_text({bound, kind.dimension}); };
  where.problem(where.shown() + " is out of range", "expected " + limit(kind.least) + " to " + limit(kind.most));
}

void check_times(const Value& value, Draft& draft) {
  const YamlEntry *at = value.node().find("at"), *when = value.node().find("when");
  if (at != nullptr && when != nullptr)
    value.problem_at(when->mark, "'when' cannot stand beside 'at'", "expected one of the two");
  if (at == nullptr && when == nullptr) draft.spec.at = 0;
}

void check_line_keys(const Value& value, const Draft& draft) {
  for (const char* key : {"pattern", "probability"})
    if (const YamlEntry* entry = value.node().find(key); entry != nullptr && draft.spec.target != FaultTarget::line)
      value.of(*entry).problem_at(entry->mark, std::string("'") + key + "' has no meaning here",
                                  "expected it in a line fault only");
  if (value.node().find("pattern") != nullptr && value.node().find("probability") != nullptr)
    value.problem_at(value.node().find("probability")->mark, "'probability' cannot stand beside 'pattern'",
                     "expected one of the two");
}

void check_bit_keys(const Value& value, const Draft& draft) {
  const bool flips = draft.spec.kind == "bit_flip";
  for (const char* key : {"variable", "bit"}) {
    const YamlEntry* entry = value.node().find(key);
    if (flips && entry == nullptr)
      value.problem("the fault '" + full_name(draft.spec) + "' needs a " + key, "expected the keys variable and bit");
    if (!flips && entry != nullptr)
      value.of(*entry).problem_at(entry->mark, std::string("'") + key + "' has no meaning here",
                                  "expected it in the fault bit_flip only");
  }
}

void check_fault(const Value& value, Draft& draft) {
  check_times(value, draft);
  const YamlEntry* first = nullptr;
  for (FaultTarget target : kTargets) {
    const YamlEntry* entry = value.node().find(target_name(target));
    if (entry == nullptr) continue;
    if (first != nullptr)
      value.problem_at(entry->mark, "'" + entry->key + "' cannot stand beside '" + first->key + "'",
                       "expected one target per fault");
    else
      first = entry;
  }
  if (first == nullptr)
    return value.problem("the fault has no target", "expected one of sensor, line, actuator, plant, machine, cloud");
  if (draft.spec.channel.empty() || draft.spec.kind.empty()) return;  // noted already
  draft.spec.mark = value.mark();
  check_line_keys(value, draft);
  const FaultKind* kind = find_fault(draft.spec.target, draft.spec.channel, draft.spec.kind);
  if (kind == nullptr)
    return at_key(value, "kind")
        .problem("'" + draft.spec.channel + "' has no fault '" + draft.spec.kind + "'",
                 expected_one_of(draft.spec.kind, kinds_of(draft.spec.target, draft.spec.channel)));
  check_index(value, draft, *kind);
  check_value(value, draft, *kind);
  check_bit_keys(value, draft);
}

// The kind; which ones fit is judged when the channel is known, so the schema allows all and the reader any word.
struct Kind {
  using value_type = std::string;
  std::string words() const { return "a kind of fault, such as offset"; }
  nlohmann::json schema() const { return {{"enum", all_kinds()}}; }
  std::optional<std::string> read(const Value& value) const { return Text{words()}.read(value); }
};

nlohmann::json fault_rules() {
  nlohmann::json targets = nlohmann::json::array();
  for (FaultTarget target : kTargets) targets.push_back({{"required", {target_name(target)}}});
  return {{"oneOf", targets}, {"not", {{"required", {"at", "when"}}}}};
}

}  // namespace

const FieldTable<FaultDraft>& fault_fields() {
  const auto whole_numbers = [](Draft& draft, std::vector<std::int64_t> values) {
    for (std::int64_t count : values) draft.spec.pattern.push_back(static_cast<int>(count));
  };
  static const FieldTable<Draft> table{
      "a fault",
      {target_field(FaultTarget::sensor, "between truth and measurement"),
       target_field(FaultTarget::line, "frames on their way to or from the device"),
       target_field(FaultTarget::actuator, "a contactor"),
       target_field(FaultTarget::plant, "the pack and what is around it"),
       target_field(FaultTarget::machine, "the device's processor"),
       target_field(FaultTarget::cloud, "the way of the telemetry to the Device API"),
       field<Draft>(
           "kind", Kind{}, [](Draft& draft, std::string kind) { draft.spec.kind = std::move(kind); }, "what goes wrong",
           Need::required),
       field<Draft>(
           "value", AnyQuantity{}, [](Draft& draft, Quantity value) { draft.value = value; },
           "how much, in the unit of the kind"),
       field<Draft>(
           "at", Duration{true}, [](Draft& draft, TimeNs time) { draft.spec.at = time; },
           "start, counted from the first phase; else at its start"),
       field<Draft>(
           "when", Formula{}, [](Draft& draft, Expression formula) { draft.spec.when = std::move(formula); },
           "start: the first sample at which this holds"),
       field<Draft>(
           "for", Duration{}, [](Draft& draft, TimeNs time) { draft.spec.duration = time; },
           "duration; else to the end"),
       field<Draft>("pattern", ListOf<Integer>{{0, 1'000'000}, 1}, whole_numbers,
                    "frames in turn: keep, hit, keep, hit, ..."),
       field<Draft>(
           "probability", share(), [](Draft& draft, double share_hit) { draft.spec.probability = share_hit; },
           "share of frames that are hit"),
       field<Draft>(
           "variable", Text{"a variable's name"},
           [](Draft& draft, std::string name) { draft.spec.variable = std::move(name); },
           "of the firmware, for bit_flip (packbench list --variables, or symbol:NAME+OFFSET of an image)"),
       field<Draft>(
           "bit", Integer{0, 4095}, [](Draft& draft, std::int64_t bit) { draft.spec.bit = static_cast<int>(bit); },
           "that flips in the variable, 0 the lowest")},
      check_fault,
      fault_rules()};
  return table;
}

}  // namespace packbench::sim
