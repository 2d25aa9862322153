#include "sim/language/phase_reader.h"

#include <algorithm>
#include <limits>

#include "sim/language/current_profile.h"
#include "sim/language/profile_search.h"
#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

struct KindKey {
  std::string_view key;
  PhaseKind kind;
};

constexpr KindKey kKinds[] = {{"rest", PhaseKind::rest},           {"charge", PhaseKind::charge},
                              {"discharge", PhaseKind::discharge}, {"power", PhaseKind::power},
                              {"profile", PhaseKind::profile},     {"drive", PhaseKind::drive}};

// Keys that belong to some kinds of phase only.
struct Belonging {
  std::string_view key;
  std::vector<PhaseKind> kinds;
  std::string_view where;  // for the message
};

const std::vector<Belonging>& belongings() {
  static const std::vector<Belonging> table{
      {"voltage", {PhaseKind::charge}, "a charge phase"},
      {"scale", {PhaseKind::profile}, "a profile phase"},
      {"max_charge", {PhaseKind::profile}, "a profile phase"},
      {"max_discharge", {PhaseKind::profile}, "a profile phase"},
      {"repeat", {PhaseKind::profile}, "a profile phase"},
      {"ramp", {PhaseKind::drive}, "a drive phase"},
      {"charger", {PhaseKind::rest, PhaseKind::drive, PhaseKind::discharge}, "a rest, discharge or drive phase"},
  };
  return table;
}

// `rest: 60 s`, or `rest:` with the end given by `for` or `until`.
struct RestTime {
  using value_type = std::optional<TimeNs>;
  std::string words() const { return "a time, such as 60 s, or nothing where `for` or `until` ends the rest"; }
  nlohmann::json schema() const { return {{"oneOf", {Duration{}.schema(), {{"type", "null"}}}}}; }
  std::optional<value_type> read(const Value& value) const {
    if (value.is(YamlNode::Kind::null)) return value_type{};
    const auto time = Duration{}.read(value);
    return time ? std::optional(value_type{time}) : std::nullopt;
  }
};

Amount power() { return {Dimension::power, "2 kW", -1e6, 1e6}; }

bool has(const Value& value, std::string_view key) { return value.node().find(key) != nullptr; }

// The one stimulus of the phase; a problem when there is none or more than one. `drive` may stand alone or beside
// another, which then goes on while the driven quantities are held.
const KindKey* kind_of(const Value& value) {
  const KindKey* found = nullptr;
  for (const YamlEntry& entry : value.node().entries) {
    const auto kind = std::ranges::find(kKinds, entry.key, &KindKey::key);
    if (kind == std::end(kKinds) || kind->kind == PhaseKind::drive) continue;
    if (found != nullptr) {
      value.problem_at(entry.mark, "'" + entry.key + "' cannot stand beside '" + std::string(found->key) + "'",
                       "expected one stimulus per phase");
      continue;
    }
    found = kind;
  }
  if (found == nullptr && has(value, "drive")) found = std::ranges::find(kKinds, PhaseKind::drive, &KindKey::kind);
  if (found == nullptr)
    value.problem("the phase has no stimulus", "expected one of rest, charge, discharge, power, profile, drive");
  return found;
}

void check_belongings(const Value& value, PhaseKind kind) {
  for (const Belonging& one : belongings()) {
    const YamlEntry* entry = value.node().find(one.key);
    const bool driven = has(value, "drive") && std::ranges::find(one.kinds, PhaseKind::drive) != one.kinds.end();
    if (entry == nullptr || driven || std::ranges::find(one.kinds, kind) != one.kinds.end()) continue;
    value.of(*entry).problem_at(entry->mark, "'" + entry->key + "' has no meaning here",
                                "expected it in " + std::string(one.where) + " only");
  }
}

