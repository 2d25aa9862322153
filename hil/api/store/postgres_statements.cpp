#include "hil/api/store/postgres_statements.h"

#include <deque>

namespace packbench::hil::api {
namespace {

std::string select(std::string_view columns, std::string_view rest) {
  return "SELECT " + std::string(columns) + " FROM " + std::string(rest);
}

std::string places(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += (i > 1 ? ",$" : "$") + std::to_string(i);
  return text;
}

std::string insert_into(std::string_view table, std::string_view columns, std::string_view rows) {
  return "INSERT INTO " + std::string(table) + "(" + std::string(columns) + ") " + std::string(rows) +
         " ON CONFLICT DO NOTHING";
}

constexpr std::string_view kDevice = "(SELECT row FROM devices WHERE organization=$1 AND device_id=$2)";

std::string page(Order order) {
  const bool up = order == Order::ascending;
  return select(kRecordColumns, "records WHERE device=" + std::string(kDevice) +
                                    " AND measured_ms>=$3 AND measured_ms<$4 AND (measured_ms, id)" + (up ? ">" : "<") +
                                    "($5,$6) ORDER BY measured_ms" + (up ? ", id" : " DESC, id DESC") + " LIMIT $7");
}

// The columns of kRecordColumns as arrays, in their order; a row of each.
constexpr std::string_view kRecordArrays =
    "SELECT $1, measured, id, $2, boot, sequence, name, pack, cells, temperature, current, soc, ocv, soh, state, "
    "main<>0, charger<>0, temperatures, balancing, faults FROM unnest($3::bigint[], $4::bytea[], $5::bigint[], "
    "$6::bigint[], $7::bytea[], $8::bigint[], $9::bytea[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], "
    "$14::bigint[], $15::bytea[], $16::bigint[], $17::bigint[], $18::bytea[], $19::bytea[], $20::bytea[]) AS "
    "r(measured, id, boot, sequence, name, pack, cells, temperature, current, soc, ocv, soh, state, main, charger, "
    "temperatures, balancing, faults)";

// Records of a device ($1) that are older than $2, but the newest of all.
constexpr std::string_view kOld =
    "records WHERE device=$1 AND measured_ms<$2 AND (measured_ms, id)<(SELECT measured_ms, id FROM records WHERE "
    "device=$1 ORDER BY measured_ms DESC, id DESC LIMIT 1)";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

const char* const kPairs = "(SELECT * FROM unnest($1::bigint[], $2::bytea[]))";

void prepare_reading(PostgresConnection& to) {
  to.prepare("find_device", select(kDeviceColumns, "devices WHERE organization=$1 AND device_id=$2"));
  to.prepare("list_devices", select(kDeviceColumns,
                                    "devices WHERE organization=$1 AND device_id>$2 ORDER BY device_id "
                                    "LIMIT $3"));
  to.prepare("latest", select(kRecordColumns, "records WHERE device=" + std::string(kDevice) +
                                                  " ORDER BY measured_ms DESC, id DESC LIMIT 1"));
  to.prepare("ascending", page(Order::ascending));
  to.prepare("descending", page(Order::descending));
  to.prepare("find_key", select(kKeyColumns, "api_keys WHERE id=$1"));
  to.prepare("list_keys", select(kKeyColumns, "api_keys ORDER BY created_ms, id"));
  to.prepare("size",
             "SELECT (SELECT coalesce(sum(records), 0)::bigint FROM devices), pg_total_relation_size('records') + "
             "pg_total_relation_size('devices') + pg_total_relation_size('idempotency') + "
             "pg_total_relation_size('api_keys')");
}

void prepare_writing(PostgresConnection& to) {
  to.prepare("lock_keys", "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS key");
  to.prepare(
      "find_once",
      "SELECT organization, key, body_digest, accepted, duplicates FROM idempotency WHERE (organization, key) IN " +
          std::string(kPairs));
  to.prepare("lock_devices",
             "SELECT organization, device_id, row, last_connected_ms FROM devices WHERE (organization, "
             "device_id) IN " +
                 std::string(kPairs) + " ORDER BY row FOR NO KEY UPDATE OF devices");
  to.prepare("add_device", insert_into("devices", kDeviceColumns, "VALUES(" + places(10) + ")") + " RETURNING row");
  to.prepare("insert_records", insert_into("records", "device, " + std::string(kRecordColumns), kRecordArrays));
  to.prepare("connected",
             "UPDATE devices SET last_connected_ms=new.connected_ms, records=records+new.added FROM "
             "unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS new(row, connected_ms, added) WHERE "
             "devices.row=new.row");
  to.prepare("add_once",
             "INSERT INTO idempotency(organization, key, body_digest, used_ms, accepted, duplicates) SELECT * FROM "
             "unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[])");
  to.prepare("add_key", insert_into("api_keys", kKeyColumns, "VALUES(" + places(8) + ")"));
  to.prepare("revoke_key", "UPDATE api_keys SET revoked_ms=$1 WHERE id=$2 AND revoked_ms IS NULL");
  to.prepare("check_writable", "UPDATE packbench_store SET version=version");
}

void prepare_forgetting(PostgresConnection& to) {
  to.prepare("with_old_records", "SELECT row FROM devices WHERE EXISTS (SELECT 1 FROM " +
                                     replaced(replaced(std::string(kOld), "$1", "devices.row"), "$2", "$1") +
                                     ") ORDER BY row");
  to.prepare("lock_device", "SELECT row FROM devices WHERE row=$1 FOR NO KEY UPDATE");
  to.prepare("forget_records",
             "DELETE FROM records WHERE (device, measured_ms, id) IN (SELECT device, measured_ms, id "
             "FROM " +
                 std::string(kOld) + " ORDER BY measured_ms, id LIMIT $3)");
  to.prepare("count_less", "UPDATE devices SET records=records-$2 WHERE row=$1");
  to.prepare("forget_keys",
             "DELETE FROM idempotency WHERE (organization, key) IN (SELECT organization, key FROM idempotency WHERE "
             "used_ms<$1 LIMIT $2)");
}

// Columns of records as arrays.
class Columns {
 public:
  Columns(std::span<const Record* const> records, PostgresParameters& to) : records_(records), to_(to) {}

