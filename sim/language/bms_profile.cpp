#include "sim/language/bms_profile.h"

#include <algorithm>
#include <cmath>

#include "sim/spelling.h"

namespace packbench::sim {
namespace {

struct ProtectionKind {
  std::string_view id;
  Dimension dimension;
  bool under;
};

constexpr ProtectionKind kKinds[] = {
    {"cell_ov", Dimension::voltage, false},       {"cell_ov_hard", Dimension::voltage, false},
    {"cell_uv", Dimension::voltage, true},        {"cell_uv_hard", Dimension::voltage, true},
    {"deep_discharge", Dimension::voltage, true}, {"pack_ov", Dimension::voltage, false},
    {"pack_uv", Dimension::voltage, true},        {"occ1", Dimension::current, false},
    {"occ2", Dimension::current, false},          {"ocd1", Dimension::current, false},
    {"ocd2", Dimension::current, false},          {"short", Dimension::current, false},
    {"otc", Dimension::temperature, false},       {"utc", Dimension::temperature, true},
    {"otd", Dimension::temperature, false},       {"utd", Dimension::temperature, true},
    {"ot_hard", Dimension::temperature, false},   {"t_spread", Dimension::temperature_difference, false},
    {"pcb_ot", Dimension::temperature, false},    {"imbalance", Dimension::voltage, false},
    {"sum_mismatch", Dimension::voltage, false},  {"v_stuck", Dimension::one, false},
    {"i_stuck", Dimension::one, false},           {"frame_errors", Dimension::one, false},
};

const ProtectionKind* kind_of(std::string_view id) {
  for (const ProtectionKind& kind : kKinds)
    if (kind.id == id) return &kind;
  return nullptr;
}

// Collects problems of one profile, at the row they belong to.
class Judge {
 public:
  explicit Judge(const BmsProfile& profile) : profile_(profile) {}

  void row(const Protection& row);
  void pair(std::string_view soft, std::string_view hard);
  void pack_against_cells(std::string_view pack, std::string_view cell, std::string_view hard);
  void ocv();
  void scalars();
  void watch();

  Problems problems;

 private:
  void at(const Protection& row, const std::string& key, std::string what, std::string expected) {
    const Mark mark = row.mark.file.empty() ? profile_.mark : row.mark;
    problems.push_back(
        {mark, "protections." + row.id + (key.empty() ? "" : "." + key), std::move(what), std::move(expected)});
  }
  void profile_problem(std::string path, std::string what, std::string expected) {
    problems.push_back({profile_.mark, std::move(path), std::move(what), std::move(expected)});
  }
  // Whether `outer` lies strictly beyond `inner` in the direction of the trip; true when one does not exist.
  static bool beyond(double outer, double inner, bool under) {
    if (std::isnan(outer) || std::isnan(inner)) return true;
    return under ? outer < inner : outer > inner;
  }

