// The tables of the PostgreSQL store, in the first schema of the search path. The table packbench_store counts the
// steps that they have gone through. The view `telemetry` shows records in volts, amperes and times, for people and
// plots.
#pragma once

#include "hil/api/store/postgres.h"

namespace packbench::hil::api {

// Brings the database to this program's tables; programs that do so at once wait for each other. Throws PostgresError,
// also for tables of a newer program.
void prepare_schema(PostgresConnection& connection);

}  // namespace packbench::hil::api
