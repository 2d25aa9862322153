#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "fmi/export.h"
#include "hil/cli/command.h"
#include "hil/cli/usage_error.h"
#include "hil/report/output_file.h"
#include "hil/version.h"
#include "sim/language/file_bytes.h"
#include "sim/language/pack_profile_reader.h"
#include "sim/language/profile_search.h"
#include "sim/quantity.h"

namespace packbench::hil {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  std::string profile;
  std::string out;
  std::string soc = "50 %";
  std::string temperature = "25 degC";
  std::uint64_t seed = 1;
};

// A quantity of this dimension in [least, most], or a sentence.
std::variant<double, std::string> read(const std::string& text, sim::Dimension dimension, double least, double most,
                                       const std::string& example) {
  const auto parsed = sim::parse_quantity(text);
  if (const auto* problem = std::get_if<std::string>(&parsed)) return *problem;
  const auto& quantity = std::get<sim::Quantity>(parsed);
  if (quantity.dimension == dimension && quantity.value >= least && quantity.value <= most) return quantity.value;
  return fmt::format("'{}' is not usable (expected {} from {} to {}, such as {})", text, sim::dimension_name(dimension),
                     sim::quantity_text({least, dimension}), sim::quantity_text({most, dimension}), example);
}

CLI::Validator quantity_check(sim::Dimension dimension, double least, double most, const std::string& example) {
  return {[=](std::string& text) {
            const auto value = read(text, dimension, least, most, example);
            return std::holds_alternative<double>(value) ? std::string() : std::get<std::string>(value);
          },
          ""};
}

double value_of(const std::string& text) { return std::get<sim::Quantity>(sim::parse_quantity(text)).value; }

int refuse(const sim::Problems& problems) {
  for (const sim::Problem& problem : problems) fmt::print(stderr, "{}\n", problem.text());
  fmt::print(stderr, "packbench: {} {} found; nothing was exported\n", problems.size(),
             problems.size() == 1 ? "problem" : "problems");
  return kExitUsage;
}

// What lies beside the cell's tables about their source and licence: it goes where the tables go.
void add_cell_licences(const fs::path& profile, std::map<std::string, std::string>& documents) {
  const YAML::Node cell = YAML::LoadFile(profile.string())["cell"];
  for (const char* key : {"file", "tables"}) {
    if (!cell[key]) continue;
    const fs::path place = profile.parent_path() / cell[key].as<std::string>();
    const fs::path folder = fs::is_directory(place) ? place : place.parent_path();
    for (const char* name : {"LICENSE", "SOURCE.md"}) {
      const auto text = sim::read_bytes(folder / name);
      if (const auto* bytes = std::get_if<std::string>(&text))
        documents[fmt::format("licenses/cell_data_{}", name)] = *bytes;
    }
  }
}

fmi::Export export_of(const sim::PackProfile& profile, const fs::path& file, const Wanted& wanted) {
  fmi::Export what;
  what.name = profile.name;
  what.version = kVersion;
  what.pack = profile.pack;
  what.start = {value_of(wanted.soc), value_of(wanted.temperature) + fmi::kZero_degC, wanted.seed};
  if (const auto text = sim::read_bytes(file); std::holds_alternative<std::string>(text))
    what.documents["pack_profile.yaml"] = std::get<std::string>(text);
  add_cell_licences(file, what.documents);
  return what;
}

int export_fmu(const Wanted& wanted) {
  const auto found = sim::find_profile("packs", wanted.profile, fs::current_path(), sim::default_data_dir(), {}, "");
  if (const auto* problem = std::get_if<sim::Problem>(&found)) return refuse({*problem});
  const auto& file = std::get<fs::path>(found);
  const auto read = sim::read_pack_profile(file);
  if (const auto* problems = std::get_if<sim::Problems>(&read)) return refuse(*problems);
  const auto& profile = std::get<sim::PackProfile>(read);
  const fs::path out = wanted.out.empty() ? fs::path(profile.name + ".fmu") : fs::path(wanted.out);
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of write(), not the end of the program
  const std::string error =
      write_whole_file(out, fmi::make_fmu(export_of(profile, file, wanted)), "functional mock-up unit");
  if (!error.empty()) {
    fmt::print(stderr, "packbench: {}\n", error);
    return kExitInternal;
  }
  if (!is_stream(out)) fmt::print("{}: '{}', FMI 3.0 co-simulation for 64-bit Linux\n", out.string(), profile.name);
  return kExitPass;
}

}  // namespace

void add_export_fmu_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("export-fmu", "make a functional mock-up unit (FMI 3.0 co-simulation) of a pack");
  auto wanted = std::make_shared<Wanted>();
  command->add_option("PACK_PROFILE", wanted->profile, "a pack profile: a file, or a name such as lfp-15s-100ah")
      ->required()
      ->check(not_empty())
      ->type_name("");
  command->add_option("--out", wanted->out, "the FMU to write; NAME.fmu by default")
      ->check(not_empty())
      ->type_name("FILE");
  command->add_option("--soc", wanted->soc, "state of charge at the start; the importer can set another")
      ->check(quantity_check(sim::Dimension::one, 0, 1, "50 %"))
      ->type_name("SHARE")
      ->capture_default_str();
  command->add_option("--temperature", wanted->temperature, "of cells, ambient and coolant at the start")
      ->check(quantity_check(sim::Dimension::temperature, -60, 150, "25 degC"))
      ->type_name("TEMPERATURE")
      ->capture_default_str();
  command->add_option("--seed", wanted->seed, "of the spread between the cells")
      ->check(seed_number())
      ->type_name("NUMBER")
      ->capture_default_str();
  command->final_callback([wanted, &exit_code] { exit_code = export_fmu(*wanted); });
}

}  // namespace packbench::hil
