#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "hil/cli/command.h"
#include "hil/cli/fit_cell_file.h"
#include "hil/cli/fit_csv.h"
#include "hil/cli/usage_error.h"
#include "hil/report/output_file.h"
#include "sim/language/cell_file_writer.h"
#include "sim/quantity.h"

namespace packbench::hil {
namespace {

namespace fs = std::filesystem;
using models::fit::Record;

struct FitCommand {
  std::vector<std::string> files, validate;
  std::string titles_from;
  std::vector<std::string> temperatures;
  std::string capacity, start_soc, out, report;
  std::optional<int> pairs;
  bool discharge_negative = false, discharge_positive = false;
  bool one_direction = false, no_hysteresis = false, json = false;
  CellTexts texts{"", "unknown", "", "", "not stated", ""};
  std::string mass, ambient = "25 degC";
  double specific_heat = 0, cooling = 0, core_surface = 0;
};

// A value of an option as a quantity. Throws CLI::ValidationError.
double quantity(const std::string& option, const std::string& text, sim::Dimension dimension) {
  const auto parsed = sim::parse_quantity(text);
  if (const auto* sentence = std::get_if<std::string>(&parsed)) throw CLI::ValidationError(option, *sentence);
  const auto& found = std::get<sim::Quantity>(parsed);
  if (found.dimension != dimension && found.dimension != sim::Dimension::one)
    throw CLI::ValidationError(
        option, fmt::format("'{}' is {} (expected {}, in {})", text, sim::dimension_name(found.dimension),
                            sim::dimension_name(dimension), sim::known_units(dimension)));
  return found.value;
}

double kilograms(const std::string& text) {
  const std::string number = text.ends_with("kg") ? text.substr(0, text.size() - 2) : text;
  double value = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, value);
  if (error != std::errc() || stop != end || !(value > 0) || !std::isfinite(value))
    throw CLI::ValidationError("--mass",
                               fmt::format("'{}' is not usable (expected a mass above zero, such as 0.8kg)", text));
  return value;
}

HeatOptions heat_of(const FitCommand& command) {
  HeatOptions heat;
  if (!command.mass.empty()) heat.mass_kg = kilograms(command.mass);
  if (command.specific_heat > 0) heat.specific_heat_J_per_kgK = command.specific_heat;
  if (command.cooling > 0) heat.cooling_W_per_K = command.cooling;
  if (command.core_surface > 0) heat.core_surface_W_per_K = command.core_surface;
  heat.ambient_degC = quantity("--ambient", command.ambient, sim::Dimension::temperature);
  return heat;
}

CurrentSign sign_of(const FitCommand& command) {
  if (command.discharge_negative) return CurrentSign::discharge_negative;
  return command.discharge_positive ? CurrentSign::discharge_positive : CurrentSign::by_data;
}

// The records of the files, or nothing after the problems have been printed. Files to fit come first.
std::optional<std::vector<CsvRecord>> read_all(const FitCommand& command) {
  std::vector<fs::path> files(command.files.begin(), command.files.end());
  files.insert(files.end(), command.validate.begin(), command.validate.end());
  std::optional<fs::path> titles_from;
  if (!command.titles_from.empty()) titles_from = command.titles_from;
  auto read = read_csv_records(files, sign_of(command), titles_from);
  if (auto* records = std::get_if<std::vector<CsvRecord>>(&read)) return std::move(*records);
  for (const std::string& problem : std::get<std::vector<std::string>>(read))
    fmt::print(stderr, "packbench: {}\n", problem);
  return std::nullopt;
}

// Given for each file, or one for all; else the file's own column, else 25 degC.
void set_temperatures(const FitCommand& command, std::vector<CsvRecord>& records, double ambient_degC) {
  const std::size_t given = command.temperatures.size(), fitted = command.files.size();
  if (given > 1 && given != fitted)
    throw CLI::ValidationError("--temperature", fmt::format("{} temperatures are given for {} files (expected one for "
                                                            "each, or one for all)",
                                                            given, fitted));
  for (std::size_t i = 0; i < records.size(); ++i) {
    Record& record = records[i].record;
    if (i >= fitted)
      record.temperature_degC = ambient_degC;
    else if (given > 0)
      record.temperature_degC =
          quantity("--temperature", command.temperatures[given > 1 ? i : 0], sim::Dimension::temperature);
    else if (records[i].mean_temperature_degC)
      record.temperature_degC = *records[i].mean_temperature_degC;
    else
      fmt::print(stderr, "packbench: {} says no temperature; 25 degC is taken (--temperature sets it)\n", record.name);
  }
}

void set_starts(const FitCommand& command, std::vector<CsvRecord>& records) {
  if (command.start_soc.empty()) return;
  for (CsvRecord& one : records) one.record.start_soc = quantity("--start-soc", command.start_soc, sim::Dimension::one);
}

void show_progress(void*, int tried, int at_most) {
  fmt::print(stderr, "\rfitting: {} of at most {} settings of the time constants", tried, at_most);
  std::fflush(stderr);
}

// No cell goes that far: what was given about the records is wrong, and so is all that was identified.
bool plausible(const models::fit::Result& result) {
  constexpr double kBeyond = 0.1;
  if (result.min_soc >= -kBeyond && result.max_soc <= 1.0 + kBeyond) return true;
  fmt::print(
      stderr,
      "packbench: with {:.4g} Ah the records would run from {:.0f} to {:.0f} % SOC, which no cell does; --capacity, "
      "--start-soc or the sign of the current (--discharge-negative, --discharge-positive) is wrong.\n",
      result.capacity_Ah, 100 * result.min_soc, 100 * result.max_soc);
  return false;
}

models::fit::Options options_of(const FitCommand& command) {
  models::fit::Options options;
  options.pairs = command.pairs.value_or(models::fit::usual_pairs(command.files.size()));
  options.by_direction = !command.one_direction;
  options.hysteresis = !command.no_hysteresis;
  if (!command.capacity.empty()) options.capacity_Ah = quantity("--capacity", command.capacity, sim::Dimension::charge);
  return options;
}

std::string file_name(const std::string& path) { return fs::path(path).filename().string(); }

CellTexts texts_of(const FitCommand& command) {
  CellTexts texts = command.texts;
  const fs::path out(command.out);
  if (texts.name.empty())
    texts.name = command.out.empty()                             ? "fitted"
                 : out.stem() == "cell" && out.has_parent_path() ? fs::absolute(out).parent_path().filename().string()
                                                                 : out.stem().string();
  std::string files;
  for (const std::string& file : command.files) files += (files.empty() ? "" : ", ") + file_name(file);
  if (texts.source.empty()) texts.source = "packbench fit of " + files;
  if (texts.measured.empty()) texts.measured = files;
  return texts;
}

int write_outputs(const FitCommand& command, const FitReport& report) {
  std::string problem;
  if (!command.out.empty()) problem = write_whole_file(command.out, sim::cell_file_text(report.cell));
  if (problem.empty() && !command.report.empty()) problem = write_whole_file(command.report, fit_html(report));
  if (problem.empty()) return kExitPass;
  fmt::print(stderr, "packbench: {}\n", problem);
  return kExitInternal;
}

int fit(const FitCommand& command) {
  auto read = read_all(command);
  if (!read) return kExitUsage;
  const HeatOptions heat = heat_of(command);
  set_temperatures(command, *read, heat.ambient_degC);
  set_starts(command, *read);
  FitReport report;
  for (std::size_t i = 0; i < command.files.size(); ++i) report.records.push_back((*read)[i].record);
  for (const CsvRecord& one : *read) {
    if (one.turned)
      fmt::print(stderr, "packbench: {}: its current is positive for discharge; it was turned\n", one.record.name);
  }
  const bool live = isatty(STDERR_FILENO) != 0;
  try {
    report.result = models::fit::fit_cell(report.records, options_of(command), live ? show_progress : nullptr);
  } catch (const models::fit::FitError& error) {
    if (live) fmt::print(stderr, "\r\033[K");
    std::istringstream sentences(error.what());
    for (std::string sentence; std::getline(sentences, sentence);) fmt::print(stderr, "packbench: {}\n", sentence);
    return kExitUsage;
  }
  if (live) fmt::print(stderr, "\r\033[K");
  if (!plausible(report.result)) return kExitUsage;
  report.cell = cell_file_of(report.result, texts_of(command), heat);
  for (std::size_t i = command.files.size(); i < read->size(); ++i) {
    for (Validation& one : validate_record((*read)[i].record, report.cell, heat))
      report.validations.push_back(std::move(one));
  }
  if (command.json)
    fmt::print("{}\n", fit_json(report).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  else
    fmt::print("{}", fit_summary_text(report));
  return write_outputs(command, report);
}

void add_model_options(CLI::App& command, FitCommand& options) {
  command
      .add_option("--capacity", options.capacity,
                  "capacity, as in 32Ah; without it what the record next to 25 degC gives from full")
      ->type_name("CHARGE");
  command.add_option("--temperature", options.temperatures, "chamber temperature of each FILE, as in 10,25,40")
      ->delimiter(',')
      ->type_name("DEGC");
  command
      .add_option("--start-soc", options.start_soc,
                  "state of charge at the first sample, for records without a full charge")
      ->type_name("SOC");
  command.add_option("--titles-from", options.titles_from, "file whose line of titles holds for files that have none")
      ->type_name("FILE");
  command.add_option("--pairs", options.pairs, "RC pairs, 0 to 3 (default: 3 for one FILE, 2 for several)")
      ->check(whole_number(0, 3))
      ->type_name("N");
  command.add_flag("--one-direction", options.one_direction, "the same resistance for charge and discharge");
  command.add_flag("--no-hysteresis", options.no_hysteresis, "no gap between the branches of the OCV");
  auto* negative = command.add_flag("--discharge-negative", options.discharge_negative,
                                    "the current is negative for discharge (default: seen in the data)");
  command.add_flag("--discharge-positive", options.discharge_positive, "the current is positive for discharge")
      ->excludes(negative);
}

void add_heat_options(CLI::App& command, FitCommand& options) {
  command.add_option("--mass", options.mass, "of the cell, as in 0.8kg")->type_name("KG");
  command.add_option("--specific-heat", options.specific_heat, "in J/(kg K)")
      ->check(number_above_zero())
      ->type_name("J/KGK");
  command
      .add_option("--cooling", options.cooling,
                  "from the cell to ambient in W/K; with mass and specific heat, replays heat themselves")
      ->check(number_above_zero())
      ->type_name("W/K");
  command.add_option("--core-surface", options.core_surface, "from the cell's core to its surface in W/K")
      ->check(number_above_zero())
      ->type_name("W/K");
  command.add_option("--ambient", options.ambient, "temperature of the replays")
      ->type_name("DEGC")
      ->capture_default_str();
}

void add_output_options(CLI::App& command, FitCommand& options) {
  command.add_option("--validate", options.validate, "replay a record that is not fitted (repeatable)")
      ->allow_extra_args(true)
      ->type_name("FILE");
  command.add_option("--out", options.out, "write the cell file")->type_name("FILE");
  command.add_option("--report", options.report, "write a page with plots")->type_name("FILE");
  command.add_flag("--json", options.json, "print JSON instead of tables");
  command.add_option("--name", options.texts.name, "name of the cell (default: from --out)")->type_name("NAME");
  command.add_option("--chemistry", options.texts.chemistry, "for the cell file")
      ->type_name("TEXT")
      ->capture_default_str();
  command.add_option("--description", options.texts.description, "for the cell file")->type_name("TEXT");
  command.add_option("--source", options.texts.source, "who measured, for the cell file")->type_name("TEXT");
  command.add_option("--licence", options.texts.licence, "of the measurement, for the cell file")
      ->type_name("TEXT")
      ->capture_default_str();
}

}  // namespace

void add_fit_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("fit", "make a cell file from measured current and voltage");
  auto options = std::make_shared<FitCommand>();
  command->add_option("FILE", options->files, "CSV files with time, current, voltage")->required()->type_name("");
  add_model_options(*command, *options);
  add_heat_options(*command, *options);
  add_output_options(*command, *options);
  command->final_callback([options, &exit_code] { exit_code = fit(*options); });
}

}  // namespace packbench::hil
