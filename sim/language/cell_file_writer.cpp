#include "sim/language/cell_file_writer.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <stdexcept>

#include "sim/quantity.h"

namespace packbench::sim {
namespace {

using models::CellParameters;
using models::ResistanceMap;

struct AgeingConstant {
  const char* key;
  double models::AgeingParameters::*member;
};

using Ageing = models::AgeingParameters;
constexpr AgeingConstant kAgeingConstants[] = {
    {"calendar_loss_per_sqrt_s", &Ageing::calendar_loss_per_sqrt_s},
    {"calendar_loss_activation_J_per_mol", &Ageing::calendar_loss_activation_J_per_mol},
    {"calendar_loss_soc_cubic", &Ageing::calendar_loss_soc_cubic},
    {"calendar_loss_soc_level", &Ageing::calendar_loss_soc_level},
    {"calendar_rise_per_s", &Ageing::calendar_rise_per_s},
    {"calendar_rise_activation_J_per_mol", &Ageing::calendar_rise_activation_J_per_mol},
    {"calendar_rise_soc_square", &Ageing::calendar_rise_soc_square},
    {"calendar_rise_soc_level", &Ageing::calendar_rise_soc_level},
    {"cycle_loss_rate_slope_h", &Ageing::cycle_loss_rate_slope_h},
    {"cycle_loss_rate_level", &Ageing::cycle_loss_rate_level},
    {"cycle_loss_depth_cubic", &Ageing::cycle_loss_depth_cubic},
    {"cycle_loss_depth_level", &Ageing::cycle_loss_depth_level},
    {"cycle_rise_rate_slope_h", &Ageing::cycle_rise_rate_slope_h},
    {"cycle_rise_rate_level", &Ageing::cycle_rise_rate_level},
    {"cycle_rise_depth_cubic", &Ageing::cycle_rise_depth_cubic},
    {"cycle_rise_depth_level", &Ageing::cycle_rise_depth_level},
    {"acceleration", &Ageing::acceleration},
};

std::string number(double value) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

// A JSON string is a YAML string.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string list(std::span<const double> values) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : ", ") + number(values[i]);
  return text + "]";
}

class Writer {
 public:
  explicit Writer(const CellFile& file) : file_(file) {}

  std::string text() {
    head();
    validity();
    curves();
    resistance();
    rate();
    thermal();
    runaway();
    plating();
    reversal();
    ageing();
    for (const auto& [path, values] : file_.sigma) {
      if (!written_.contains(path))
        throw std::invalid_argument("The standard error '" + path + "' belongs to nothing in the cell.");
    }
    return std::move(out_);
  }

