// results.json: the stable, versioned record of a session. Its members are described in results.schema.json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "hil/run_result.h"

namespace packbench::hil {

nlohmann::ordered_json results_json(const SessionResult& session);
// Indented, UTF-8 (bytes that are not are replaced), ends with a line feed. Numbers that are NaN or infinite become
// null.
std::string results_text(const SessionResult& session);

}  // namespace packbench::hil
