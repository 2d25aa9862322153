#include "sim/language/bms_profile_reader.h"

#include <algorithm>

#include "sim/language/bms_profile_sections.h"
#include "sim/language/file_bytes.h"

namespace packbench::sim {
namespace {

Choice<TripAction> opens() {
  return {{{"none", TripAction::none},
           {"charger", TripAction::open_charger},
           {"main", TripAction::open_main},
           {"both", TripAction::open_both}}};
}

Amount threshold(Dimension dimension) {
  if (dimension == Dimension::one) return number(0, 1000, "10 %");
  if (dimension == Dimension::temperature_difference) return {dimension, "10 K", 0, 200};
  if (dimension == Dimension::voltage) return voltage();
  if (dimension == Dimension::current) return magnitude_A();
  return temperature();
}

FieldTable<Protection> make_protection_fields(Dimension dimension) {
  const auto level = [&](std::string key, double Protection::*member, std::string description) {
    return field<Protection>(std::move(key), threshold(dimension), member, std::move(description));
  };
  return {
      "a protection",
      {level("warn", &Protection::warn, "level of the warning"), level("trip", &Protection::trip, "level of the trip"),
       field<Protection>("warn_delay", seconds(0, 3600), &Protection::warn_delay_s,
                         "how long that must be exceeded for a warning"),
       field<Protection>("delay", seconds(0, 3600), &Protection::delay_s, "how long the level must be exceeded"),
       level("release", &Protection::release, "level at which the fault may go"),
       field<Protection>("release_delay", seconds(0, 3600), &Protection::release_delay_s,
                         "how long it must be held for that"),
       field<Protection>("latched", Flag{}, &Protection::latched, "stays until an explicit reset"),
       field<Protection>("opens", opens(), &Protection::action, "contactors that the trip opens")},
      {},
      {}};
}

const FieldTable<Protection>& protection_fields(Dimension dimension) {
  static const FieldTable<Protection> counts = make_protection_fields(Dimension::one);
  static const FieldTable<Protection> differences = make_protection_fields(Dimension::temperature_difference);
  static const FieldTable<Protection> voltages = make_protection_fields(Dimension::voltage);
  static const FieldTable<Protection> currents = make_protection_fields(Dimension::current);
  static const FieldTable<Protection> temperatures = make_protection_fields(Dimension::temperature);
  if (dimension == Dimension::one) return counts;
  if (dimension == Dimension::temperature_difference) return differences;
  if (dimension == Dimension::voltage) return voltages;
  return dimension == Dimension::current ? currents : temperatures;
}

// The rows as a type of value.
struct Protections {
  using value_type = std::vector<Protection>;
  std::string words() const { return "the protection table, a mapping from protection to its levels"; }
  nlohmann::json schema() const { return protections_schema(); }
  std::optional<value_type> read(const Value& value) const {
    BmsProfile rows;
    read_protections(value, rows);
    return rows.protections;
  }
};

// A list of [SOC, voltage] pairs.
struct OcvPoint {
  using value_type = std::pair<double, double>;
  std::string words() const { return "a pair of state of charge and voltage, such as [50 %, 3.30 V]"; }
  nlohmann::json schema() const {
    const nlohmann::json pair = {share().schema(), voltage(0, 5).schema()};
    return {{"type", "array"}, {"prefixItems", pair}, {"minItems", 2}, {"maxItems", 2}};
  }
  std::optional<value_type> read(const Value& value) const {
    if (!value.is(YamlNode::Kind::list) || value.node().items.size() != 2) {
      value.wrong_type(words());
      return std::nullopt;
    }
    const auto soc = share().read(value.item(0));
    const auto ocv_V = voltage(0, 5).read(value.item(1));
    if (!soc || !ocv_V) return std::nullopt;
    return std::pair(*soc, *ocv_V);
  }
};

using P = BmsProfile;

template <class Store>
auto number_into(Store member) {
  return [member](P& profile, std::int64_t value) { profile.*member = static_cast<int>(value); };
}

const FieldTable<P>& full_anchor_fields() {
  static const FieldTable<P> table{
      "the full anchor",
      {field<P>("voltage", voltage(0, 5), &P::full_anchor_V, "cell voltage from which the pack may count as full"),
       field<P>("max_current", magnitude_A(), &P::full_anchor_max_A, "only while charging with at most this"),
       field<P>("time", seconds(0, 3600), &P::full_anchor_s, "and for this long")},
      {},
      {}};
  return table;
}

const FieldTable<P>& empty_anchor_fields() {
  static const FieldTable<P> table{
      "the empty anchor",
      {field<P>("voltage", voltage(0, 5), &P::empty_anchor_V, "cell voltage at which the pack counts as empty"),
       field<P>("max_current", magnitude_A(), &P::empty_anchor_max_A, "only while the current is at most this")},
      {},
      {}};
  return table;
}

const FieldTable<P>& precharge_fields() {
  static const FieldTable<P> table{
      "the precharge",
      {field<P>("timeout", seconds(0, 60), &P::precharge_timeout_s, "one try may take this long"),
       field<P>("delta", voltage(0, 60), &P::precharge_delta_V, "bus counts as charged within this of the pack"),
       field<P>("tries", Integer{1, 100}, number_into(&P::precharge_tries), "then the fault latches"),
       field<P>("pause", seconds(0, 600), &P::precharge_pause_s, "between two tries")},
      {},
      {}};
  return table;
}

const FieldTable<P>& timing_fields() {
  static const FieldTable<P> table{
      "the timing",
      {field<P>("task", seconds(0, 1), &P::task_s, "period of the device's task"),
       field<P>("contactor", seconds(0, 1), &P::contactor_s, "longest time of a contactor to move"),
       field<P>("zero_current_wait", seconds(0, 10), &P::zero_current_wait_s,
                "wait for zero current before a soft trip opens"),
       field<P>("feedback", seconds(0, 10), &P::feedback_delay_s, "after this a contactor's feedback must agree")},
      {},
      {}};
  return table;
}

// A nested mapping with a struct of its own in the profile.
template <class Part>
struct PartSection {
  using value_type = std::function<void(P&)>;
  const FieldTable<Part>& (*table)();
  Part P::*part;
  std::string words() const { return table().what + ", a mapping"; }
  nlohmann::json schema() const { return object_schema(table().infos(), {}); }
  std::optional<value_type> read(const Value& value) const {
    return [this_table = table, member = part, value](P& p) { read_fields(value, this_table(), p.*member); };
  }
};

// A nested mapping whose keys are members of the profile itself.
struct Section {
  using value_type = std::function<void(P&)>;
  const FieldTable<P>& (*table)();
  std::string words() const { return table().what + ", a mapping"; }
  nlohmann::json schema() const { return object_schema(table().infos(), {}); }
  std::optional<value_type> read(const Value& value) const {
    return [this_table = table, value](P& p) { read_fields(value, this_table(), p); };
  }
};

void apply(P& profile, const Section::value_type& section) { section(profile); }

}  // namespace

const FieldTable<BmsProfile>& bms_profile_fields() {
  static const FieldTable<P> table{
      "a BMS profile",
      {field<P>("bms_profile", Text{"the profile's name"}, &P::name, "name, equal to the file's name", Need::required),
       field<P>("version", Integer{1, 65535}, number_into(&P::version), "version of the table"),
       field<P>("cells", Integer{1, 24}, number_into(&P::cells), "cells in series", Need::required),
       field<P>("capacity", Amount{Dimension::charge, "100 Ah", 0.001, 1e5}, &P::capacity_Ah, "nominal capacity",
                Need::required),
       field<P>("protections", Protections{}, &P::protections, "thresholds, delays and actions", Need::required),
       field<P>("ocv", ListOf<OcvPoint>{{}, 2}, &P::ocv_by_soc, "open-circuit voltage over state of charge",
                Need::required),
       field<P>("full_anchor", Section{full_anchor_fields}, apply, "when the state of charge is set to full"),
       field<P>("empty_anchor", Section{empty_anchor_fields}, apply, "when the state of charge is set to empty"),
       field<P>("precharge", Section{precharge_fields}, apply, "how the bus is precharged"),
       field<P>("watch", PartSection<BmsWatch>{bms_watch_fields, &P::watch}, apply,
                "what is watched besides the protections, and exceptions from them"),
       field<P>("charge", PartSection<BmsCharge>{bms_charge_fields, &P::charge}, apply,
                "the cell model behind the state of charge, and balancing"),
       field<P>("timing", Section{timing_fields}, apply, "timing budget of a trip"),
       field<P>("comm_loss", seconds(0.001, 60), &P::comm_loss_s, "without measurements for this long: fault"),
       field<P>("charge_limit", magnitude_A(), &P::charge_limit_A, "charge current that the device allows"),
       field<P>("discharge_limit", magnitude_A(), &P::discharge_limit_A, "discharge current that the device allows")},
      {},
      {}};
  return table;
}

nlohmann::json protections_schema() {
  nlohmann::json properties = nlohmann::json::object();
  for (const std::string& id : protection_ids())
    properties[id] = object_schema(protection_fields(*threshold_dimension(id)).infos(), nlohmann::json::object());
  return {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
}

void read_protections(const Value& value, BmsProfile& profile) {
  if (!value.is(YamlNode::Kind::map)) {
    value.wrong_type("a mapping from protection to its levels");
    return;
  }
  for (const YamlEntry& entry : value.node().entries) {
    const auto dimension = threshold_dimension(entry.key);
    if (!dimension) {
      value.of(entry).problem_at(entry.mark, "unknown protection '" + entry.key + "'",
                                 expected_one_of(entry.key, protection_ids()));
      continue;
    }
    auto row = std::ranges::find(profile.protections, entry.key, &Protection::id);
    if (row == profile.protections.end())
      row = profile.protections.insert(row, Protection{.id = entry.key, .mark = {}});
    row->mark = entry.mark;
    read_fields(value.of(entry), protection_fields(*dimension), *row);
  }
}

std::variant<BmsProfile, Problems> read_bms_profile(const std::filesystem::path& file, const Mark& asked_by) {
  auto bytes = read_bytes(file, asked_by);
  if (auto* problem = std::get_if<Problem>(&bytes)) return Problems{*problem};
  auto tree = parse_yaml(std::get<std::string>(bytes), file.string());
  if (auto* problems = std::get_if<Problems>(&tree)) return *problems;
  const YamlNode& root = std::get<YamlNode>(tree);
  ReadContext context;
  BmsProfile profile;
  profile.sha256 = sha256_hex(std::get<std::string>(bytes));
  profile.mark = root.mark;
  read_fields(Value(root, "", context), bms_profile_fields(), profile);
  if (context.problems.empty()) {
    context.problems = inconsistencies(profile);
    for (Problem& problem : context.problems) problem.mark = mark_at(root, problem.path);
  }
  if (!context.problems.empty()) return context.problems;
  return profile;
}

}  // namespace packbench::sim