void check_end(const Value& value, PhaseKind kind) {
  const YamlEntry *until = value.node().find("until"), *limit = value.node().find("limit");
  const YamlEntry *limit_is = value.node().find("limit_is"), *rest = value.node().find("rest");
  const bool rest_time = rest != nullptr && rest->value.kind != YamlNode::Kind::null;
  const bool timed = rest_time || has(value, "for");
  if (rest_time && has(value, "for"))
    value.problem_at(value.node().find("for")->mark, "the rest has two durations",
                     "expected 'rest: TIME' or 'for: TIME'");
  if (until != nullptr && timed)
    value.problem_at(until->mark, "'until' cannot stand beside a duration", "expected until with limit, or a duration");
  if (until != nullptr && limit == nullptr && !timed)
    value.problem_at(until->mark, "'until' has no limit",
                     "expected a limit, such as limit: 30 min, so that the run ends in any case");
  if (limit != nullptr && until == nullptr)
    value.problem_at(limit->mark, "'limit' has no until", "expected until: FORMULA, or for: TIME");
  if (limit_is != nullptr && limit == nullptr)
    value.problem_at(limit_is->mark, "'limit_is' has no limit", "expected until and limit beside it");
  const bool ends_by_itself = kind == PhaseKind::profile || (kind == PhaseKind::drive && has(value, "ramp"));
  if (until == nullptr && limit == nullptr && !timed && !ends_by_itself)
    value.problem("the phase has no end", "expected for: TIME, or until: FORMULA with limit: TIME");
}

// Reads, scales and clamps the profile's file.
void load_profile(const Value& value, Phase& phase) {
  const Value file_value = value.of(*value.node().find("profile"));
  CurrentProfile& profile = phase.profile;
  if (profile.file.empty()) return;
  ReadContext& context = value.context();
  const auto found =
      find_data_file(profile.file.string(), context.folder, context.data_dir, file_value.mark(), file_value.path());
  if (const auto* problem = std::get_if<Problem>(&found)) return context.problems.push_back(*problem);
  profile.file = std::get<std::filesystem::path>(found);
  auto table = read_current_table(profile.file, file_value.mark());
  if (auto* problems = std::get_if<Problems>(&table)) {
    context.problems.insert(context.problems.end(), problems->begin(), problems->end());
    return;
  }
  profile.time_s = std::move(std::get<CurrentTable>(table).time_s);
  const double most = profile.max_charge_A.value_or(std::numeric_limits<double>::infinity());
  const double least = -profile.max_discharge_A.value_or(std::numeric_limits<double>::infinity());
  for (double current_A : std::get<CurrentTable>(table).value)
    profile.current_A.push_back(std::clamp(current_A * profile.scale, least, most));
}

std::string label_of(const Value& value, const KindKey& kind) {
  const YamlNode& stimulus = value.node().find(kind.key)->value;
  std::string out(kind.key);
  if (stimulus.kind == YamlNode::Kind::scalar) return out + " " + stimulus.text;
  for (const YamlEntry& entry : stimulus.entries) out += (&entry == stimulus.entries.data() ? " " : ", ") + entry.key;
  return out;
}

void check_phase(const Value& value, Phase& phase) {
  phase.mark = value.mark();
  const KindKey* kind = kind_of(value);
  if (kind == nullptr) return;
  phase.kind = kind->kind;
  check_belongings(value, kind->kind);
  check_end(value, kind->kind);
  if (phase.label.empty()) phase.label = label_of(value, *kind);
  if (kind->kind == PhaseKind::profile) load_profile(value, phase);
  if (const YamlEntry* ramp = value.node().find("ramp"))
    if (const auto time = Duration{true}.read(Value(ramp->value, value.path() + ".ramp", value.context())))
      for (DriveTarget& target : phase.drive) target.ramp = *time;
}

