#include "sim/language/scenario_fields.h"

#include <algorithm>
#include <set>

#include "sim/language/bms_profile_reader.h"
#include "sim/language/bms_profile_sections.h"
#include "sim/language/branch.h"
#include "sim/language/check_reader.h"
#include "sim/language/fault_reader.h"
#include "sim/language/phase_reader.h"
#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

using Draft = ScenarioDraft;

struct SpreadSeed {
  std::uint64_t seed = 1;
};

const FieldTable<SpreadSeed>& spread_fields() {
  static const auto store = [](SpreadSeed& spread, std::int64_t seed) {
    spread.seed = static_cast<std::uint64_t>(seed);
  };
  static const FieldTable<SpreadSeed> table{
      "the spread",
      {field<SpreadSeed>("seed", Integer{0}, store, "seed of the differences between cells", Need::required)},
      {},
      {}};
  return table;
}

// `off`, or {seed: 7}. The value is the seed, none for off.
struct SpreadType {
  using value_type = std::optional<std::uint64_t>;
  std::string words() const { return "the word off, or a mapping with the key seed"; }
  nlohmann::json schema() const {
    return {{"oneOf", {{{"enum", {"off", false}}}, object_schema(spread_fields().infos(), nlohmann::json::object())}}};
  }
  std::optional<value_type> read(const Value& value) const {
    if (value.is(YamlNode::Kind::scalar) && value.node().text == "off") return value_type{};
    if (!value.is(YamlNode::Kind::map)) {
      value.wrong_type(words());
      return std::nullopt;
    }
    const auto spread = Object<SpreadSeed>{spread_fields}.read(value);
    return spread ? std::optional(value_type{spread->seed}) : std::nullopt;
  }
};

const FieldTable<PackSetup>& pack_fields() {
  using P = PackSetup;
  static const auto spread = [](P& pack, std::optional<std::uint64_t> seed) {
    pack.spread = seed.has_value();
    pack.spread_seed = seed.value_or(pack.spread_seed);
  };
  static const FieldTable<P> table{
      "the pack",
      {field<P>("profile", Text{"a pack profile's name"}, &P::profile, "pack profile: scenarios/packs/NAME.yaml"),
       field<P>("soc", share(), &P::soc, "state of charge at the start"),
       field<P>("temperature", temperature(), &P::temperature_degC, "of all cells at the start"),
       field<P>(
           "ambient", temperature(), [](P& pack, double degC) { pack.ambient_degC = degC; },
           "around the pack; else the cells' temperature"),
       field<P>(
           "coolant", temperature(), [](P& pack, double degC) { pack.coolant_degC = degC; },
           "of the coolant, for packs that have one; else the ambient temperature"),
       field<P>(
           "ageing_acceleration", number(0, 1e9, "1000"),
           [](P& pack, double times) { pack.ageing_acceleration = times; },
           "how many times faster the cells age than time passes; 0: not at all"),
       field<P>("spread", SpreadType{}, spread,
                "differences between cells, drawn from a seed, or off: all cells equal")},
      {},
      {}};
  return table;
}

struct BmsDraft {
  BmsSetup setup;
  std::optional<Value> set, watch;
};

// `truth`, `unknown`, or a state of charge.
struct BmsSoc {
  using value_type = BmsSetup;
  std::string words() const { return "truth, unknown, or a state of charge such as 50 %"; }
  nlohmann::json schema() const { return {{"anyOf", {{{"enum", {"truth", "unknown"}}}, share().schema()}}}; }
  std::optional<BmsSetup> read(const Value& value) const {
    BmsSetup out;
    if (value.is(YamlNode::Kind::scalar) && value.node().text == "truth") return out;
    out.soc_mode = BmsSetup::Soc::unknown;
    if (value.is(YamlNode::Kind::scalar) && value.node().text == "unknown") return out;
    const auto quantity = read_quantity(value, {Dimension::one}, words());
    if (!quantity) return std::nullopt;
    const auto soc = share().read(value);
    if (!soc) return std::nullopt;
    out.soc_mode = BmsSetup::Soc::value;
    out.soc = *soc;
    return out;
  }
};

