#include "sim/language/pack_profile_reader.h"

#include <algorithm>
#include <tuple>

#include "sim/language/cell_file_reader.h"
#include "sim/language/file_bytes.h"
#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

using File = PackProfileFile;
using models::CellParameters;

Amount resistance() { return {Dimension::resistance, "30 ohm", 0, 1e9, true}; }
Amount charge() { return {Dimension::charge, "100 Ah", 0, 1e5, true}; }

// A field that stores into a part of the file's struct: `part` gives the part.
template <class Part, class Type, class Member>
Field<File> inside(std::string key, Type type, Part part, Member member, std::string description,
                   Need need = Need::optional) {
  const auto store = [part, member](File& file, typename Type::value_type value) {
    using Target = std::remove_reference_t<decltype(part(file).*member)>;
    part(file).*member = static_cast<Target>(std::move(value));
  };
  return field<File>(std::move(key), std::move(type), store, std::move(description), need);
}

// A nested mapping that is read into the same struct.
struct Section {
  using value_type = std::function<void(File&)>;
  const FieldTable<File>& (*table)();

  std::string words() const { return table().what + ", a mapping"; }
  nlohmann::json schema() const { return object_schema(table().infos(), nlohmann::json::object()); }
  std::optional<value_type> read(const Value& value) const {
    return [rows = table, value](File& file) { read_fields(value, rows(), file); };
  }
};

void apply(File& file, const Section::value_type& section) { section(file); }

models::PackParameters& pack(File& file) { return file.profile.pack; }
models::Spread& spread(File& file) { return file.profile.pack.spread; }
PlantParameters& plant(File& file) { return file.profile.plant; }
SensingParameters& sensing(File& file) { return file.profile.sensing; }
PackCell& cell(File& file) { return file.cell; }

const FieldTable<File>& cell_fields() {
  using C = PackCell;
  static const auto name_file = [](File& file, std::string text, const Value& value) {
    file.cell.file = std::move(text);
    file.cell.file_mark = value.mark();
  };
  static const FieldTable<File> table{
      "the cell",
      {field<File>("file", Text{"a cell file, such as ../cells/lfp_sony26650/cell.yaml"}, name_file,
                   "the cell's file, relative to this one", Need::required),
       inside("capacity", charge(), cell, &C::capacity_Ah,
              "capacity of one cell; the file's electrodes are scaled to it as cells in parallel"),
       inside("mass_kg", number(1e-6, 1000, "1.95"), cell, &C::mass_kg, "mass of one cell, instead of the scaled one"),
       inside("specific_heat_J_per_kgK", number(1, 1e5, "1001"), cell, &C::specific_heat_J_per_kgK,
              "specific heat in J/(kg K), instead of the file's"),
       inside("surface_share", share(1e-3, 0.9), cell, &C::surface_share,
              "share of the heat capacity that follows the surface, instead of the file's"),
       inside("core_surface_W_per_K", number(1e-6, 1e5, "5"), cell, &C::core_surface_W_per_K,
              "from core to surface in W/K, instead of the scaled one"),
       inside("self_discharge", resistance(), cell, &C::self_discharge_ohm,
              "resistance across the electrodes, instead of the scaled one"),
       inside("coulomb_efficiency", share(0.5, 1), cell, &C::coulomb_efficiency,
              "charge stored per charge put in, instead of the file's")},
      {},
      {}};
  return table;
}

const FieldTable<File>& spread_fields() {
  using S = models::Spread;
  static const FieldTable<File> table{
      "the spread of cells",
      {inside("capacity", share(0, 0.5), spread, &S::capacity_sigma, "relative standard deviation of capacity"),
       inside("soc", share(0, 0.5), spread, &S::soc_sigma, "standard deviation of state of charge"),
       inside("resistance", share(0, 0.5), spread, &S::resistance_sigma, "relative standard deviation of resistance"),
       inside("correlation", number(-1, 1, "-0.5"), spread, &S::correlation, "of capacity and resistance, -1 to 1")},
      {},
      {}};
  return table;
}