 private:
  // `indent` steps of two blanks.
  void line(int indent, const std::string& key, const std::string& value) {
    out_ += std::string(static_cast<std::size_t>(2 * indent), ' ') + key + ": " + value + "\n";
  }
  void section(const std::string& name) {
    out_ += "\n" + name + ":\n";
    texts(1, name);
  }
  void texts(int indent, const std::string& name) {
    const auto found = file_.provenance.find(name);
    if (found == file_.provenance.end()) return;
    if (!found->second.source.empty()) line(indent, "source", quoted(found->second.source));
    if (!found->second.licence.empty()) line(indent, "licence", quoted(found->second.licence));
    if (!found->second.measured.empty()) line(indent, "measured", quoted(found->second.measured));
  }
  const std::vector<double>* sigma(const std::string& path, std::size_t count) {
    const auto found = file_.sigma.find(path);
    if (found == file_.sigma.end()) return nullptr;
    if (found->second.size() != count)
      throw std::invalid_argument("The standard error '" + path + "' must have " + std::to_string(count) + " values.");
    written_.insert(path);
    return &found->second;
  }
  void quantity(int indent, const std::string& key, double value, Dimension dimension) {
    line(indent, key, quantity_text({value, dimension}));
  }
  // A value with its standard error.
  void one(int indent, const std::string& key, double value, Dimension dimension, const std::string& path) {
    quantity(indent, key, value, dimension);
    if (const auto* error = sigma(path, 1)) quantity(indent, key + "_sigma", error->front(), dimension);
  }
  void column(const std::string& key, const std::string& sigma_key, std::span<const double> values,
              const std::string& path) {
    line(1, key, list(values));
    if (const auto* error = sigma(path, values.size())) line(1, sigma_key, list(*error));
  }
  void grid(int indent, const std::string& key, std::span<const double> values, std::size_t columns) {
    out_ += std::string(static_cast<std::size_t>(2 * indent), ' ') + key + ":\n";
    for (std::size_t i = 0; i < values.size(); i += columns)
      out_ +=
          std::string(static_cast<std::size_t>(2 * indent + 2), ' ') + "- " + list(values.subspan(i, columns)) + "\n";
  }
  void side(int indent, const std::string& key, std::span<const double> values, std::size_t columns,
            const std::string& path) {
    grid(indent, key + "_ohm", values, columns);
    if (const auto* error = sigma(path + "." + key + "_ohm", values.size()))
      grid(indent, key + "_sigma_ohm", *error, columns);
  }
  void map(int indent, const ResistanceMap& map, const std::string& path) {
    line(indent, "soc", list(map.soc));
    line(indent, "temperature_degC", list(map.temperature_degC));
    side(indent, "charge", map.charge_ohm, map.temperature_degC.size(), path);
    side(indent, "discharge", map.discharge_ohm, map.temperature_degC.size(), path);
  }

