#include "hil/api/sqlite_store.h"

#include <algorithm>
#include <charconv>

namespace packbench::hil::api {
namespace {

constexpr const char* kSchema = R"sql(
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

constexpr std::string_view kDeviceColumns =
    "device_id, name, model, location, organization, status, last_connected_ms, created_ms, updated_ms, cell_count";
constexpr std::string_view kRecordColumns =
    "measured_ms, id, arrived_s, boot, sequence, device_name, pack_dmV, cells_dmV, temperature_mdegC, current_mA, "
    "soc_pctpct, "
    "ocv_soc_pctpct, soh_pctpct, bms_state, main_contactor, charger_contactor, temperatures_mdegC";

std::string select(std::string_view columns, std::string_view rest) {
  return "SELECT " + std::string(columns) + " FROM " + std::string(rest);
}

// Comma-separated integers; "x" is kNoReading.
std::string list_text(const std::vector<std::int64_t>& values) {
  std::string text;
  for (const std::int64_t value : values) {
    if (!text.empty()) text.push_back(',');
    text += value == kNoReading ? "x" : std::to_string(value);
  }
  return text;
}

std::vector<std::int64_t> list_values(const std::string& text) {
  std::vector<std::int64_t> values;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::int64_t value = kNoReading;
    std::from_chars(at, end, value);
    values.push_back(value);
    at = std::find(at, end, ',') + 1;
  }
  return values;
}

std::optional<std::int64_t> or_null(std::int64_t value) {
  return value == kNoReading ? std::nullopt : std::optional(value);
}

Device read_device(const Statement& row) {
  Device device;
  device.device_id = row.text(0);
  device.name = row.text(1);
  device.model = row.text(2);
  device.location = row.text(3);
  device.organization = row.integer(4);
  device.status = row.text(5);
  device.last_connected_ms = row.optional_integer(6);
  device.created_ms = row.integer(7);
  device.updated_ms = row.integer(8);
  if (const auto cells = row.optional_integer(9)) device.cell_count = static_cast<int>(*cells);
  return device;
}

Record read_record(const Statement& row) {
  const auto reading = [&row](int column) { return row.optional_integer(column).value_or(kNoReading); };
  Record record;
  record.measured_ms = row.integer(0);
  record.id = row.text(1);
  record.arrived_s = row.integer(2);
  record.boot = row.optional_integer(3);
  record.sequence = row.optional_integer(4);
  record.device_name = row.text(5);
  record.pack_dmV = reading(6);
  record.cell_dmV = list_values(row.text(7));
  record.temperature_mdegC = reading(8);
  record.current_mA = reading(9);
  record.soc_pctpct = reading(10);
  record.ocv_soc_pctpct = reading(11);
  record.soh_pctpct = reading(12);
  record.bms_state = row.text(13);
  record.main_contactor = row.integer(14) != 0;
  record.charger_contactor = row.integer(15) != 0;
  record.temperatures_mdegC = list_values(row.text(16));
  return record;
}

// Runs `work`, turning SQLite's trouble into the store's.
template <class Work>
auto guarded(Work&& work) {
  try {
    return work();
  } catch (const SqliteError& error) {
    throw StoreError(std::string("The store does not answer: ") + error.what() + ".");
  }
}

}  // namespace

SqliteStore::Opened::Opened(const std::string& path) try : database(path) {
  if (path != ":memory:") database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  database.execute("PRAGMA foreign_keys=ON");
  database.execute(kSchema);
  database.execute("BEGIN IMMEDIATE; COMMIT");
} catch (const SqliteError& error) {
  throw StoreError("The store " + path + " cannot be opened for writing: " + error.what() + ".");
}

