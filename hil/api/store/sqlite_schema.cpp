#include "hil/api/store/sqlite_schema.h"

#include <array>

namespace packbench::hil::api {
namespace {

constexpr const char* kFirst = R"sql(
CREATE TABLE IF NOT EXISTS devices(
  row INTEGER PRIMARY KEY, organization INTEGER NOT NULL, device_id TEXT NOT NULL, name TEXT NOT NULL, model TEXT NOT NULL,
  location TEXT NOT NULL, status TEXT NOT NULL, last_connected_ms INTEGER, created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL, cell_count INTEGER, UNIQUE(organization, device_id));
CREATE TABLE IF NOT EXISTS records(
  device INTEGER NOT NULL REFERENCES devices(row), measured_ms INTEGER NOT NULL, id TEXT NOT NULL, arrived_s INTEGER NOT NULL,
  boot INTEGER, sequence INTEGER, device_name TEXT NOT NULL, pack_dmV INTEGER, cells_dmV TEXT NOT NULL,
  temperature_mdegC INTEGER, current_mA INTEGER, soc_pctpct INTEGER, ocv_soc_pctpct INTEGER, soh_pctpct INTEGER,
  bms_state TEXT NOT NULL, main_contactor INTEGER NOT NULL, charger_contactor INTEGER NOT NULL,
  temperatures_mdegC TEXT NOT NULL, PRIMARY KEY(device, measured_ms, id)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS records_by_id ON records(device, id);
CREATE UNIQUE INDEX IF NOT EXISTS records_by_sequence ON records(device, boot, sequence)
  WHERE boot IS NOT NULL AND sequence IS NOT NULL;
CREATE TABLE IF NOT EXISTS idempotency(
  organization INTEGER NOT NULL, key TEXT NOT NULL, body_digest TEXT NOT NULL, PRIMARY KEY(organization, key)) WITHOUT ROWID;
)sql";

constexpr const char* kKeys = R"sql(
CREATE TABLE api_keys(
  id TEXT PRIMARY KEY, secret_digest TEXT NOT NULL, name TEXT NOT NULL, organization INTEGER NOT NULL,
  scopes INTEGER NOT NULL, created_ms INTEGER NOT NULL, expires_ms INTEGER, revoked_ms INTEGER) WITHOUT ROWID;
)sql";

// What was answered is kept with an Idempotency-Key, and the number of records with its device.
constexpr const char* kCounts = R"sql(
ALTER TABLE idempotency ADD COLUMN used_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE idempotency ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE idempotency ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN records INTEGER NOT NULL DEFAULT 0;
UPDATE devices SET records = (SELECT count(*) FROM records WHERE device = devices.row);
)sql";

// Extensions of a record, as sqlite_rows.cpp writes them: which cells are bled, which faults there are.
constexpr const char* kFaults = R"sql(
ALTER TABLE records ADD COLUMN balancing TEXT NOT NULL DEFAULT '';
ALTER TABLE records ADD COLUMN faults TEXT NOT NULL DEFAULT '-';
)sql";

constexpr std::array kSteps{kFirst, kKeys, kCounts, kFaults};

std::size_t version_of(Database& database) {
  Statement version(database, "PRAGMA user_version");
  version.begin().step();
  return static_cast<std::size_t>(version.integer(0));
}

}  // namespace

void prepare_schema(Database& database) {
  Transaction transaction(database);
  std::size_t version = version_of(database);
  if (version > kSteps.size()) throw SqliteError("it was written by a newer version of packbench");
  if (version == kSteps.size()) return;  // nothing is written, so a full disk can be read
  for (; version < kSteps.size(); ++version) database.execute(kSteps[version]);
  database.execute(("PRAGMA user_version=" + std::to_string(version)).c_str());
  transaction.commit();
}

}  // namespace packbench::hil::api