  void head() {
    line(0, "cell", quoted(cell().name));
    line(0, "chemistry", quoted(file_.chemistry));
    if (!file_.description.empty()) line(0, "description", quoted(file_.description));
    texts(0, "");
    one(0, "capacity", cell().capacity_Ah, Dimension::charge, "capacity");
    line(0, "voltage",
         "[" + quantity_text({file_.lowest_V, Dimension::voltage}) + ", " +
             quantity_text({file_.highest_V, Dimension::voltage}) + "]");
    line(0, "coulomb_efficiency", number(cell().coulomb_efficiency));
    if (cell().self_discharge_ohm > 0) quantity(0, "self_discharge", cell().self_discharge_ohm, Dimension::resistance);
  }
  void validity() {
    const models::Validity& v = cell().validity;
    section("validity");
    line(1, "soc", "[" + number(v.min_soc) + ", " + number(v.max_soc) + "]");
    line(1, "temperature",
         "[" + quantity_text({v.min_degC, Dimension::temperature}) + ", " +
             quantity_text({v.max_degC, Dimension::temperature}) + "]");
    line(1, "charge", number(v.max_charge_C) + " C");
    line(1, "discharge", number(v.max_discharge_C) + " C");
  }
  void curves() {
    section("ocv");
    line(1, "soc", list(cell().ocv_V.soc));
    column("middle_V", "middle_sigma_V", cell().ocv_V.value, "ocv.middle_V");
    if (!cell().hysteresis_V.soc.empty()) {
      section("hysteresis");
      line(1, "soc", list(cell().hysteresis_V.soc));
      column("gap_V", "gap_sigma_V", cell().hysteresis_V.value, "hysteresis.gap_V");
      line(1, "swing", number(cell().hysteresis_soc));
      if (const auto* error = sigma("hysteresis.swing", 1)) line(1, "swing_sigma", number(error->front()));
    }
    if (cell().entropy_V_per_K.soc.empty()) return;
    section("entropy");
    line(1, "soc", list(cell().entropy_V_per_K.soc));
    column("dUdT_V_per_K", "dUdT_sigma_V_per_K", cell().entropy_V_per_K.value, "entropy.dUdT_V_per_K");
  }
  void resistance() {
    section("resistance");
    out_ += "  r0:\n";
    map(2, cell().r0, "resistance.r0");
    if (!cell().pairs.empty()) out_ += "  pairs:\n";
    for (std::size_t i = 0; i < cell().pairs.size(); ++i) {
      const std::string path = "resistance.pairs[" + std::to_string(i) + "]";
      out_ += "    -\n";
      one(3, "tau", cell().pairs[i].tau_s, Dimension::time, path + ".tau");
      map(3, cell().pairs[i].resistance, path);
    }
    if (!cell().activation_energy_J_per_mol) return;
    line(1, "activation_energy_J_per_mol", number(*cell().activation_energy_J_per_mol));
    if (const auto* error = sigma("resistance.activation_energy_J_per_mol", 1))
      line(1, "activation_energy_sigma_J_per_mol", number(error->front()));
  }
  void rate() {
    if (cell().rate.empty()) return;
    section("rate");
    line(1, "soc", list(cell().rate_soc));
    line(1, "temperature_degC", list(cell().rate_degC));
    grid(1, "factor", cell().rate, cell().rate_degC.size());
    if (const auto* error = sigma("rate.factor", cell().rate.size()))
      grid(1, "factor_sigma", *error, cell().rate_degC.size());
  }
  void thermal() {
    section("thermal");
    line(1, "mass_kg", number(cell().mass_kg));
    line(1, "specific_heat_J_per_kgK", number(cell().specific_heat_J_per_kgK));
    line(1, "surface_share", number(cell().surface_share));
    line(1, "core_surface_W_per_K", number(cell().core_surface_W_per_K));
  }
  void runaway() {
    const models::RunawayParameters& runaway = cell().runaway;
    if (runaway.reactions.empty()) return;
    section("runaway");
    out_ += "  reactions:\n";
    for (const models::Reaction& reaction : runaway.reactions) {
      out_ += "    -\n";
      line(3, "name", quoted(reaction.name));
      line(3, "heat_J_per_kg", number(reaction.heat_J_per_kg));
      line(3, "frequency_per_s", number(reaction.frequency_per_s));
      line(3, "activation_J_per_mol", number(reaction.activation_J_per_mol));
      line(3, "autocatalytic_seed", number(reaction.autocatalytic_seed));
      line(3, "inhibition", number(reaction.inhibition));
    }
    if (runaway.collapse_ohm > 0) collapse(runaway);
  }
  void collapse(const models::RunawayParameters& runaway) {
    out_ += "  collapse:\n";
    quantity(2, "temperature", runaway.collapse_degC, Dimension::temperature);
    quantity(2, "width", runaway.collapse_width_K, Dimension::temperature_difference);
    quantity(2, "resistance", runaway.collapse_ohm, Dimension::resistance);
  }
  void plating() {
    const models::PlatingParameters& plating = cell().plating;
    if (plating.temperature_degC.empty()) return;
    section("plating");
    line(1, "temperature_degC", list(plating.temperature_degC));
    line(1, "limit_empty_C", list(plating.limit_empty_C));
    line(1, "limit_full_C", list(plating.limit_full_C));
  }
  void reversal() {
    const models::ReversalParameters& reversal = cell().reversal;
    if (reversal.short_S_per_Ah == 0) return;
    section("reversal");
    line(1, "begin_soc", number(reversal.begin_soc));
    line(1, "short_S_per_Ah", number(reversal.short_S_per_Ah));
    line(1, "most_S", number(reversal.most_S));
  }
  void ageing() {
    if (models::ageless(cell().ageing)) return;
    section("ageing");
    for (const AgeingConstant& constant : kAgeingConstants)
      line(1, constant.key, number(cell().ageing.*constant.member));
  }

  const CellParameters& cell() const { return file_.cell; }

  const CellFile& file_;
  std::string out_;
  std::set<std::string> written_;
};

}  // namespace

std::string cell_file_text(const CellFile& file) { return Writer(file).text(); }

}  // namespace packbench::sim