nlohmann::json phase_rules() {
  nlohmann::json kinds = nlohmann::json::array();
  for (const KindKey& kind : kKinds)
    if (kind.kind != PhaseKind::drive) kinds.push_back({{"required", {kind.key}}});
  kinds.push_back({{"required", {"drive"}}, {"not", {{"anyOf", kinds}}}});
  const nlohmann::json dependent = {{"until", {"limit"}}, {"limit", {"until"}}, {"limit_is", {"limit"}}};
  return {{"oneOf", kinds}, {"dependentRequired", dependent}};
}

}  // namespace

const FieldTable<Phase>& phase_fields() {
  static const auto nothing = [](Phase&, TimeNs) {};  // read in check_phase, when the driven quantities are known
  static const FieldTable<Phase> table{
      "a phase",
      {field<Phase>("charge", CurrentOrRate{}, &Phase::current_A, "a charger with this current, then constant voltage"),
       field<Phase>("discharge", CurrentOrRate{}, &Phase::current_A, "a load with this current"),
       field<Phase>(
           "rest", RestTime{},
           [](Phase& phase, std::optional<TimeNs> time) {
             if (time) phase.duration = time;
           },
           "neither charger nor load"),
       field<Phase>("power", power(), &Phase::power_W, "constant power, positive charges"),
       field<Phase>(
           "profile", Text{"a CSV file with times and currents"},
           [](Phase& phase, std::string name) { phase.profile.file = name; }, "current over time from a file"),
       field<Phase>(
           "scale", number(-1e6, 1e6, "-12"), [](Phase& phase, double scale) { phase.profile.scale = scale; },
           "multiplies the file's values; negative where the file counts discharge as positive"),
       field<Phase>(
           "max_charge", CurrentOrRate{}, [](Phase& phase, double limit) { phase.profile.max_charge_A = limit; },
           "charge current is clamped to this after scaling"),
       field<Phase>(
           "max_discharge", CurrentOrRate{}, [](Phase& phase, double limit) { phase.profile.max_discharge_A = limit; },
           "discharge current is clamped to this after scaling"),
       field<Phase>(
           "repeat", Integer{1, 1'000'000},
           [](Phase& phase, std::int64_t times) { phase.profile.repeat = static_cast<int>(times); },
           "how often the profile runs"),
       field<Phase>("drive", Object<std::vector<DriveTarget>>{drive_fields}, &Phase::drive,
                    "holds or ramps terminal quantities of the plant"),
       field<Phase>("ramp", Duration{true}, nothing,
                    "time in which driven quantities reach their levels, from the present ones"),
       field<Phase>(
           "for", Duration{}, [](Phase& phase, TimeNs time) { phase.duration = time; }, "duration of the phase"),
       field<Phase>("until", Formula{}, &Phase::until, "the phase ends at the first sample at which this holds"),
       field<Phase>(
           "limit", Duration{}, [](Phase& phase, TimeNs time) { phase.limit = time; },
           "longest time to wait for until; then the run is inconclusive"),
       field<Phase>("limit_is", Choice<bool>{{{"ok", true}}}, &Phase::limit_is_ok, "the phase may end at its limit"),
       field<Phase>(
           "voltage", voltage(), [](Phase& phase, double limit_V) { phase.voltage_V = limit_V; },
           "constant-voltage limit of the charger; else the pack profile's"),
       field<Phase>("charger", Choice<bool>{{{"connected", true}}}, &Phase::charger_connected,
                    "keeps a charger connected that delivers no current"),
       field<Phase>("send",
                    ListOf<Choice<DeviceCommand>>{{{{"enable", DeviceCommand::enable},
                                                    {"disable", DeviceCommand::disable},
                                                    {"clear_latched", DeviceCommand::clear_latched},
                                                    {"emergency_stop", DeviceCommand::emergency_stop},
                                                    {"reset", DeviceCommand::reset}}},
                                                  1},
                    &Phase::send, "commands to the device at the start of the phase"),
       field<Phase>("name", Text{"a name for reports"}, &Phase::label, "name of the phase in reports")},
      check_phase,
      phase_rules()};
  return table;
}

}  // namespace packbench::sim