const FieldTable<File>& thermal_fields() {
  using P = models::PackParameters;
  static const FieldTable<File> table{"the heat flow",
                                      {inside("neighbour_W_per_K", number(0, 1e4, "0.5"), pack, &P::neighbour_W_per_K,
                                              "between the surfaces of adjacent cells, in W/K"),
                                       inside("ambient_W_per_K", number(0, 1e4, "0.3"), pack, &P::ambient_W_per_K,
                                              "from the surface of each cell to ambient, in W/K"),
                                       inside("coolant_W_per_K", number(0, 1e4, "2"), pack, &P::coolant_W_per_K,
                                              "from the surface of each cell to the coolant, in W/K")},
                                      {},
                                      {}};
  return table;
}

const FieldTable<File>& contactor_fields() {
  static const auto set_all = [](double ContactorTiming::*member) {
    return [member](File& file, double value) {
      for (ContactorTiming* one : {&plant(file).main, &plant(file).charger, &plant(file).precharge})
        one->*member = value;
    };
  };
  using P = PlantParameters;
  static const FieldTable<File> table{
      "the contactors",
      {field<File>("pickup", seconds(0, 1), set_all(&ContactorTiming::pickup_s), "time to close"),
       field<File>("dropout", seconds(0, 1), set_all(&ContactorTiming::dropout_s), "time to open"),
       inside("feedback", seconds(0, 1), plant, &P::feedback_delay_s, "delay of the auxiliary contact")},
      {},
      {}};
  return table;
}

const FieldTable<File>& bus_fields() {
  using P = PlantParameters;
  static const FieldTable<File> table{
      "the load bus",
      {inside("precharge", resistance(), plant, &P::precharge_ohm, "precharge resistor"),
       inside("capacitance_F", number(1e-9, 10, "0.010"), plant, &P::bus_capacitance_F, "capacitance of the bus in F"),
       inside("bleed", resistance(), plant, &P::bus_bleed_ohm, "resistor that discharges the bus")},
      {},
      {}};
  return table;
}

const FieldTable<File>& charger_fields() {
  static const auto profile = [](File& file) -> PackProfile& { return file.profile; };
  static const FieldTable<File> table{
      "the limits",
      {field<File>("charge_voltage", voltage(), &File::charge_voltage_V,
                   "constant-voltage limit of the charger; else the cell's highest voltage times the cells"),
       inside("max_charge", magnitude_A(), profile, &PackProfile::max_charge_A, "largest charge current"),
       inside("max_discharge", magnitude_A(), profile, &PackProfile::max_discharge_A, "largest discharge current")},
      {},
      {}};
  return table;
}