// A part that is read later, when the profile is known.
struct ProtectionChanges {
  using value_type = Value;
  std::string words() const { return "a mapping from protection to changed levels, such as {cell_uv: {trip: 2.50 V}}"; }
  nlohmann::json schema() const { return protections_schema(); }
  std::optional<Value> read(const Value& value) const { return value; }
};

struct WatchChanges {
  using value_type = Value;
  std::string words() const { return "a mapping of changed rules, such as {sleep_after: 1 min}"; }
  nlohmann::json schema() const { return object_schema(bms_watch_fields().infos(), nlohmann::json::object()); }
  std::optional<Value> read(const Value& value) const { return value; }
};

const FieldTable<BmsDraft>& bms_fields() {
  static const auto soc = [](BmsDraft& bms, BmsSetup setup) {
    bms.setup.soc_mode = setup.soc_mode;
    bms.setup.soc = setup.soc;
  };
  static const FieldTable<BmsDraft> table{
      "the BMS",
      {field<BmsDraft>(
           "profile", Text{"a BMS profile's name"}, [](BmsDraft& bms, std::string name) { bms.setup.profile = name; },
           "BMS profile: scenarios/bms/NAME.yaml"),
       field<BmsDraft>(
           "soc", BmsSoc{}, soc,
           "what the device is told before the first phase: the pack's own state of charge, nothing, or this"),
       field<BmsDraft>(
           "set", ProtectionChanges{}, [](BmsDraft& bms, Value value) { bms.set = value; },
           "changes rows of the protection table in this scenario"),
       field<BmsDraft>(
           "watch", WatchChanges{}, [](BmsDraft& bms, Value value) { bms.watch = value; },
           "changes what is watched besides, in this scenario")},
      {},
      {}};
  return table;
}

struct Catch {
  std::string defect, check;
};

const FieldTable<Catch>& catch_fields() {
  static const FieldTable<Catch> table{
      "a caught defect",
      {field<Catch>("defect", Text{"a defect's name"}, &Catch::defect,
                    "defect of the reference BMS (packbench list --defects)", Need::required),
       field<Catch>("check", Text{"a check's name"}, &Catch::check, "the check that fails with this defect",
                    Need::required)},
      {},
      {}};
  return table;
}

// An instant in UTC: 2025-01-01T00:00:00Z.
struct Epoch {
  using value_type = std::string;
  std::string words() const { return "an instant in UTC, such as 2025-01-01T00:00:00Z"; }
  nlohmann::json schema() const {
    return {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}};
  }
  std::optional<std::string> read(const Value& value) const {
    if (value.is(YamlNode::Kind::scalar) && valid(value.node().text)) return value.node().text;
    value.wrong_type(words());
    return std::nullopt;
  }

 private:
  static int digits(const std::string& text, std::size_t from, std::size_t count) {
    int out = 0;
    for (std::size_t i = from; i < from + count; ++i) out = out * 10 + (text[i] - '0');
    return out;
  }
  static bool valid(const std::string& text) {
    static constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
    if (text.size() != kShape.size()) return false;
    for (std::size_t i = 0; i < kShape.size(); ++i)
      if (kShape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != kShape[i]) return false;
    const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    if (year < 1970 || year > 2200 || month < 1 || month > 12) return false;
    static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const int days = kDays[month - 1] + (month == 2 && leap ? 1 : 0);
    return day >= 1 && day <= days && digits(text, 11, 2) < 24 && digits(text, 14, 2) < 60 && digits(text, 17, 2) < 60;
  }
};

void store_faults(Draft& draft, std::vector<FaultDraft> faults) {
  for (FaultDraft& fault : faults) draft.scenario.faults.push_back(std::move(fault.spec));
}

