#include "sim/language/scenario_reader.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "sim/language/bms_profile_reader.h"
#include "sim/language/bms_profile_sections.h"
#include "sim/language/file_bytes.h"
#include "sim/language/pack_profile_reader.h"
#include "sim/language/scenario_fields.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;

void append(Problems& to, const Problems& from) { to.insert(to.end(), from.begin(), from.end()); }

// The value at a key, or the mapping itself when the key is not there: a place for problems about it.
Value at_key(const Value& value, std::string_view key) {
  const YamlEntry* entry = value.node().find(key);
  return entry == nullptr ? value : value.of(*entry);
}

template <class Profile, class Read>
std::optional<Profile> load(const std::string& kind, const std::string& name, const Value& section, Read read) {
  const Value where = at_key(section, "profile");
  ReadContext& context = section.context();
  const auto file = find_profile(kind, name, context.folder, context.data_dir, where.mark(), where.path());
  if (const auto* problem = std::get_if<Problem>(&file)) {
    context.problems.push_back(*problem);
    return std::nullopt;
  }
  auto profile = read(std::get<fs::path>(file), where.mark());
  if (auto* found = std::get_if<Profile>(&profile)) return std::move(*found);
  append(context.problems, std::get<Problems>(profile));
  return std::nullopt;
}

// A problem of the table at `changes`, where the scenario wrote it: at the changed key, and for the watch rules, whose
// values carry no mark of their own, at the section.
void put_where_changed(Problem& problem, std::string_view table, const Value& changes) {
  if (!problem.path.starts_with(table)) return;
  const std::string rest = problem.path.substr(table.size());  // ".cell_ov.trip"
  problem.mark = mark_at(changes.node(), std::string_view(rest).substr(1));
  problem.path = changes.path() + rest;
}

// Applies `bms: {set: ..., watch: ...}` and judges the changed profile as a whole.
void apply_changes(const ScenarioDraft& draft, ReadContext& context, BmsProfile& profile) {
  if (!draft.bms_set && !draft.bms_watch) return;
  const std::size_t before = context.problems.size();
  if (draft.bms_set) read_protections(*draft.bms_set, profile);
  if (draft.bms_watch) read_fields(*draft.bms_watch, bms_watch_fields(), profile.watch);
  if (context.problems.size() != before) return;
  for (Problem problem : inconsistencies(profile)) {
    if (draft.bms_set && problem.mark.file == draft.bms_set->mark().file)
      put_where_changed(problem, "protections", *draft.bms_set);
    if (draft.bms_watch) put_where_changed(problem, "watch", *draft.bms_watch);
    context.problems.push_back(std::move(problem));
  }
}

// Reads both profiles; where both are good, formulas, C-rates and windows can be read as well.
void resolve(const Value& root, ScenarioDraft& draft) {
  Scenario& scenario = draft.scenario;
  ReadContext& context = root.context();
  const Value pack_section = at_key(root, "pack"), bms_section = at_key(root, "bms");
  auto pack = load<PackProfile>("packs", scenario.pack.profile, pack_section, read_pack_profile);
  auto bms = load<BmsProfile>("bms", scenario.bms.profile, bms_section, read_bms_profile);
  if (bms) apply_changes(draft, context, *bms);
  if (pack && bms && pack->pack.cells != bms->cells)
    at_key(bms_section, "profile")
        .problem("the BMS profile '" + bms->name + "' is for " + std::to_string(bms->cells) + " cells",
                 "expected " + std::to_string(pack->pack.cells) + ", as in the pack profile '" + pack->name + "'");
  if (pack) scenario.pack_profile = std::move(*pack);
  if (bms) scenario.bms_profile = std::move(*bms);
  if (!pack || !bms) return;
  context.symbols = symbols_of(scenario.pack_profile, scenario.bms_profile, scenario.step);
  context.capacity_Ah = scenario.pack_profile.capacity_Ah();
  context.bms = &scenario.bms_profile;
  context.step = scenario.step;
}

