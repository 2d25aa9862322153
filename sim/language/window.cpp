#include "sim/language/window.h"

#include <algorithm>

#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

constexpr std::string_view kFromDelay = "from protection delay";

std::string seconds_text(double time_s) { return time_text(to_ns(time_s)); }

std::string trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

// One term of a sum, for the window and for its words.
struct Term {
  std::string name;
  double time_s;
};

double sum(const std::vector<Term>& terms) {
  double out = 0;
  for (const Term& term : terms) out += term.time_s;
  return out;
}

std::string shown(const std::vector<Term>& terms) {
  std::string out;
  for (const Term& term : terms) {
    const bool minus = term.time_s < 0;
    if (!out.empty()) out += minus ? " - " : " + ";
    out += term.name + " " + seconds_text(minus ? -term.time_s : term.time_s);
  }
  return out;
}

Window window_of(const std::string& text, const std::vector<Term>& earliest, const std::vector<Term>& latest) {
  Window out;
  out.earliest = std::max<TimeNs>(0, to_ns(sum(earliest)));
  out.latest = to_ns(sum(latest));
  const std::string from = sum(earliest) > 0 ? shown(earliest) + " = " : "";
  out.source = text + ": not before " + from + time_text(out.earliest) + ", not after " + shown(latest) + " = " +
               time_text(out.latest);
  return out;
}

// "trip(cell_ov, from protection delay)"
struct Call {
  std::string function, protection, option;
};

std::optional<Call> split_call(const std::string& text) {
  const std::size_t open = text.find('(');
  if (open == std::string::npos || text.back() != ')') return std::nullopt;
  const std::string inside = text.substr(open + 1, text.size() - open - 2);
  const std::size_t comma = inside.find(',');
  const std::string option = comma == std::string::npos ? "" : trim(inside.substr(comma + 1));
  return Call{trim(text.substr(0, open)), trim(inside.substr(0, comma)), option};
}

// The profile's limit of silence is for measurements every 100 ms or faster; it grows with a slower step.
double comm_loss_s(const BmsProfile& bms, double step_s) { return bms.comm_loss_s * std::max(step_s / 0.1, 1.0); }

// What the profile says about a protection; comm_loss has its delay only.
std::optional<Protection> protection_of(const Value& value, const std::string& id) {
  const BmsProfile& bms = *value.context().bms;
  if (const Protection* row = bms.find(id)) return *row;
  if (id == "comm_loss") {
    Protection row;
    row.id = id;
    row.delay_s = comm_loss_s(bms, to_seconds(value.context().step));
    return row;
  }
  std::vector<std::string> known;
  for (const Protection& row : bms.protections) known.push_back(row.id);
  known.emplace_back("comm_loss");
  value.problem("the BMS profile has no protection '" + id + "'", expected_one_of(id, known));
  return std::nullopt;
}

Window trip_window(const std::string& text, const Protection& row, const BmsProfile& bms, double step_s,
                   bool from_delay) {
  std::vector<Term> earliest, latest;
  if (!from_delay) {
    earliest = {{"delay", row.delay_s}, {"step", -step_s}};
    latest = {{"delay", row.delay_s}};
  }
  latest.push_back({"two steps", 2 * step_s});
  latest.push_back({"task", bms.task_s});
  latest.push_back({"contactor", bms.contactor_s});
  // A lost line opens at once, as latched rows do.
  if (!row.latched && row.id != "comm_loss") latest.push_back({"zero-current wait", bms.zero_current_wait_s});
  return window_of(text, earliest, latest);
}

Window release_window(const std::string& text, const Protection& row, const BmsProfile& bms, double step_s) {
  const Term delay{"release delay", row.release_delay_s};
  return window_of(text, {delay, {"step", -step_s}},
                   {delay, {"two steps", 2 * step_s}, {"task", bms.task_s}, {"contactor", bms.contactor_s}});
}

std::optional<Window> derived(const Value& value, const Call& call) {
  const std::string& text = value.node().text;
  const bool trip = call.function == "trip";
  if (!trip && call.function != "release") {
    value.problem("unknown window '" + call.function + "'", expected_one_of(call.function, {"trip", "release"}));
    return std::nullopt;
  }
  if (!call.option.empty() && !(trip && call.option == kFromDelay)) {
    value.problem("unknown option '" + call.option + "'",
                  "expected none, or '" + std::string(kFromDelay) + "' in a trip");
    return std::nullopt;
  }
  if (value.context().bms == nullptr) return std::nullopt;  // the profile has problems of its own
  const auto row = protection_of(value, call.protection);
  if (!row) return std::nullopt;
  const double step_s = to_seconds(value.context().step);
  if (trip) return trip_window(text, *row, *value.context().bms, step_s, !call.option.empty());
  if (!row->latched && row->id != "comm_loss") return release_window(text, *row, *value.context().bms, step_s);
  value.problem("the protection '" + row->id + "' has no release delay in the profile",
                "expected a protection that releases by itself");
  return std::nullopt;
}

std::optional<Window> pair_of_times(const Value& value) {
  const auto times = ListOf<Duration>{Duration{true}}.read(value);
  if (!times || times->size() != value.node().items.size()) return std::nullopt;
  if (times->size() != 2 || (*times)[1] <= (*times)[0]) {
    value.problem("this is no window", "expected two times, the earliest and a later latest, such as [1.9 s, 2.5 s]");
    return std::nullopt;
  }
  return Window{(*times)[0], (*times)[1], value.item(0).node().text + " to " + value.item(1).node().text};
}

}  // namespace

nlohmann::json WindowType::schema() const {
  const nlohmann::json time = quantity_schema({Dimension::time});
  const nlohmann::json call = {{"type", "string"},
                               {"pattern", "^(trip|release)\\([a-z0-9_]+(, *from protection delay)?\\)$"}};
  const nlohmann::json pair = {{"type", "array"}, {"items", time}, {"minItems", 2}, {"maxItems", 2}};
  return {{"oneOf", {time, call, pair}}};
}

std::optional<Window> WindowType::read(const Value& value) const {
  if (value.is(YamlNode::Kind::list)) return pair_of_times(value);
  if (value.is(YamlNode::Kind::scalar))
    if (const auto call = split_call(value.node().text)) return derived(value, *call);
  const auto quantity = read_quantity(value, {Dimension::time}, words());
  if (!quantity) return std::nullopt;
  const auto latest = Duration{}.read(value);
  return latest ? std::optional(Window{0, *latest, value.node().text}) : std::nullopt;
}

}  // namespace packbench::sim