Value at_key(const Value& value, std::string_view key) {
  const YamlEntry* entry = value.node().find(key);
  return entry == nullptr ? value : value.of(*entry);
}

// The largest whole part of `step` that is at most `most`; `step` itself where only tiny parts are whole.
TimeNs whole_part(TimeNs step, TimeNs most) {
  constexpr TimeNs kMostParts = 1000;
  for (TimeNs parts = (step + most - 1) / most; parts <= kMostParts; ++parts) {
    if (parts > 0 && step % parts == 0) return step / parts;
  }
  return step;
}

void check_steps(const Value& value, Draft& draft) {
  Scenario& s = draft.scenario;
  if (!draft.plant_step_given) s.plant_step = whole_part(s.step, s.plant_step);
  if (!draft.telemetry_period_given) s.telemetry_period = (s.telemetry_period + s.step - 1) / s.step * s.step;
  if (s.step > 10 * kSecond) at_key(value, "step").problem("the step is " + time_text(s.step), "expected at most 10 s");
  if (s.plant_step < kMicrosecond)
    at_key(value, "plant_step").problem("the plant's step is " + time_text(s.plant_step), "expected at least 1 us");
  if (s.step % s.plant_step != 0)
    at_key(value, "plant_step")
        .problem("the step " + time_text(s.step) + " is no multiple of the plant's step " + time_text(s.plant_step),
                 "expected a whole multiple");
  if (s.telemetry_period % s.step != 0)
    at_key(value, "telemetry_period")
        .problem("the telemetry period " + time_text(s.telemetry_period) + " is no multiple of the step " +
                     time_text(s.step),
                 "expected a whole multiple");
}

void note_repeated_names(const Value& value, const std::vector<CheckSpec>& checks, std::set<std::string>& seen) {
  for (const CheckSpec& check : checks) {
    if (check.name.empty() || seen.insert(check.name).second) continue;
    value.context().problems.push_back(
        {check.mark, "expect", "two checks have the name '" + check.name + "'", "expected names that differ"});
  }
}

void check_names(const Value& value, const Draft& draft) {
  std::set<std::string> seen;
  note_repeated_names(value, draft.scenario.expect, seen);
  std::vector<std::string> names;
  const auto add_names = [&names](const std::vector<CheckSpec>& checks) {
    for (const CheckSpec& check : checks)
      if (!check.name.empty() && std::ranges::find(names, check.name) == names.end()) names.push_back(check.name);
  };
  add_names(draft.scenario.expect);
  for (const Variant& variant : draft.scenario.variants) {
    std::set<std::string> of_variant = seen;
    note_repeated_names(value, variant.expect, of_variant);
    add_names(variant.expect);
  }
  const std::string& caught_by = draft.scenario.caught_by;
  if (caught_by.empty() || std::ranges::find(names, caught_by) != names.end()) return;
  const Value catches = at_key(value, "catches");
  at_key(catches, "check")
      .problem("there is no check '" + caught_by + "'",
               names.empty() ? "expected a check of this scenario" : expected_one_of(caught_by, names));
}

// Runs of variants have no Device API: it is the one part of a run that cannot be taken back to the branch point.
void check_api(const Value& value, const Draft& draft) {
  const auto note = [&](const std::vector<CheckSpec>& checks) {
    for (const CheckSpec& check : checks) {
      const bool of_api = check.kind == CheckKind::telemetry_consistent ||
                          check.formula.text().find("api.") != std::string::npos ||
                          check.then.text().find("api.") != std::string::npos;
      if (!of_api) continue;
      value.context().problems.push_back(
          {check.mark, "expect", "the runs of a branch have no Device API", "expected truth, sensed, device or link"});
    }
  };
  if (draft.scenario.variants.empty()) return;
  note(draft.scenario.expect);
  for (const Variant& variant : draft.scenario.variants) note(variant.expect);
}

void check_scenario(const Value& value, Draft& draft) {
  check_steps(value, draft);
  check_names(value, draft);
  check_api(value, draft);
}

