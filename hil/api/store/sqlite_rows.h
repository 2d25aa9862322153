// Values as rows of the SQLite store.
#pragma once

#include "hil/api/store/sqlite.h"
#include "hil/api/store/store_rows.h"

namespace packbench::hil::api {

// Run an INSERT of these columns; a record's are preceded by its device's row.
void insert_device(Statement& insert, const Device& device);
void insert_record(Statement& insert, std::int64_t device, const Record& record, std::int64_t arrived_s);
void insert_key(Statement& insert, const StoredKey& key);

}  // namespace packbench::hil::api
