#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "hil/cli/command.h"
#include "hil/cli/load.h"
#include "hil/device.h"
#include "hil/firmware/core/defects.h"
#include "hil/firmware/host/variables.h"
#include "sim/fault_catalogue.h"
#include "sim/language/scenario_schema.h"
#include "sim/signals.h"

namespace packbench::hil {
namespace {

using Json = nlohmann::ordered_json;

std::string cell_text(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (const Json& item : value) text += (text.empty() ? "" : ", ") + cell_text(item);
  return text;
}

std::vector<std::string> columns_of(const Json& rows) {
  std::vector<std::string> names;
  for (const Json& row : rows) {
    for (const auto& item : row.items()) {
      if (std::ranges::find(names, item.key()) == names.end()) names.push_back(item.key());
    }
  }
  return names;
}

// A catalogue is an array of flat objects; the table for people prints the same fields below their names.
void print_table(const Json& rows) {
  std::vector<std::vector<std::string>> lines{columns_of(rows)};
  const std::vector<std::string> names = lines.front();
  for (const Json& row : rows) {
    lines.emplace_back();
    for (const std::string& name : names) lines.back().push_back(cell_text(row.value(name, Json())));
  }
  std::vector<std::size_t> widths(names.size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) text += fmt::format("{:<{}}  ", line[i], widths[i]);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    fmt::print("{}\n", text);
  }
}

std::string_view kind_name(const sim::SignalSpec& spec) {
  if (spec.kind == sim::SignalKind::number) return spec.unit;
  return spec.kind == sim::SignalKind::set ? "set" : "word";
}

std::string words_of(sim::Vocabulary vocabulary) {
  std::string text;
  for (const std::string_view word : sim::words(vocabulary)) text += (text.empty() ? "" : " ") + std::string(word);
  return text;
}

Json signals() {
  Json rows = Json::array();
  for (const sim::SignalSpec& spec : sim::signal_table()) {
    const char* shape = spec.shape == sim::Shape::scalar     ? ""
                        : spec.shape == sim::Shape::per_cell ? "[cell]"
                                                             : "[sensor]";
    Json row{{"name", spec.full_name() + shape}, {"unit", kind_name(spec)}, {"description", spec.description}};
    const std::string words = words_of(spec.vocabulary);
    if (spec.vocabulary != sim::Vocabulary::none) row["description"] = fmt::format("{}: {}", spec.description, words);
    rows.push_back(std::move(row));
  }
  return rows;
}

Json faults() {
  Json rows = Json::array();
  for (const sim::FaultKind& fault : sim::fault_catalogue()) {
    const char* value = fault.value == sim::FaultValue::none       ? ""
                        : fault.value == sim::FaultValue::required ? "value"
                                                                   : "value?";
    rows.push_back({{"target", sim::target_name(fault.target)},
                    {"channel", std::string(fault.channel) + (fault.indexed ? "[n]" : "")},
                    {"kind", fault.kind},
                    {"value", *value == 0 ? std::string() : fmt::format("{} {}", value, sim::unit_of(fault.dimension))},
                    {"description", fault.description}});
  }
  return rows;
}

Json defects() {
  Json rows = Json::array();
  for (std::size_t i = 0; i < firmware::kDefectCount; ++i) {
    rows.push_back({{"name", firmware::kDefects[i].name}, {"description", firmware::kDefects[i].description}});
  }
  return rows;
}

Json variables() {
  Json rows = Json::array();
  for (const firmware::VariableKind& kind : firmware::variable_kinds()) {
    rows.push_back({{"name", kind.name}, {"bits", kind.bits}});
  }
  return rows;
}

Json devices() {
  Json rows = Json::array();
  for (const DeviceKind& kind : device_kinds()) {
    rows.push_back({{"scheme", kind.scheme}, {"example", kind.example}, {"description", kind.description}});
  }
  return rows;
}

Json scenarios(const std::vector<sim::Scenario>& all) {
  Json rows = Json::array();
  for (const sim::Scenario& scenario : all) {
    Json row{{"name", scenario.name},
             {"file", scenario.file.string()},
             {"tags", scenario.tags},
             {"requirements", scenario.requirement},
             {"duration_s", scenario.duration_s()}};
    if (!scenario.defect.empty()) row["catches"] = {{"defect", scenario.defect}, {"check", scenario.caught_by}};
    rows.push_back(std::move(row));
  }
  return rows;
}

struct ListOptions {
  std::vector<std::string> paths;
  bool signals = false, faults = false, defects = false, devices = false, variables = false, json = false;
  bool schema = false;
  std::string schema_kind;  // empty: of scenarios
};

nlohmann::json schema_of(const std::string& kind) {
  if (kind == "pack") return sim::pack_profile_schema();
  if (kind == "bms") return sim::bms_profile_schema();
  if (kind == "cell") return sim::cell_file_schema();
  return sim::scenario_schema();
}

int list(const ListOptions& options) {
  if (options.schema) {
    fmt::print("{}\n", schema_of(options.schema_kind).dump(2));
    return kExitPass;
  }
  Json rows;
  if (options.signals)
    rows = signals();
  else if (options.faults)
    rows = faults();
  else if (options.defects)
    rows = defects();
  else if (options.devices)
    rows = devices();
  else if (options.variables)
    rows = variables();
  else {
    const Loaded loaded = load_scenarios({.paths = options.paths});
    if (!loaded.ok) return kExitUsage;
    rows = scenarios(loaded.scenarios);
  }
  if (options.json)
    fmt::print("{}\n", rows.dump(2));
  else
    print_table(rows);
  return kExitPass;
}

}  // namespace

void add_list_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("list", "list scenarios, or a catalogue of what scenarios can name");
  auto options = std::make_shared<ListOptions>();
  command->add_option("PATH", options->paths, "scenario files or folders")->type_name("");
  auto* group = command->add_option_group("catalogue");
  group->add_flag("--signals", options->signals, "the signals that checks can use");
  group->add_flag("--faults", options->faults, "the faults that a scenario can inject");
  group->add_flag("--defects", options->defects, "the deliberate defects of the reference BMS, for --defect");
  group->add_flag("--devices", options->devices, "the kinds of device, for --device");
  group->add_flag("--variables", options->variables, "the variables of the reference BMS, for the fault bit_flip");
  auto* schema =
      group->add_option("--schema", options->schema_kind,
                        "the JSON Schema of a kind of file, for editors: scenario (the default), pack, bms or cell");
  schema->expected(0, 1)->type_name("KIND")->check(CLI::IsMember({"", "scenario", "pack", "bms", "cell"}));
  group->require_option(0, 1);
  command->add_flag("--json", options->json, "as a JSON array");
  command->final_callback([options, schema, &exit_code] {
    options->schema = schema->count() > 0;
    const bool catalogue = options->signals || options->faults || options->defects || options->devices ||
                           options->variables || options->schema;
    if (!catalogue && options->paths.empty())
      throw CLI::RequiredError("PATH, or one of --signals, --faults, --defects, --devices, --variables, --schema");
    if (catalogue && !options->paths.empty()) throw CLI::ValidationError("PATH cannot be combined with a catalogue");
    exit_code = list(*options);
  });
}

}  // namespace packbench::hil
