#include "hil/api/store/sqlite_store.h"

#include <algorithm>

#include "hil/api/store/sqlite_rows.h"
#include "hil/api/store/sqlite_schema.h"
#include "hil/api/store/sqlite_shown_row.h"

namespace packbench::hil::api {
namespace {

std::string select(std::string_view columns, std::string_view rest) {
  return "SELECT " + std::string(columns) + " FROM " + std::string(rest);
}

std::string insert_into(std::string_view table, std::string_view columns) {
  std::string places = "?";
  for (auto i = std::ranges::count(columns, ','); i > 0; --i) places += ",?";
  return "INSERT INTO " + std::string(table) + "(" + std::string(columns) + ") VALUES(" + places +
         ") ON CONFLICT DO NOTHING";
}

// One page in the direction of the order, shown row by row: behind a place, within [from, to).
std::string page(Order order, Fields fields) {
  const bool up = order == Order::ascending;
  return select("show(" + std::string(fields == Fields::all ? kRecordColumns : kDocumentColumns) + ")",
                "records WHERE device=? AND measured_ms>=? AND measured_ms<? AND (measured_ms, id)" +
                    std::string(up ? ">" : "<") + "(?,?) ORDER BY measured_ms" + (up ? ", id" : " DESC, id DESC") +
                    " LIMIT ?");
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

// Ends a run however it is left.
struct Release {
  Statement& statement;
  ~Release() { statement.release(); }
};

// The one row of a statement that is bound, or nothing.
template <class Read>
auto one_row(Statement& statement, Read&& read) -> std::optional<decltype(read(statement))> {
  if (!statement.step()) return std::nullopt;
  auto value = read(statement);
  statement.release();
  return value;
}

std::int64_t integer_of(const Statement& row) { return row.integer(0); }

template <class Read>
auto all_rows(Statement& statement, Read&& read) {
  std::vector<decltype(read(statement))> rows;
  while (statement.step()) rows.push_back(read(statement));
  return rows;
}

}  // namespace

SqliteStore::Opened::Opened(const std::string& path) try : database(path) {
  if (path != ":memory:")
    database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536");
  database.execute("PRAGMA foreign_keys=ON");
  prepare_schema(database);
} catch (const SqliteError& error) {
  throw StoreError("The store " + path + " cannot be opened for writing: " + error.what() + ".");
}

SqliteStore::SqliteStore(const std::string& path)
    : opened_(path),
      show_(database_),
      find_device_(database_, select(kDeviceColumns, "devices WHERE organization=? AND device_id=?")),
      list_devices_(database_,
                    select(kDeviceColumns, "devices WHERE organization=? AND device_id>? ORDER BY device_id LIMIT ?")),
      add_device_(database_, insert_into("devices", kDeviceColumns)),
      device_row_(database_, "SELECT row, last_connected_ms FROM devices WHERE organization=? AND device_id=?"),
      connected_(database_, "UPDATE devices SET last_connected_ms=?, records=records+? WHERE row=?"),
      find_once_(database_, "SELECT body_digest, accepted, duplicates FROM idempotency WHERE organization=? AND key=?"),
      add_once_(database_, insert_into("idempotency", "organization, key, body_digest, used_ms, accepted, duplicates")),
      insert_(database_, insert_into("records", "device, " + std::string(kRecordColumns))),
      latest_(database_, select(kRecordColumns, "records WHERE device=? ORDER BY measured_ms DESC, id DESC LIMIT 1")),
      ascending_(database_, page(Order::ascending, Fields::all)),
      descending_(database_, page(Order::descending, Fields::all)),
      ascending_document_(database_, page(Order::ascending, Fields::document)),
      descending_document_(database_, page(Order::descending, Fields::document)),
      add_key_(database_, insert_into("api_keys", kKeyColumns)),
      find_key_(database_, select(kKeyColumns, "api_keys WHERE id=?")),
      list_keys_(database_, select(kKeyColumns, "api_keys ORDER BY created_ms, id")),
      revoke_key_(database_, "UPDATE api_keys SET revoked_ms=? WHERE id=? AND revoked_ms IS NULL"),
      version_(database_, "PRAGMA data_version") {}

std::vector<Device> SqliteStore::devices(std::int64_t organization, const std::string& after_id, std::int64_t limit) {
  return guarded([&] {
    list_devices_.begin().bind(organization).bind(std::string_view(after_id)).bind(limit);
    return all_rows(list_devices_, read_device<Statement>);
  });
}

std::optional<Device> SqliteStore::find_device(std::int64_t organization, const std::string& device_id) {
  return guarded([&] {
    find_device_.begin().bind(organization).bind(std::string_view(device_id));
    return one_row(find_device_, read_device<Statement>);
  });
}

std::optional<std::int64_t> SqliteStore::device_row(std::int64_t organization, const std::string& device_id) {
  device_row_.begin().bind(organization).bind(std::string_view(device_id));
  return one_row(device_row_, integer_of);
}

std::vector<Changed> SqliteStore::apply(std::span<const Change> changes) {
  return guarded([&] {
    try {
      Transaction transaction(database_);
      std::vector<Changed> done;
      for (const Change& change : changes) done.push_back(make(change));
      transaction.commit();
      return done;
    } catch (const SqliteError&) {
      database_.empty_log();
      throw;
    }
  });
}

// What the change's Idempotency-Key was used for before.
std::optional<Changed> SqliteStore::earlier(const Change& change) {
  find_once_.begin().bind(change.organization).bind(std::string_view(change.once->key));
  return one_row(find_once_, [&](const Statement& row) {
    if (row.text(0) != change.once->request_digest) return Changed{Outcome::key_conflict, {}};
    return Changed{Outcome::replayed, {row.integer(1), row.integer(2)}};
  });
}

namespace {

// The thread that reads records runs on another core, so what it wrote is far away; there is time to bring the next
// one near while this one is inserted.
void fetch_early(const Record& record) {
  constexpr std::size_t kLine = 64;
  const auto* const bytes = reinterpret_cast<const char*>(&record);
  for (std::size_t at = 0; at < sizeof record; at += kLine) __builtin_prefetch(bytes + at);
}

// For why it is refused, if it is.
void wait_for_rest(const Change& change) {
  if (const auto* ingest = std::get_if<Ingest>(&change.what)) each_slice(*ingest, [](std::span<const Record>) {});
}

}  // namespace

Changed SqliteStore::make(const Change& change) {
  if (change.once) {
    if (const auto before = earlier(change)) return wait_for_rest(change), *before;
  }
  const auto* device = std::get_if<Device>(&change.what);
  const Changed done = device ? add(*device) : add(change, std::get<Ingest>(change.what));
  if (change.once && done.outcome == Outcome::made) {
    add_once_.begin().bind(change.organization).bind(std::string_view(change.once->key));
    add_once_.bind(std::string_view(change.once->request_digest)).bind(change.now_ms);
    add_once_.bind(done.count.accepted).bind(done.count.duplicates).run();
  }
  return done;
}

Changed SqliteStore::add(const Device& device) {
  insert_device(add_device_, device);
  return {database_.changes() == 1 ? Outcome::made : Outcome::exists, {}};
}

Changed SqliteStore::add(const Change& change, const Ingest& ingest) {
  device_row_.begin().bind(change.organization).bind(std::string_view(ingest.device_id));
  const auto device =
      one_row(device_row_, [](const Statement& row) { return std::pair(row.integer(0), row.optional_integer(1)); });
  if (!device) throw std::invalid_argument("insert: no device " + ingest.device_id);
  const std::int64_t arrival_ms = std::max(change.now_ms, device->second.value_or(change.now_ms));
  Changed done;
  each_slice(ingest, [&](std::span<const Record> records) {
    for (const Record& record : records) {
      if (&record != &records.back()) fetch_early(*(&record + 1));
      insert_record(insert_, device->first, record, arrival_ms / 1000);
      ++(database_.changes() == 1 ? done.count.accepted : done.count.duplicates);
    }
  });
  connected_.begin().bind(arrival_ms).bind(done.count.accepted).bind(device->first).run();
  return done;
}

std::optional<Record> SqliteStore::latest(std::int64_t organization, const std::string& device_id) {
  return guarded([&]() -> std::optional<Record> {
    const std::optional<std::int64_t> device = device_row(organization, device_id);
    if (!device) return std::nullopt;
    latest_.begin().bind(*device);
    return one_row(latest_, read_record<Statement>);
  });
}

std::vector<Record> SqliteStore::range(std::int64_t organization, const std::string& device_id,
                                       const RangeQuery& query) {
  std::vector<Record> records;
  visit(organization, device_id, query, [&records](const Record& record) { records.push_back(record); });
  return records;
}

// The bounds are drawn in to the place, so that a page far into a range is found at once.
void SqliteStore::visit(std::int64_t organization, const std::string& device_id, const RangeQuery& query,
                        const std::function<void(const Record&)>& visitor) {
  guarded([&] {
    const std::optional<std::int64_t> device = device_row(organization, device_id);
    if (!device) return;
    const bool up = query.order == Order::ascending;
    const Cursor after = query.after.value_or(up ? Cursor{query.from_ms, ""} : Cursor{query.to_ms, ""});
    const std::int64_t from_ms = up ? std::max(query.from_ms, after.measured_ms) : query.from_ms;
    const std::int64_t to_ms = up ? query.to_ms : std::min(query.to_ms, after.measured_ms + 1);
    const bool all = query.fields == Fields::all;
    Statement& rows = all ? (up ? ascending_ : descending_) : (up ? ascending_document_ : descending_document_);
    rows.begin().bind(*device).bind(from_ms).bind(to_ms).bind(after.measured_ms);
    rows.bind(std::string_view(after.id)).bind(query.limit);
    const Release release{rows};
    if (!all) visited_ = {};
    show_.run(rows, [&](const ShownRow& row) {
      all ? read_record_into(visited_, row) : read_document_into(visited_, row);
      visitor(visited_);
    });
  });
}

void SqliteStore::add_key(const StoredKey& key) {
  guarded([&] { insert_key(add_key_, key); });
}

std::optional<StoredKey> SqliteStore::find_key(const std::string& id) {
  return guarded([&] {
    find_key_.begin().bind(std::string_view(id));
    return one_row(find_key_, read_key<Statement>);
  });
}

std::vector<StoredKey> SqliteStore::keys() {
  return guarded([&] { return all_rows(list_keys_.begin(), read_key<Statement>); });
}

bool SqliteStore::revoke_key(const std::string& id, std::int64_t now_ms) {
  return guarded([&] {
    revoke_key_.begin().bind(now_ms).bind(std::string_view(id)).run();
    return database_.changes() == 1;
  });
}

std::int64_t SqliteStore::forget_records(std::int64_t device, std::int64_t before_ms, std::int64_t most) {
  Statement forget(
      database_,
      "DELETE FROM records WHERE (device, measured_ms, id) IN (SELECT device, measured_ms, id FROM records "
      "WHERE device=?1 AND measured_ms<?2 AND (measured_ms, id)<(SELECT measured_ms, id FROM records "
      "WHERE device=?1 ORDER BY measured_ms DESC, id DESC LIMIT 1) ORDER BY measured_ms, id LIMIT ?3)");
  forget.begin().bind(device).bind(before_ms).bind(most).run();
  const std::int64_t forgotten = database_.changes();
  Statement counted(database_, "UPDATE devices SET records=records-? WHERE row=?");
  counted.begin().bind(forgotten).bind(device).run();
  return forgotten;
}

std::int64_t SqliteStore::forget_before(std::int64_t before_ms, std::int64_t most) {
  return guarded([&] {
    Transaction transaction(database_);
    Statement devices(database_, "SELECT row FROM devices");
    const auto rows = all_rows(devices.begin(), integer_of);
    std::int64_t forgotten = 0;
    for (const std::int64_t device : rows) {
      if (forgotten < most) forgotten += forget_records(device, before_ms, most - forgotten);
    }
    Statement keys(database_,
                   "DELETE FROM idempotency WHERE (organization, key) IN (SELECT organization, key FROM idempotency "
                   "WHERE used_ms<? LIMIT ?)");
    keys.begin().bind(before_ms).bind(most).run();
    transaction.commit();
    return forgotten;
  });
}

StoreSize SqliteStore::size() {
  return guarded([&] {
    Statement counted(database_,
                      "SELECT (SELECT total(records) FROM devices), (SELECT page_count FROM pragma_page_count) * "
                      "(SELECT page_size FROM pragma_page_size)");
    counted.begin().step();
    const StoreSize size{counted.integer(0), counted.integer(1)};
    counted.release();
    return size;
  });
}

// SQLite's data_version counts what other connections have committed; what this one changed is added.
std::optional<std::uint64_t> SqliteStore::version() {
  return guarded([&] {
    const auto others = one_row(version_.begin(), [](const Statement& row) { return row.integer(0); });
    return (static_cast<std::uint64_t>(others.value_or(0)) << 32) + static_cast<std::uint64_t>(database_.all_changes());
  });
}

void SqliteStore::check_writable() {
  guarded([&] {
    Transaction transaction(database_);
    const std::int64_t version = one_row(Statement(database_, "PRAGMA user_version").begin(), integer_of).value_or(0);
    database_.execute(("PRAGMA user_version=" + std::to_string(version)).c_str());  // which writes a page
    transaction.commit();
  });
}

}  // namespace packbench::hil::api