  const BmsProfile& profile_;
};

std::string text(double value, Dimension dimension) { return quantity_text({value, dimension}); }

void Judge::row(const Protection& row) {
  const ProtectionKind* kind = kind_of(row.id);
  if (kind == nullptr) {
    at(row, "", "unknown protection '" + row.id + "'", expected_one_of(row.id, protection_ids()));
    return;
  }
  const auto shown = [&](double value) { return text(value, kind->dimension); };
  const std::string side = kind->under ? "above" : "below";
  if (std::isnan(row.trip)) at(row, "trip", "there is no trip threshold", "expected one");
  if (!beyond(row.trip, row.warn, kind->under))
    at(row, "warn", "warn " + shown(row.warn) + " is not " + side + " trip " + shown(row.trip),
       "expected a warning strictly before the trip");
  if (!beyond(row.trip, row.release, kind->under))
    at(row, "release", "release " + shown(row.release) + " is not " + side + " trip " + shown(row.trip),
       "expected a release strictly inside the trip");
  if (!(row.delay_s >= 0))
    at(row, "delay", "the delay is " + text(row.delay_s, Dimension::time), "expected zero or more");
  if (!(row.release_delay_s >= 0))
    at(row, "release_delay", "the delay is " + text(row.release_delay_s, Dimension::time), "expected zero or more");
  if (!(row.warn_delay_s >= 0))
    at(row, "warn_delay", "the delay is " + text(row.warn_delay_s, Dimension::time), "expected zero or more");
  if (!row.latched && std::isnan(row.release))
    at(row, "release", "there is no release threshold", "expected one, or latched: true");
}

void Judge::pair(std::string_view soft, std::string_view hard) {
  const Protection *a = profile_.find(soft), *b = profile_.find(hard);
  if (a == nullptr || b == nullptr) return;
  const ProtectionKind kind = *kind_of(soft);
  if (beyond(b->trip, a->trip, kind.under)) return;
  // At the row that a scenario changed, where only one of the two was.
  const bool at_soft = a->mark.file != profile_.mark.file && b->mark.file == profile_.mark.file;
  const Protection &here = at_soft ? *a : *b, &other = at_soft ? *b : *a;
  at(here, "trip",
     "trip " + text(here.trip, kind.dimension) + " is not " + (kind.under == at_soft ? "above" : "below") +
         " the trip " + text(other.trip, kind.dimension) + " of " + other.id,
     "expected the harder level strictly beyond the softer one");
}

void Judge::pack_against_cells(std::string_view pack_id, std::string_view cell_id, std::string_view hard_id) {
  const Protection *pack = profile_.find(pack_id), *cell = profile_.find(cell_id), *hard = profile_.find(hard_id);
  if (pack == nullptr || cell == nullptr || hard == nullptr) return;
  const double from = profile_.cells * (std::isnan(cell->warn) ? cell->trip : cell->warn);
  const double to = profile_.cells * hard->trip;
  const double low = std::min(from, to), high = std::max(from, to);
  if (pack->trip >= low && pack->trip <= high) return;
  const std::string cells = std::to_string(profile_.cells) + " cells";
  at(*pack, "trip", "trip " + text(pack->trip, Dimension::voltage) + " does not fit " + cells,
     "expected " + text(low, Dimension::voltage) + " to " + text(high, Dimension::voltage) + ", from the warning of " +
         std::string(cell_id) + " to the trip of " + std::string(hard_id) + " times " + cells);
}

void Judge::ocv() {
  const auto& table = profile_.ocv_by_soc;
  if (table.size() < 2) {
    profile_problem("ocv", "the table has " + std::to_string(table.size()) + " points", "expected at least 2");
    return;
  }
  if (table.front().first != 0 || table.back().first != 1)
    profile_problem("ocv", "the table does not reach from 0 % to 100 %", "expected 0 % first and 100 % last");
  for (std::size_t i = 1; i < table.size(); ++i)
    if (!(table[i].first > table[i - 1].first) || !(table[i].second > table[i - 1].second))
      profile_problem("ocv[" + std::to_string(i) + "]", "the point does not rise above the one before it",
                      "expected SOC and voltage strictly increasing");
}

void Judge::scalars() {
  if (profile_.cells < 1 || profile_.cells > 24)
    profile_problem("cells", std::to_string(profile_.cells) + " cells", "expected 1 to 24");
  const auto positive = [&](const char* path, double value) {
    if (!(value > 0)) profile_problem(path, "the value is " + text(value, Dimension::one), "expected more than 0");
  };
  positive("capacity", profile_.capacity_Ah);
  positive("comm_loss", profile_.comm_loss_s);
  positive("precharge.timeout", profile_.precharge_timeout_s);
  positive("precharge.delta", profile_.precharge_delta_V);
  positive("full_anchor.voltage", profile_.full_anchor_V);
  positive("empty_anchor.voltage", profile_.empty_anchor_V);
  const Protection* cell_ov = profile_.find("cell_ov");
  if (cell_ov != nullptr && profile_.full_anchor_V >= cell_ov->trip)
    profile_problem("full_anchor.voltage",
                    text(profile_.full_anchor_V, Dimension::voltage) + " is not below the trip of cell_ov",
                    "expected less than " + text(cell_ov->trip, Dimension::voltage));
}

void Judge::watch() {
  const BmsWatch& w = profile_.watch;
  const auto positive = [&](const char* key, double value, Dimension dimension) {
    if (!(value > 0))
      profile_problem(std::string("watch.") + key, "the value is " + text(value, dimension), "expected more than 0");
  };
  if (!(w.plateau_low_V < w.plateau_high_V))
    profile_problem("watch.plateau_high", text(w.plateau_high_V, Dimension::voltage) + " is not above plateau_low",
                    "expected more than " + text(w.plateau_low_V, Dimension::voltage));
  if (!(w.still_current_A < w.step_current_A))
    profile_problem("watch.still_current", text(w.still_current_A, Dimension::current) + " is not below step_current",
                    "expected less than " + text(w.step_current_A, Dimension::current));
  if (!(w.still_voltage_V < w.step_voltage_V))
    profile_problem("watch.still_voltage", text(w.still_voltage_V, Dimension::voltage) + " is not below step_voltage",
                    "expected less than " + text(w.step_voltage_V, Dimension::voltage));
  positive("runaway_time", w.runaway_time_s, Dimension::time);
  positive("weld_current", w.weld_current_A, Dimension::current);
  if (w.fuse_wait_s < profile_.zero_current_wait_s)
    profile_problem("watch.fuse_wait", text(w.fuse_wait_s, Dimension::time) + " is shorter than zero_current_wait",
                    "expected at least " + text(profile_.zero_current_wait_s, Dimension::time));
  const Protection* imbalance = profile_.find("imbalance");
  if (imbalance != nullptr && !beyond(imbalance->trip, w.imbalance_loaded_warn_V, false))
    profile_problem("watch.imbalance_loaded_warn",
                    text(w.imbalance_loaded_warn_V, Dimension::voltage) + " is not below the trip of imbalance",
                    "expected less than " + text(imbalance->trip, Dimension::voltage));
}

}  // namespace

const Protection* BmsProfile::find(std::string_view id) const {
  const auto found = std::ranges::find(protections, id, &Protection::id);
  return found == protections.end() ? nullptr : &*found;
}

std::vector<std::string> protection_ids() {
  std::vector<std::string> out;
  for (const ProtectionKind& kind : kKinds) out.emplace_back(kind.id);
  return out;
}

std::optional<Dimension> threshold_dimension(std::string_view id) {
  const ProtectionKind* kind = kind_of(id);
  return kind == nullptr ? std::nullopt : std::optional(kind->dimension);
}

bool is_under_protection(std::string_view id) {
  const ProtectionKind* kind = kind_of(id);
  return kind != nullptr && kind->under;
}

Problems inconsistencies(const BmsProfile& profile) {
  Judge judge(profile);
  for (const Protection& row : profile.protections) judge.row(row);
  judge.pair("cell_ov", "cell_ov_hard");
  judge.pair("cell_uv", "cell_uv_hard");
  judge.pair("cell_uv_hard", "deep_discharge");
  judge.pair("occ1", "occ2");
  judge.pair("ocd1", "ocd2");
  judge.pair("occ2", "short");
  judge.pair("ocd2", "short");
  judge.pair("otc", "otd");
  judge.pair("utc", "utd");
  judge.pair("otd", "ot_hard");
  judge.pack_against_cells("pack_ov", "cell_ov", "cell_ov_hard");
  judge.pack_against_cells("pack_uv", "cell_uv", "cell_uv_hard");
  judge.ocv();
  judge.scalars();
  judge.watch();
  return judge.problems;
}

}  // namespace packbench::sim