SqliteStore::SqliteStore(const std::string& path)
    : opened_(path),
      find_device_(database_, select(kDeviceColumns, "devices WHERE organization=? AND device_id=?")),
      list_devices_(database_,
                    select(kDeviceColumns, "devices WHERE organization=? AND device_id>? ORDER BY device_id LIMIT ?")),
      add_device_(database_, "INSERT INTO devices(" + std::string(kDeviceColumns) +
                                 ") VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"),
      device_row_(database_, "SELECT row FROM devices WHERE organization=? AND device_id=?"),
      connected_(database_, "UPDATE devices SET last_connected_ms=? WHERE row=?"),
      find_key_(database_, "SELECT body_digest FROM idempotency WHERE organization=? AND key=?"),
      add_key_(database_,
               "INSERT INTO idempotency(organization, key, body_digest) VALUES(?,?,?) ON CONFLICT DO NOTHING"),
      insert_(database_, "INSERT INTO records(device, " + std::string(kRecordColumns) +
                             ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"),
      latest_(database_, select(kRecordColumns, "records WHERE device=? ORDER BY measured_ms DESC, id DESC LIMIT 1")),
      ascending_(database_, select(kRecordColumns,
                                   "records WHERE device=? AND measured_ms>=? AND measured_ms<? AND "
                                   "(measured_ms, id)>(?,?) ORDER BY measured_ms, id LIMIT ?")),
      descending_(database_, select(kRecordColumns,
                                    "records WHERE device=? AND measured_ms>=? AND measured_ms<? AND "
                                    "(measured_ms, id)<(?,?) ORDER BY measured_ms DESC, id DESC LIMIT ?")) {}

std::vector<Device> SqliteStore::devices(std::int64_t organization, const std::string& after_id, std::int64_t limit) {
  return guarded([&] {
    std::vector<Device> found;
    list_devices_.begin().bind(organization).bind(std::string_view(after_id)).bind(limit);
    while (list_devices_.step()) found.push_back(read_device(list_devices_));
    return found;
  });
}

std::optional<Device> SqliteStore::find_device(std::int64_t organization, const std::string& device_id) {
  return guarded([&]() -> std::optional<Device> {
    find_device_.begin().bind(organization).bind(std::string_view(device_id));
    if (!find_device_.step()) return std::nullopt;
    Device device = read_device(find_device_);
    find_device_.release();
    return device;
  });
}

bool SqliteStore::add_device(const Device& device) {
  return guarded([&] {
    const auto cells = device.cell_count ? std::optional<std::int64_t>(*device.cell_count) : std::nullopt;
    add_device_.begin().bind(std::string_view(device.device_id)).bind(std::string_view(device.name));
    add_device_.bind(std::string_view(device.model)).bind(std::string_view(device.location)).bind(device.organization);
    add_device_.bind(std::string_view(device.status)).bind(device.last_connected_ms).bind(device.created_ms);
    add_device_.bind(device.updated_ms).bind(cells).run();
    return database_.changes() == 1;
  });
}

Replay SqliteStore::replay(std::int64_t organization, const std::string& key, const std::string& body_digest) {
  return guarded([&] {
    find_key_.begin().bind(organization).bind(std::string_view(key));
    if (!find_key_.step()) return Replay::unknown_key;
    const bool same = find_key_.text(0) == body_digest;
    find_key_.release();
    return same ? Replay::same_body : Replay::other_body;
  });
}

void SqliteStore::remember(std::int64_t organization, const std::string& key, const std::string& body_digest) {
  guarded([&] {
    add_key_.begin().bind(organization).bind(std::string_view(key)).bind(std::string_view(body_digest)).run();
  });
}

std::optional<std::int64_t> SqliteStore::device_row(std::int64_t organization, const std::string& device_id) {
  device_row_.begin().bind(organization).bind(std::string_view(device_id));
  if (!device_row_.step()) return std::nullopt;
  const std::int64_t row = device_row_.integer(0);
  device_row_.release();
  return row;
}

void SqliteStore::insert_one(std::int64_t device, const Record& record) {
  const std::string cells = list_text(record.cell_dmV), temperatures = list_text(record.temperatures_mdegC);
  insert_.begin().bind(device).bind(record.measured_ms).bind(std::string_view(record.id)).bind(record.arrived_s);
  insert_.bind(record.boot).bind(record.sequence).bind(std::string_view(record.device_name));
  insert_.bind(or_null(record.pack_dmV)).bind(std::string_view(cells)).bind(or_null(record.temperature_mdegC));
  insert_.bind(or_null(record.current_mA)).bind(or_null(record.soc_pctpct)).bind(or_null(record.ocv_soc_pctpct));
  insert_.bind(or_null(record.soh_pctpct)).bind(std::string_view(record.bms_state));
  insert_.bind(std::int64_t(record.main_contactor)).bind(std::int64_t(record.charger_contactor));
  insert_.bind(std::string_view(temperatures)).run();
}

InsertCount SqliteStore::insert(std::int64_t organization, const std::string& device_id,
                                std::span<const Record> records, std::int64_t arrival_ms) {
  return guarded([&] {
    Transaction transaction(database_);
    const std::optional<std::int64_t> device = device_row(organization, device_id);
    if (!device) throw std::invalid_argument("insert: no device " + device_id);
    InsertCount count;
    for (const Record& record : records) {
      insert_one(*device, record);
      ++(database_.changes() == 1 ? count.accepted : count.duplicates);
    }
    connected_.begin().bind(arrival_ms).bind(*device).run();
    transaction.commit();
    return count;
  });
}

std::optional<Record> SqliteStore::latest(std::int64_t organization, const std::string& device_id) {
  return guarded([&]() -> std::optional<Record> {
    const std::optional<std::int64_t> device = device_row(organization, device_id);
    if (!device || !latest_.begin().bind(*device).step()) return std::nullopt;
    Record record = read_record(latest_);
    latest_.release();
    return record;
  });
}

std::vector<Record> SqliteStore::range(std::int64_t organization, const std::string& device_id,
                                       const RangeQuery& query) {
  return guarded([&] {
    std::vector<Record> found;
    const std::optional<std::int64_t> device = device_row(organization, device_id);
    if (!device) return found;
    const bool up = query.order == Order::ascending;
    const Cursor after = query.after.value_or(up ? Cursor{query.from_ms, ""} : Cursor{query.to_ms, ""});
    Statement& rows = up ? ascending_ : descending_;
    rows.begin().bind(*device).bind(query.from_ms).bind(query.to_ms).bind(after.measured_ms);
    rows.bind(std::string_view(after.id)).bind(query.limit);
    while (rows.step()) found.push_back(read_record(rows));
    return found;
  });
}

std::unique_ptr<Store> open_store(const std::string& uri) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!uri.starts_with(kScheme) || uri.size() == kScheme.size()) {
    throw std::invalid_argument("The store '" + uri + "' is not understood (expected sqlite:FILE).");
  }
  return std::make_unique<SqliteStore>(uri.substr(kScheme.size()));
}

}  // namespace packbench::hil::api
