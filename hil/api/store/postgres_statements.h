// The prepared statements of the PostgreSQL store, and the values that they take.
#pragma once

#include "hil/api/store/postgres.h"
#include "hil/api/store/store.h"
#include "hil/api/store/store_rows.h"

namespace packbench::hil::api {

// Prepares all of them.
void prepare_statements(PostgresConnection& connection);

// Parameters of add_device and add_key.
PostgresParameters parameters_of(const Device& device);
PostgresParameters parameters_of(const StoredKey& key);
// Parameters of insert_records.
PostgresParameters parameters_of(std::int64_t device, std::span<const Record* const> records, std::int64_t arrived_s);

}  // namespace packbench::hil::api
