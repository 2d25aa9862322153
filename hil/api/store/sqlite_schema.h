// The tables of the SQLite store. PRAGMA user_version counts the steps that a file has gone through.
#pragma once

#include "hil/api/store/sqlite.h"

namespace packbench::hil::api {

// Brings the file to this program's tables. Throws SqliteError, also for a file of a newer program.
void prepare_schema(Database& database);

}  // namespace packbench::hil::api