const FieldTable<File>& sensing_fields() {
  using S = SensingParameters;
  const Amount kelvin{Dimension::temperature_difference, "0.1 K", 0, 100};
  const Amount amperes{Dimension::current, "50 mA", 0, 1e4};
  static const FieldTable<File> table{
      "the sensing",
      {inside("cell_lsb", voltage(0, 1), sensing, &S::cell_lsb_V, "step of the cell voltage reading"),
       inside("cell_gain_sigma", share(0, 0.1), sensing, &S::cell_gain_sigma, "standard deviation of the gain error"),
       inside("cell_gain_clip", share(0, 0.1), sensing, &S::cell_gain_clip, "largest gain error"),
       inside("cell_offset_sigma", voltage(0, 1), sensing, &S::cell_offset_sigma_V, "standard deviation of the offset"),
       inside("cell_offset_clip", voltage(0, 1), sensing, &S::cell_offset_clip_V, "largest offset"),
       inside("cell_noise", voltage(0, 1), sensing, &S::cell_noise_V, "noise, rms"),
       inside("pack_gain_max", share(0, 0.1), sensing, &S::pack_gain_max,
              "largest gain error of the pack and bus dividers"),
       inside("pack_noise", voltage(0, 10), sensing, &S::pack_noise_V, "noise of the dividers, rms"),
       inside("pack_lsb", voltage(0, 10), sensing, &S::pack_lsb_V, "step of the divider reading"),
       inside("current_offset_max", amperes, sensing, &S::current_offset_max_A, "largest offset of the shunt"),
       inside("current_gain_max", share(0, 0.1), sensing, &S::current_gain_max, "largest gain error of the shunt"),
       inside("current_noise", amperes, sensing, &S::current_noise_A, "noise of the shunt, rms"),
       inside("current_lsb", amperes, sensing, &S::current_lsb_A, "step of the current reading"),
       inside("current_range", magnitude_A(), sensing, &S::current_range_A, "reading is clipped here"),
       inside("temperatures", Integer{1, kMaxTemperatures}, sensing, &S::temperatures,
              "number of sensors, the last one on the board"),
       inside("ntc_beta_K", number(1000, 10000, "3435"), sensing, &S::ntc_beta_K, "beta of the thermistor in K"),
       inside("ntc_r25", resistance(), sensing, &S::ntc_r25_ohm, "resistance of the thermistor at 25 degC"),
       inside("ntc_pullup", resistance(), sensing, &S::ntc_pullup_ohm, "pull-up of the thermistor"),
       inside("ntc_bits", Integer{6, 24}, sensing, &S::ntc_bits, "resolution of its converter"),
       inside("temperature_tolerance", kelvin, sensing, &S::temperature_tolerance_K, "largest offset of a sensor"),
       inside("temperature_noise", kelvin, sensing, &S::temperature_noise_K, "noise of a sensor, rms"),
       inside("temperature_tau", seconds(0, 3600), sensing, &S::temperature_tau_s, "time constant of a sensor")},
      {},
      {}};
  return table;
}

// Takes `key` out of a mapping; where it stood, if it was there.
std::optional<Mark> taken(YamlNode& map, std::string_view key) {
  for (std::size_t i = 0; i < map.entries.size(); ++i) {
    if (map.entries[i].key != key) continue;
    const Mark mark = map.entries[i].mark;
    map.entries.erase(map.entries.begin() + static_cast<std::ptrdiff_t>(i));
    return mark;
  }
  return std::nullopt;
}

// Keys of the former way, in which the profile itself held the cell: each gets a problem that names the new way.
void refuse_former_keys(YamlNode& root, Problems& problems) {
  const auto refuse = [&](YamlNode& map, const std::string& prefix, const std::string& key, const std::string& now) {
    if (const auto mark = taken(map, key))
      problems.push_back({*mark, prefix + key, "the key '" + key + "' no longer stands here", now});
  };
  refuse(root, "", "capacity", "expected it in the cell, as cell: {file: ../cells/NAME/cell.yaml, capacity: 100 Ah}");
  for (YamlEntry& entry : root.entries) {
    if (entry.key != "cell") continue;
    const std::string now = "expected file: ../cells/NAME/cell.yaml; the cell file says ";
    refuse(entry.value, "cell.", "tables", now + "which tables and parameters the cell has");
    refuse(entry.value, "cell.", "tables_capacity", now + "the capacity of the cell that was measured");
    for (const char* key : {"r0_share", "r1_share", "r2_share", "tau1", "tau2"})
      refuse(entry.value, "cell.", key,
             now + "resistance: {total: ..., r0: {share: 60 %}, pairs: [{share: ..., tau: 5 s}]}");
    refuse(entry.value, "cell.", "hysteresis_soc", now + "hysteresis: {..., swing: 3 %}");
  }
}

// The cell of the file in the size that the profile asks for.
models::CellParameters sized(const CellFile& file, const PackCell& wanted) {
  const double measured_Ah = file.cell.capacity_Ah;
  const double capacity_Ah = wanted.capacity_Ah.value_or(measured_Ah);
  const double ratio = capacity_Ah / measured_Ah;
  models::CellParameters cell = file.cell;
  if (wanted.capacity_Ah) cell = models::scaled_to(std::move(cell), capacity_Ah);
  cell.mass_kg = wanted.mass_kg.value_or(file.cell.mass_kg * ratio);
  cell.core_surface_W_per_K = wanted.core_surface_W_per_K.value_or(file.cell.core_surface_W_per_K * ratio);
  cell.self_discharge_ohm = wanted.self_discharge_ohm.value_or(file.cell.self_discharge_ohm / ratio);
  cell.specific_heat_J_per_kgK = wanted.specific_heat_J_per_kgK.value_or(cell.specific_heat_J_per_kgK);
  cell.surface_share = wanted.surface_share.value_or(cell.surface_share);
  cell.coulomb_efficiency = wanted.coulomb_efficiency.value_or(cell.coulomb_efficiency);
  return cell;
}

