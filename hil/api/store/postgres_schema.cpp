#include "hil/api/store/postgres_schema.h"

#include <array>

namespace packbench::hil::api {
namespace {

// Texts are bytes: ids are ordered byte by byte and hold whatever a client sent. A device's row is locked before its
// records are written, so a foreign key would only cost. Room is left in the page of a device, whose row changes with
// every batch.
constexpr std::array kFirst{
    R"sql(CREATE TABLE devices(
  row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization bigint NOT NULL, device_id bytea NOT NULL,
  name bytea NOT NULL, model bytea NOT NULL, location bytea NOT NULL, status bytea NOT NULL, last_connected_ms bigint,
  created_ms bigint NOT NULL, updated_ms bigint NOT NULL, cell_count bigint, records bigint NOT NULL DEFAULT 0,
  UNIQUE(organization, device_id)) WITH (fillfactor=50))sql",
    R"sql(CREATE TABLE records(
  device bigint NOT NULL, measured_ms bigint NOT NULL, id bytea NOT NULL, arrived_s bigint NOT NULL, boot bigint,
  sequence bigint, device_name bytea NOT NULL, pack_dmV bigint, cells_dmV bytea NOT NULL, temperature_mdegC bigint,
  current_mA bigint, soc_pctpct bigint, ocv_soc_pctpct bigint, soh_pctpct bigint, bms_state bytea NOT NULL,
  main_contactor boolean NOT NULL, charger_contactor boolean NOT NULL, temperatures_mdegC bytea NOT NULL,
  balancing bytea NOT NULL, faults bytea NOT NULL, PRIMARY KEY(device, measured_ms, id)))sql",
    "CREATE UNIQUE INDEX records_by_id ON records(device, id)",
    "CREATE UNIQUE INDEX records_by_sequence ON records(device, boot, sequence) "
    "WHERE boot IS NOT NULL AND sequence IS NOT NULL",
    R"sql(CREATE TABLE idempotency(
  organization bigint NOT NULL, key bytea NOT NULL, body_digest bytea NOT NULL, used_ms bigint NOT NULL,
  accepted bigint NOT NULL, duplicates bigint NOT NULL, PRIMARY KEY(organization, key)))sql",
    "CREATE INDEX idempotency_by_age ON idempotency(used_ms)",
    R"sql(CREATE TABLE api_keys(
  id bytea PRIMARY KEY, secret_digest bytea NOT NULL, name bytea NOT NULL, organization bigint NOT NULL,
  scopes bigint NOT NULL, created_ms bigint NOT NULL, expires_ms bigint, revoked_ms bigint))sql",
    R"sql(CREATE VIEW telemetry AS SELECT organization, encode(device_id, 'escape') AS device_id,
  to_timestamp(measured_ms / 1000.0) AS measured, to_timestamp(arrived_s) AS arrived, encode(id, 'escape') AS id,
  boot, sequence, pack_dmV / 10000.0 AS pack_voltage_V,
  string_to_array(encode(cells_dmV, 'escape'), ',', 'x')::bigint[] AS cells_dmV,
  temperature_mdegC / 1000.0 AS temperature_degC, current_mA / 1000.0 AS current_A, soc_pctpct / 100.0 AS soc_pct,
  ocv_soc_pctpct / 100.0 AS ocv_soc_pct, soh_pctpct / 100.0 AS soh_pct, encode(bms_state, 'escape') AS bms_state,
  main_contactor, charger_contactor FROM records JOIN devices ON devices.row = records.device)sql"};

using Step = std::span<const char* const>;
constexpr std::array<Step, 1> kSteps{kFirst};

constexpr std::chrono::minutes kStepPatience{10};

std::size_t version_of(PostgresConnection& connection) {
  const auto table = connection.run_once("SELECT to_regclass('packbench_store') IS NOT NULL");
  if (table.row(0).integer(0) == 0) return 0;
  const auto version = connection.run_once("SELECT version FROM packbench_store");
  return version.rows() == 0 ? 0 : static_cast<std::size_t>(version.row(0).integer(0));
}

void take_steps(PostgresConnection& connection) {
  PostgresTransaction transaction(connection);
  connection.send_once("SET LOCAL statement_timeout='10min'");
  connection.send_once("SET LOCAL lock_timeout='10min'");
  connection.send_once("SELECT pg_advisory_xact_lock(1885433707, 1)");  // any number that others do not use
  connection.send_once("CREATE TABLE IF NOT EXISTS packbench_store(version bigint NOT NULL)");
  connection.send_once("INSERT INTO packbench_store SELECT 0 WHERE NOT EXISTS (SELECT FROM packbench_store)");
  connection.send_once("SELECT version FROM packbench_store");
  auto version = static_cast<std::size_t>(connection.receive().back().row(0).integer(0));
  for (; version < kSteps.size(); ++version) {
    for (const char* sql : kSteps[version]) connection.send_once(sql);
    connection.send_once("UPDATE packbench_store SET version=version+1");
  }
  transaction.commit();
}

}  // namespace

void prepare_schema(PostgresConnection& connection) {
  const std::size_t version = version_of(connection);
  if (version > kSteps.size()) {
    throw PostgresError(PostgresError::Trouble::refused, "it was written by a newer version of packbench");
  }
  if (version == kSteps.size()) return;
  connection.set_patience(kStepPatience);
  take_steps(connection);
}

}  // namespace packbench::hil::api