Problems sorted(Problems problems, const std::string& first_file) {
  const auto key = [&](const Problem& p) {
    return std::tuple(p.mark.file != first_file, p.mark.file, p.mark.line, p.mark.column);
  };
  std::ranges::stable_sort(problems, [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
  return problems;
}

}  // namespace

SymbolTable symbols_of(const PackProfile& pack, const BmsProfile& bms, TimeNs step) {
  SymbolTable out(SignalLayout(pack.pack.cells, pack.sensing.temperatures));
  const auto add = [&](const std::string& name, double value, Dimension dimension) {
    if (!std::isnan(value)) out.constants.emplace_back(name, Quantity{value, dimension});
  };
  add("step", to_seconds(step), Dimension::time);
  add("pack.cells", pack.pack.cells, Dimension::one);
  add("pack.capacity", pack.capacity_Ah(), Dimension::charge);
  add("pack.max_charge", pack.max_charge_A, Dimension::current);
  add("pack.max_discharge", pack.max_discharge_A, Dimension::current);
  add("pack.charge_voltage", pack.charge_voltage_V, Dimension::voltage);
  add("bms.cells", bms.cells, Dimension::one);
  add("bms.capacity", bms.capacity_Ah, Dimension::charge);
  add("bms.comm_loss", bms.comm_loss_s, Dimension::time);
  add("bms.charge_limit", bms.charge_limit_A, Dimension::current);
  add("bms.discharge_limit", bms.discharge_limit_A, Dimension::current);
  add("bms.full_anchor.voltage", bms.full_anchor_V, Dimension::voltage);
  add("bms.empty_anchor.voltage", bms.empty_anchor_V, Dimension::voltage);
  add("bms.precharge.timeout", bms.precharge_timeout_s, Dimension::time);
  add("bms.precharge.delta", bms.precharge_delta_V, Dimension::voltage);
  for (const Protection& row : bms.protections) {
    const Dimension dimension = threshold_dimension(row.id).value_or(Dimension::one);
    const std::string prefix = "bms." + row.id;
    add(prefix + ".warn", row.warn, dimension);
    add(prefix + ".warn_delay", row.warn_delay_s, Dimension::time);
    add(prefix + ".trip", row.trip, dimension);
    add(prefix + ".delay", row.delay_s, Dimension::time);
    add(prefix + ".release", row.release, dimension);
    add(prefix + ".release_delay", row.release_delay_s, Dimension::time);
  }
  return out;
}

std::variant<Scenario, Problems> read_scenario_text(const std::string& text, const fs::path& file,
                                                    const std::vector<std::string>& overrides,
                                                    const fs::path& data_dir) {
  auto tree = parse_yaml(text, file.string());
  if (auto* problems = std::get_if<Problems>(&tree)) return sorted(*problems, file.string());
  YamlNode& root = std::get<YamlNode>(tree);
  ReadContext context;
  context.folder = file.parent_path();
  context.data_dir = data_dir;
  for (const std::string& assignment : overrides) append(context.problems, apply_override(root, assignment));
  ScenarioDraft draft;
  draft.scenario.file = file;
  draft.scenario.sha256 = sha256_hex(text);
  const Value value(root, "", context);
  const FieldTable<ScenarioDraft>& table = scenario_fields();
  if (check_keys(value, table.what, table.infos())) {
    read_stage(value, table, Stage::early, draft);
    resolve(value, draft);
    read_stage(value, table, Stage::late, draft);
    table.check(value, draft);
  }
  if (!context.problems.empty()) return sorted(std::move(context.problems), file.string());
  return std::move(draft.scenario);
}

std::variant<Scenario, Problems> read_scenario(const fs::path& file, const std::vector<std::string>& overrides,
                                               const fs::path& data_dir) {
  const auto bytes = read_bytes(file);
  if (const auto* problem = std::get_if<Problem>(&bytes)) return Problems{*problem};
  return read_scenario_text(std::get<std::string>(bytes), file, overrides, data_dir);
}

}  // namespace packbench::sim
