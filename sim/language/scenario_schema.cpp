#include "sim/language/scenario_schema.h"

#include "sim/language/bms_profile_reader.h"
#include "sim/language/branch.h"
#include "sim/language/cell_draft.h"
#include "sim/language/cell_file_reader.h"
#include "sim/language/check_reader.h"
#include "sim/language/fault_reader.h"
#include "sim/language/pack_profile_reader.h"
#include "sim/language/phase_reader.h"
#include "sim/language/scenario_fields.h"

namespace packbench::sim {
namespace {

nlohmann::json document(const std::string& title, nlohmann::json body) {
  body["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  body["title"] = title;
  return body;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string table(const std::string& title, const std::vector<FieldInfo>& fields) {
  std::string out = "### " + title + "\n\n| key | value | meaning |\n|---|---|---|\n";
  for (const FieldInfo& field : fields) {
    const std::string key = field.indexed() ? field.word() + "[N]" : field.key;
    const std::string need = field.need == Need::required ? " (required)" : "";
    out += "| `" + key + "`" + need + " | " + escaped(field.words) + " | " + escaped(field.description) + " |\n";
  }
  return out + "\n";
}

}  // namespace

nlohmann::json scenario_schema() {
  const auto& fields = scenario_fields();
  return document("packbench scenario", object_schema(fields.infos(), fields.schema_rules));
}

nlohmann::json pack_profile_schema() {
  return document("packbench pack profile", object_schema(pack_profile_fields().infos(), nlohmann::json::object()));
}

nlohmann::json bms_profile_schema() {
  return document("packbench BMS profile", object_schema(bms_profile_fields().infos(), nlohmann::json::object()));
}

nlohmann::json cell_file_schema() {
  return document("packbench cell file", object_schema(cell_file_fields().infos(), nlohmann::json::object()));
}

std::string scenario_reference() {
  return table("Scenario", scenario_fields().infos()) + table("pack", pack_keys()) + table("bms", bms_keys()) +
         table("A phase", phase_fields().infos()) + table("drive", drive_fields().infos()) +
         table("A fault", fault_fields().infos()) + table("A check", check_fields().infos()) +
         table("branch", branch_fields().infos()) + table("A variant", variant_keys());
}

}  // namespace packbench::sim