// A field stored in the scenario itself.
template <class Type, class Member>
Field<Draft> of_scenario(std::string key, Type type, Member member, std::string description,
                         Need need = Need::optional) {
  const auto store = [member](Draft& draft, typename Type::value_type value) {
    draft.scenario.*member = std::move(value);
  };
  return field<Draft>(std::move(key), std::move(type), store, std::move(description), need);
}

std::vector<Field<Draft>> make_fields() {
  using S = Scenario;
  const auto bms = [](Draft& draft, BmsDraft bms_draft) {
    draft.scenario.bms = bms_draft.setup;
    draft.bms_set = bms_draft.set;
    draft.bms_watch = bms_draft.watch;
  };
  const auto seed = [](Draft& draft, std::int64_t value) { draft.scenario.seed = static_cast<std::uint64_t>(value); };
  const auto plant_step = [](Draft& draft, TimeNs time) {
    draft.scenario.plant_step = time;
    draft.plant_step_given = true;
  };
  const auto telemetry_period = [](Draft& draft, TimeNs time) {
    draft.scenario.telemetry_period = time;
    draft.telemetry_period_given = true;
  };
  const auto catches = [](Draft& draft, Catch caught) {
    draft.scenario.defect = std::move(caught.defect);
    draft.scenario.caught_by = std::move(caught.check);
  };
  const auto branch = [](Draft& draft, VariantList list) { draft.scenario.variants = std::move(list.variants); };
  const Choice<StartMode> start{{{"ready", StartMode::ready}, {"power_on", StartMode::power_on}}};
  return {of_scenario("scenario", Text{"the scenario's name"}, &S::name, "name: one sentence that says the behaviour",
                      Need::required),
          of_scenario("description", Text{}, &S::description, "what the scenario is about"),
          of_scenario("requirement", Texts{}, &S::requirement, "requirements that the scenario judges"),
          of_scenario("tags", Texts{}, &S::tags, "words to select scenarios by"),
          of_scenario("pack", Object<PackSetup>{pack_fields}, &S::pack, "the pack and its state at the start"),
          field<Draft>("bms", Object<BmsDraft>{bms_fields}, bms, "what the device is told"),
          of_scenario(
              "start", start, &S::start,
              "ready: the device is configured, enabled and in IDLE before the first phase; power_on: the raw boot"),
          field<Draft>("seed", Integer{0}, seed, "seed of every noise in the run"),
          of_scenario("step", Duration{}, &S::step, "time between two exchanges with the device"),
          field<Draft>("plant_step", Duration{}, plant_step, "time step of the plant between exchanges"),
          field<Draft>("telemetry_period", Duration{}, telemetry_period,
                       "time between two records to the Device API; else 1 s, or the next multiple of the step"),
          of_scenario("epoch", Epoch{}, &S::epoch, "the instant of simulated time zero, for the Device API"),
          field<Draft>("catches", Object<Catch>{catch_fields}, catches,
                       "a deliberate defect that this scenario finds, and by which check"),
          of_scenario("phases", ListOf<Object<Phase>>{{phase_fields}, 1}, &S::phases,
                      "what the outside world does, one after the other", Need::required)
              .late(),
          field<Draft>("faults", ListOf<Object<FaultDraft>>{{fault_fields}, 0}, store_faults, "what goes wrong").late(),
          of_scenario("expect", ListOf<Object<CheckSpec>>{{check_fields}, 0}, &S::expect, "what must be true").late(),
          field<Draft>("branch", Object<VariantList>{branch_fields}, branch,
                       "variants, each a run of its own that goes on from the end of the phases")
              .late()};
}

}  // namespace

std::vector<FieldInfo> pack_keys() { return pack_fields().infos(); }

std::vector<FieldInfo> bms_keys() { return bms_fields().infos(); }

const FieldTable<ScenarioDraft>& scenario_fields() {
  static const FieldTable<Draft> table{"a scenario", make_fields(), check_scenario, {}};
  return table;
}

}  // namespace packbench::sim
