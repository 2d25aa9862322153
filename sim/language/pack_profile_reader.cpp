#include "sim/language/pack_profile_reader.h"

#include <stdexcept>

#include "sim/language/cell_tables.h"
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

CellParameters& cell(File& file) { return file.profile.pack.cell; }
ResistanceShares& shares(File& file) { return file.shares; }
models::PackParameters& pack(File& file) { return file.profile.pack; }
models::Spread& spread(File& file) { return file.profile.pack.spread; }
PlantParameters& plant(File& file) { return file.profile.plant; }
SensingParameters& sensing(File& file) { return file.profile.sensing; }

const FieldTable<File>& cell_fields() {
  using C = CellParameters;
  static const FieldTable<File> table{
      "the cell",
      {field<File>(
           "tables", Text{"a folder with the cell's measured tables"},
           [](File& file, std::string text, const Value& value) {
             file.tables = std::move(text);
             file.tables_mark = value.mark();
           },
           "folder of OCV, resistance, hysteresis and entropy tables, relative to this file", Need::required),
       field<File>("tables_capacity", charge(), &File::tables_capacity_Ah, "capacity of the cell that was measured",
                   Need::required),
       inside("coulomb_efficiency", share(0.5, 1), cell, &C::coulomb_efficiency, "charge stored per charge put in"),
       inside("r0_share", share(), shares, &ResistanceShares::r0, "share of the total resistance that acts at once"),
       inside("r1_share", share(), shares, &ResistanceShares::first,
              "share that settles within the first time constant"),
       inside("r2_share", share(), shares, &ResistanceShares::second,
              "share that settles within the second time constant"),
       inside("tau1", seconds(1e-3, 1e5), shares, &ResistanceShares::tau1_s, "first time constant"),
       inside("tau2", seconds(1e-3, 1e6), shares, &ResistanceShares::tau2_s, "second time constant"),
       inside("hysteresis_soc", share(1e-4, 1), cell, &C::hysteresis_soc,
              "SOC swing after which 1/e of the old branch is left"),
       inside("mass_kg", number(0.001, 1000, "1.95"), cell, &C::mass_kg, "mass of one cell in kg"),
       inside("specific_heat_J_per_kgK", number(1, 1e5, "1001"), cell, &C::specific_heat_J_per_kgK,
              "specific heat in J/(kg K)")},
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
       inside("resistance", share(0, 0.5), spread, &S::resistance_sigma, "relative standard deviation of resistance")},
      {},
      {}};
  return table;
}

const FieldTable<File>& thermal_fields() {
  using P = models::PackParameters;
  static const FieldTable<File> table{"the heat flow",
                                      {inside("neighbour_W_per_K", number(0, 1e4, "0.5"), pack, &P::neighbour_W_per_K,
                                              "between adjacent cells, in W/K"),
                                       inside("ambient_W_per_K", number(0, 1e4, "0.3"), pack, &P::ambient_W_per_K,
                                              "from each cell to ambient, in W/K")},
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
      {inside("charge_voltage", voltage(), profile, &PackProfile::charge_voltage_V,
              "constant-voltage limit of the charger"),
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

void check_shares(const Value& value, File& file) {
  const double sum = file.shares.r0 + file.shares.first + file.shares.second;
  if (sum > 1 - 1e-9 && sum < 1 + 1e-9) return;
  value.problem("r0_share, r1_share and r2_share of the cell add up to " + quantity_text({sum, Dimension::one}),
                "expected 1");
}

}  // namespace

const FieldTable<PackProfileFile>& pack_profile_fields() {
  static const auto name = [](File& file, std::string text) { file.profile.name = std::move(text); };
  static const FieldTable<File> table{
      "a pack profile",
      {field<File>("pack_profile", Text{"the profile's name"}, name, "name, equal to the file's name", Need::required),
       inside("cells", Integer{1, kMaxCells}, pack, &models::PackParameters::cells, "cells in series", Need::required),
       inside("capacity", charge(), cell, &CellParameters::capacity_Ah, "capacity of a cell", Need::required),
       field<File>("cell", Section{cell_fields}, apply, "the cell's tables and parameters", Need::required),
       field<File>("spread", Section{spread_fields}, apply,
                   "differences between cells, drawn from the scenario's spread seed"),
       field<File>("thermal", Section{thermal_fields}, apply, "heat flow between cells and to ambient"),
       inside("bleed", resistance(), pack, &models::PackParameters::bleed_ohm, "bleed resistor of each cell"),
       field<File>("contactors", Section{contactor_fields}, apply, "timing of the contactors"),
       field<File>("bus", Section{bus_fields}, apply, "load bus and precharge"),
       field<File>("limits", Section{charger_fields}, apply, "charger voltage and largest currents"),
       field<File>("sensing", Section{sensing_fields}, apply, "errors of front end, shunt and temperature sensors")},
      check_shares,
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
  read_fields(Value(std::get<YamlNode>(tree), "", context), pack_profile_fields(), out);
  const bool complete = !out.tables.empty() && out.tables_capacity_Ah > 0;
  if (complete) {
    const auto folder = (file.parent_path() / out.tables).lexically_normal();
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
      context.problems.push_back({out.tables_mark, "cell.tables", "folder '" + folder.string() + "' does not exist",
                                  "expected a folder with the tables of a cell"});
    } else if (const auto read = read_cell_tables(folder, out.tables_capacity_Ah, out.profile.pack.cell.capacity_Ah,
                                                  context.problems, out.shares)) {
      CellParameters& cell = out.profile.pack.cell;
      cell.ocv_V = read->ocv_V;
      cell.hysteresis_V = read->hysteresis_V;
      cell.entropy_V_per_K = read->entropy_V_per_K;
      cell.r0 = read->r0;
      cell.pairs = read->pairs;
    }
  }
  if (!context.problems.empty()) return context.problems;
  out.profile.sha256 = sha256_hex(std::get<std::string>(bytes));
  return out.profile;
}

}  // namespace packbench::sim
