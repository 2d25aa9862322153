// The scenario format for editors and for people, made from the table that reads it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace packbench::sim {

// JSON Schema 2020-12 of a scenario file.
nlohmann::json scenario_schema();
nlohmann::json pack_profile_schema();
nlohmann::json bms_profile_schema();
nlohmann::json cell_file_schema();

// Every key of a scenario with its type and meaning, as Markdown tables.
std::string scenario_reference();

}  // namespace packbench::sim
