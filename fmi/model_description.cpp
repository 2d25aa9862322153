#include "fmi/model_description.h"

#include <cmath>

#include <fmt/format.h>

#include "fmi/xml_writer.h"

namespace packbench::fmi {
namespace {

using Attributes = XmlWriter::Attributes;

struct DisplayUnit {
  std::string_view name;  // empty: none
  double factor = 1;      // display value = factor * value + offset
  double offset = 0;
};

// Exponents of the SI base units, where not zero.
struct Unit {
  std::string_view name;
  Attributes base;
  DisplayUnit display;
};

std::vector<Unit> units() {
  return {{"s", {{"s", "1"}}, {"h", 1.0 / 3600.0}},
          {"A", {{"A", "1"}}, {}},
          {"V", {{"kg", "1"}, {"m", "2"}, {"s", "-3"}, {"A", "-1"}}, {"mV", 1000}},
          {"W", {{"kg", "1"}, {"m", "2"}, {"s", "-3"}}, {}},
          {"S", {{"kg", "-1"}, {"m", "-2"}, {"s", "3"}, {"A", "2"}}, {"mS", 1000}},
          {"K", {{"K", "1"}}, {"degC", 1, -kZero_degC}},
          {"1", {}, {"%", 100}}};
}

std::string number(double value) { return fmt::format("{}", value); }
std::string number(Reference reference) { return fmt::format("{}", static_cast<std::uint32_t>(reference)); }

void write_interface(XmlWriter& xml) {
  xml.empty("CoSimulation", {{"modelIdentifier", kModelIdentifier},
                             {"canGetAndSetFMUState", "true"},
                             {"canSerializeFMUState", "true"},
                             {"canHandleVariableCommunicationStepSize", "true"}});
}

void write_units(XmlWriter& xml) {
  xml.open("UnitDefinitions");
  for (const Unit& unit : units()) {
    xml.open("Unit", {{"name", std::string(unit.name)}});
    xml.empty("BaseUnit", unit.base);
    if (!unit.display.name.empty()) {
      Attributes display = {{"name", std::string(unit.display.name)}, {"factor", number(unit.display.factor)}};
      if (unit.display.offset != 0) display.emplace_back("offset", number(unit.display.offset));
      xml.empty("DisplayUnit", display);
    }
    xml.close();
  }
  xml.close();
}

void write_log_categories(XmlWriter& xml) {
  xml.open("LogCategories");
  xml.empty("Category", {{"name", "logStatusError"}, {"description", "Why a call was refused or failed"}});
  xml.close();
}

std::string start_value(const Variable& variable, const StartValues& start) {
  switch (variable.reference) {
    case Reference::initial_soc:
      return number(start.soc);
    case Reference::initial_temperature:
    case Reference::ambient_temperature:
    case Reference::coolant_temperature:
      return number(start.temperature_K);
    case Reference::seed:
      return fmt::format("{}", start.seed);
    default:
      return variable.type == Type::boolean ? "false" : "0";
  }
}

std::string repeated(const std::string& word, std::size_t times) {
  std::string text = word;
  for (std::size_t i = 1; i < times; ++i) text += ' ' + word;
  return text;
}

Attributes attributes_of(const Variable& variable, const Description& about) {
  Attributes list = {{"name", std::string(variable.name)},
                     {"valueReference", number(variable.reference)},
                     {"description", std::string(variable.description)}};
  const bool continuous = variable.type == Type::float64;
  switch (variable.causality) {
    case Causality::independent:
      list.insert(list.end(), {{"causality", "independent"}, {"variability", "continuous"}});
      break;
    case Causality::parameter:
      list.insert(list.end(), {{"causality", "parameter"}, {"variability", "fixed"}, {"initial", "exact"}});
      break;
    case Causality::input:
      list.insert(list.end(), {{"causality", "input"}, {"variability", continuous ? "continuous" : "discrete"}});
      break;
    case Causality::output:
      list.insert(list.end(), {{"causality", "output"},
                               {"variability", continuous ? "continuous" : "discrete"},
                               {"initial", "calculated"}});
      break;
  }
  if (!variable.unit.empty()) list.emplace_back("unit", variable.unit);
  if (!variable.display_unit.empty()) list.emplace_back("displayUnit", variable.display_unit);
  if (std::isfinite(variable.min)) list.emplace_back("min", number(variable.min));
  if (std::isfinite(variable.max)) list.emplace_back("max", number(variable.max));
  if (variable.causality == Causality::parameter || variable.causality == Causality::input)
    list.emplace_back("start", repeated(start_value(variable, about.start), about.layout.elements(variable.shape)));
  return list;
}

void write_variable(XmlWriter& xml, const Variable& variable, const Description& about) {
  const Attributes attributes = attributes_of(variable, about);
  if (variable.shape == Shape::scalar) return xml.empty(type_name(variable.type), attributes);
  xml.open(type_name(variable.type), attributes);
  xml.empty("Dimension", {{"start", fmt::format("{}", about.layout.cells)}});
  if (variable.shape == Shape::per_cell && about.layout.parallel > 1)
    xml.empty("Dimension", {{"start", fmt::format("{}", about.layout.parallel)}});
  xml.close();
}

std::string joined(const std::vector<Reference>& references) {
  std::string text;
  for (const Reference reference : references) text += (text.empty() ? "" : " ") + number(reference);
  return text;
}

void write_unknown(XmlWriter& xml, std::string_view element, const Variable& variable,
                   const std::vector<Reference>& knowns) {
  xml.empty(element, {{"valueReference", number(variable.reference)}, {"dependencies", joined(knowns)}});
}

void write_structure(XmlWriter& xml) {
  const std::vector<Reference> parameters = {Reference::initial_soc, Reference::initial_temperature, Reference::seed};
  xml.open("ModelStructure");
  for (const Variable& variable : variables()) {
    if (variable.causality != Causality::output) continue;
    write_unknown(xml, "Output", variable, {variable.depends_on.begin(), variable.depends_on.end()});
  }
  for (const Variable& variable : variables()) {
    if (variable.causality != Causality::output) continue;
    std::vector<Reference> knowns = parameters;
    knowns.insert(knowns.end(), variable.depends_on.begin(), variable.depends_on.end());
    write_unknown(xml, "InitialUnknown", variable, knowns);
  }
  xml.close();
}

}  // namespace

std::string model_description(const Description& about) {
  XmlWriter xml;
  xml.open("fmiModelDescription", {{"fmiVersion", "3.0"},
                                   {"modelName", about.model_name},
                                   {"instantiationToken", about.token},
                                   {"description", about.description},
                                   {"version", about.version},
                                   {"license", "MIT; see documentation/licenses"},
                                   {"generationTool", "packbench " + about.version},
                                   {"variableNamingConvention", "flat"}});
  write_interface(xml);
  write_units(xml);
  write_log_categories(xml);
  xml.empty("DefaultExperiment", {{"startTime", "0"}, {"stopTime", "3600"}, {"stepSize", "1"}});
  xml.open("ModelVariables");
  for (const Variable& variable : variables()) write_variable(xml, variable, about);
  xml.close();
  write_structure(xml);
  xml.close();
  return xml.take();
}

}  // namespace packbench::fmi
