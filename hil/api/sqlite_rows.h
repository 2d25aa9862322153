// Rows of the SQLite store as values and back.
#pragma once

#include <string_view>

#include "hil/api/key.h"
#include "hil/api/record.h"
#include "hil/api/sqlite.h"

namespace packbench::hil::api {

inline constexpr std::string_view kDeviceColumns =
    "device_id, name, model, location, organization, status, last_connected_ms, created_ms, updated_ms, cell_count";
inline constexpr std::string_view kRecordColumns =
    "measured_ms, id, arrived_s, boot, sequence, device_name, pack_dmV, cells_dmV, temperature_mdegC, current_mA, "
    "soc_pctpct, ocv_soc_pctpct, soh_pctpct, bms_state, main_contactor, charger_contactor, temperatures_mdegC, "
    "balancing, faults";
inline constexpr std::string_view kKeyColumns =
    "id, secret_digest, name, organization, scopes, created_ms, expires_ms, revoked_ms";

// Of a row that selects exactly these columns.
Device read_device(const Statement& row);
Record read_record(const Statement& row);
void read_record(const Statement& row, Record& record);  // into what the record has room for already
StoredKey read_key(const Statement& row);

// Run an INSERT of these columns; a record's are preceded by its device's row.
void insert_device(Statement& insert, const Device& device);
void insert_record(Statement& insert, std::int64_t device, const Record& record, std::int64_t arrived_s);
void insert_key(Statement& insert, const StoredKey& key);

}  // namespace packbench::hil::api