  template <class Value>
  Columns& integers(Value&& value) {
    std::vector<std::optional<std::int64_t>> column;
    for (const Record* record : records_) column.emplace_back(value(*record));
    to_.bind(std::span<const std::optional<std::int64_t>>(column));
    return *this;
  }
  Columns& readings(std::int64_t Record::*member) {
    return integers([member](const Record& record) { return or_null(record.*member); });
  }
  template <class Value>
  Columns& texts(Value&& value) {
    std::deque<std::string> made;
    std::vector<std::string_view> column;
    for (const Record* record : records_) column.emplace_back(made.emplace_back(value(*record)));
    to_.bind(std::span<const std::string_view>(column));
    return *this;
  }
  Columns& texts(std::string Record::*member) {
    std::vector<std::string_view> column;
    for (const Record* record : records_) column.emplace_back(record->*member);
    to_.bind(std::span<const std::string_view>(column));
    return *this;
  }
  Columns& lists(std::vector<std::int64_t> Record::*member) {
    return texts([member](const Record& record) { return list_text(record.*member); });
  }

 private:
  std::span<const Record* const> records_;
  PostgresParameters& to_;
};

}  // namespace

void prepare_statements(PostgresConnection& connection) {
  prepare_reading(connection);
  prepare_writing(connection);
  prepare_forgetting(connection);
  connection.receive();
}

PostgresParameters parameters_of(const Device& device) {
  const auto cells = device.cell_count ? std::optional<std::int64_t>(*device.cell_count) : std::nullopt;
  PostgresParameters parameters;
  for (const std::string& text : {device.device_id, device.name, device.model, device.location}) {
    parameters.bind(std::string_view(text));
  }
  parameters.bind(device.organization).bind(std::string_view(device.status)).bind(device.last_connected_ms);
  parameters.bind(device.created_ms).bind(device.updated_ms).bind(cells);
  return parameters;
}

PostgresParameters parameters_of(const StoredKey& key) {
  PostgresParameters parameters;
  parameters.bind(std::string_view(key.id)).bind(std::string_view(hex(key.secret_digest)));
  parameters.bind(std::string_view(key.name)).bind(key.organization).bind(std::int64_t{key.scopes});
  parameters.bind(key.created_ms).bind(key.expires_ms).bind(key.revoked_ms);
  return parameters;
}

PostgresParameters parameters_of(std::int64_t device, std::span<const Record* const> records, std::int64_t arrived_s) {
  PostgresParameters parameters;
  parameters.bind(device).bind(arrived_s);
  Columns(records, parameters)
      .integers([](const Record& record) { return record.measured_ms; })
      .texts(&Record::id)
      .integers([](const Record& record) { return record.boot; })
      .integers([](const Record& record) { return record.sequence; })
      .texts(&Record::device_name)
      .readings(&Record::pack_dmV)
      .lists(&Record::cell_dmV)
      .readings(&Record::temperature_mdegC)
      .readings(&Record::current_mA)
      .readings(&Record::soc_pctpct)
      .readings(&Record::ocv_soc_pctpct)
      .readings(&Record::soh_pctpct)
      .texts(&Record::bms_state)
      .integers([](const Record& record) { return std::int64_t{record.main_contactor}; })
      .integers([](const Record& record) { return std::int64_t{record.charger_contactor}; })
      .lists(&Record::temperatures_mdegC)
      .lists(&Record::balancing)
      .texts([](const Record& record) { return faults_text(record.faults); });
  return parameters;
}

}  // namespace packbench::hil::api