void read_cell(const std::filesystem::path& pack_file, File& out, Problems& problems) {
  if (out.cell.file.empty()) return;
  auto read =
      read_cell_file((pack_file.parent_path() / out.cell.file).lexically_normal(), out.cell.file_mark, "cell.file");
  if (const auto* found = std::get_if<Problems>(&read)) {
    problems.insert(problems.end(), found->begin(), found->end());
    return;
  }
  PackProfile& profile = out.profile;
  profile.cell_file = std::move(std::get<CellFile>(read));
  profile.pack.cell = sized(profile.cell_file, out.cell);
  profile.charge_voltage_V = out.charge_voltage_V.value_or(profile.pack.cells * profile.cell_file.highest_V);
}

}  // namespace

const FieldTable<PackProfileFile>& pack_profile_fields() {
  static const auto name = [](File& file, std::string text) { file.profile.name = std::move(text); };
  using P = models::PackParameters;
  static const FieldTable<File> table{
      "a pack profile",
      {field<File>("pack_profile", Text{"the profile's name"}, name, "name, equal to the file's name", Need::required),
       inside("cells", Integer{1, kMaxCells}, pack, &P::cells, "cells, or groups of parallel cells, in series",
              Need::required),
       inside("parallel", Integer{1, 100}, pack, &P::parallel, "cells in each parallel group; 1 when not given"),
       field<File>("cell", Section{cell_fields}, apply, "the cell: its file and its size", Need::required),
       field<File>("spread", Section{spread_fields}, apply,
                   "differences between cells, drawn from the scenario's spread seed"),
       field<File>("thermal", Section{thermal_fields}, apply, "heat flow between cells, to ambient and to the coolant"),
       inside("bleed", resistance(), pack, &P::bleed_ohm, "bleed resistor of each cell or group"),
       inside("joint", Amount{Dimension::resistance, "0.1 mohm", 0, 1}, pack, &P::joint_ohm,
              "resistance of each cell's connection, in its sensed voltage"),
       field<File>("contactors", Section{contactor_fields}, apply, "timing of the contactors"),
       field<File>("bus", Section{bus_fields}, apply, "load bus and precharge"),
       field<File>("limits", Section{charger_fields}, apply, "charger voltage and largest currents"),
       field<File>("sensing", Section{sensing_fields}, apply, "errors of front end, shunt and temperature sensors")},
      {},
      {}};
  return table;
}

std::variant<PackProfile, Problems> read_pack_profile(const std::filesystem::path& file, const Mark& asked_by) {
  auto bytes = read_bytes(file, asked_by);
  if (auto* problem = std::get_if<Problem>(&bytes)) return Problems{*problem};
  auto tree = parse_yaml(std::get<std::string>(bytes), file.string());
  if (auto* problems = std::get_if<Problems>(&tree)) return *problems;
  ReadContext context;
  PackProfileFile out;
  refuse_former_keys(std::get<YamlNode>(tree), context.problems);
  read_fields(Value(std::get<YamlNode>(tree), "", context), pack_profile_fields(), out);
  read_cell(file, out, context.problems);
  if (!context.problems.empty()) {
    std::ranges::stable_sort(context.problems, [&](const Problem& a, const Problem& b) {
      const auto key = [&](const Problem& p) {
        return std::tuple(p.mark.file != file.string(), p.mark.file, p.mark.line, p.mark.column);
      };
      return key(a) < key(b);
    });
    return context.problems;
  }
  out.profile.sha256 = sha256_hex(std::get<std::string>(bytes) + out.profile.cell_file.sha256);
  return out.profile;
}

}  // namespace packbench::sim
