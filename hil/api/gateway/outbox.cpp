#include "hil/api/gateway/outbox.h"

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "hil/api/store/sqlite.h"
#include "hil/api/store/sqlite_room.h"
#include "hil/api/values/digest.h"
#include "hil/api/values/record_json.h"

namespace packbench::hil::api {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS about(device_id TEXT NOT NULL, next_sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS waiting(sequence INTEGER PRIMARY KEY, measured_ms INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS set_aside(sequence INTEGER PRIMARY KEY, measured_ms INTEGER NOT NULL, json TEXT NOT NULL,
  reason TEXT NOT NULL);
)sql";

constexpr std::int64_t kFew = 8;  // records that a full disk lets go of in one change: those that the spare room is for
constexpr std::int64_t kVersion = 1, kBufferFile = 0x70626F78;  // "pbox"

std::int64_t number(Database& database, const char* pragma) {
  Statement statement(database, pragma);
  statement.begin().step();
  return statement.integer(0);
}

// Buffers of version 0 did not say that they are buffers.
void check_kind(Database& database) {
  const std::int64_t kind = number(database, "PRAGMA application_id"),
                     version = number(database, "PRAGMA user_version");
  const bool old =
      kind == 0 && version == 0 &&
      number(database, "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'") ==
          number(database, "SELECT count(*) FROM sqlite_schema WHERE name IN ('about','waiting','set_aside')");
  if (kind != kBufferFile && !old) throw SqliteError("it is a database, but not a buffer of packbench gateway");
  if (version > kVersion) throw SqliteError("it was written by a newer version of packbench");
  if (old) database.execute("PRAGMA application_id=0x70626F78; PRAGMA user_version=1");
}

std::int64_t random_start() { return static_cast<std::int64_t>(std::stoull(random_hex(6), nullptr, 16)); }

}  // namespace

struct Outbox::Data {
  explicit Data(OutboxOptions chosen) : options(std::move(chosen)), database(options.file) { prepare(); }

  void prepare() {
    // Exclusive: another process that opens the file is told that it is locked.
    database.execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    Transaction transaction(database);
    check_kind(database);
    database.execute(kSchema);
    Statement about(database, "SELECT device_id, next_sequence FROM about");
    if (about.begin().step()) {
      belongs_to = about.text(0);
      next_sequence = about.integer(1);
    } else {
      belongs_to = options.device_id;
      next_sequence = random_start();
      Statement(database, "INSERT INTO about VALUES(?, ?)")
          .begin()
          .bind(std::string_view(belongs_to))
          .bind(next_sequence)
          .run();
    }
    about.release();
    Statement count(database, "SELECT (SELECT count(*) FROM waiting), (SELECT count(*) FROM set_aside)");
    count.begin().step();
    waiting = count.integer(0);
    set_aside = count.integer(1);
    count.release();
    transaction.commit();
    rows = std::make_unique<Rows>(database);
    room = std::make_unique<SpareRoom>(database, options.file);
    if (belongs_to == options.device_id) return;
    throw std::invalid_argument("The buffer " + options.file + " holds records of the device " + belongs_to +
                                ", not of " + options.device_id + ".");
  }

  void keep(Record record) {
    const std::int64_t sequence = next_sequence;
    if (record.id.empty()) record.id = time_uuid(record.measured_ms, sequence);
    if (record.boot && !record.sequence) record.sequence = sequence;
    std::string json;
    append_record(json, options.device_id, record, RecordForm::ingest);
    room->take();
    Transaction transaction(database);
    rows->insert.begin().bind(sequence).bind(record.measured_ms).bind(std::string_view(json)).run();
    rows->count.begin().bind(sequence + 1).run();
    transaction.commit();
    next_sequence = sequence + 1;
    ++waiting;
  }

  std::optional<std::int64_t> first() {
    rows->first.begin().step();
    const auto sequence = rows->first.optional_integer(0);
    rows->first.release();
    return sequence;
  }

  void remove_through(std::int64_t sequence) {
    rows->remove.begin().bind(sequence).run();
    waiting -= database.changes();
  }

  void move_aside(std::int64_t sequence, const std::string& reason) {
    Transaction transaction(database);
    Statement keep(database,
                   "INSERT INTO set_aside SELECT sequence, measured_ms, json, ? FROM waiting WHERE sequence = ?");
    keep.begin().bind(std::string_view(reason)).bind(sequence).run();
    Statement(database, "DELETE FROM waiting WHERE sequence = ?").begin().bind(sequence).run();
    Statement oldest(database,
                     "DELETE FROM set_aside WHERE sequence <= (SELECT sequence FROM set_aside ORDER BY sequence DESC "
                     "LIMIT 1 OFFSET ?)");
    oldest.begin().bind(options.most_set_aside).run();
    const std::int64_t forgotten = database.changes();
    transaction.commit();
    --waiting;
    set_aside += 1 - forgotten;
  }

  // Once more with what the log held given back, when the disk does not take it.
  template <typename Change>
  void insist(const Change& change) {
    try {
      change();
    } catch (const SqliteError&) {
      room->give_back();
      change();
    }
  }

  // What every record needs, prepared once there are tables.
  struct Rows {
    explicit Rows(Database& database)
        : insert(database, "INSERT INTO waiting VALUES(?, ?, ?)"),
          count(database, "UPDATE about SET next_sequence = ?"),
          front(database,
                "SELECT sequence, measured_ms, json FROM waiting WHERE sequence > ? ORDER BY sequence LIMIT ?"),
          first(database, "SELECT min(sequence) FROM waiting"),
          remove(database, "DELETE FROM waiting WHERE sequence <= ?") {}
    Statement insert, count, front, first, remove;
  };

  OutboxOptions options;
  Database database;
  std::unique_ptr<Rows> rows;
  std::unique_ptr<SpareRoom> room;
  std::mutex mutex;
  std::string belongs_to;
  std::int64_t next_sequence = 0, waiting = 0, set_aside = 0;
};

Outbox::Outbox(OutboxOptions options) : data_(std::make_unique<Data>(std::move(options))) {}
Outbox::~Outbox() = default;

bool Outbox::put(Record record) {
  Data& data = *data_;
  const std::lock_guard lock(data.mutex);
  if (data.waiting >= data.options.most) return false;
  data.insist([&] { data.keep(record); });
  return true;
}

std::vector<Waiting> Outbox::front(std::int64_t after, std::size_t most) {
  Data& data = *data_;
  const std::lock_guard lock(data.mutex);
  Statement& select = data.rows->front;
  select.begin().bind(after).bind(static_cast<std::int64_t>(most));
  std::vector<Waiting> found;
  while (select.step()) found.push_back({select.integer(0), select.integer(1), select.text(2)});
  return found;
}

void Outbox::delivered_through(std::int64_t sequence) {
  Data& data = *data_;
  const std::lock_guard lock(data.mutex);
  try {
    data.remove_through(sequence);
  } catch (const SqliteError&) {
    for (auto first = data.first(); first && *first <= sequence; first = data.first())
      data.insist([&] { data.remove_through(std::min(*first + kFew - 1, sequence)); });
  }
}

void Outbox::set_aside(std::int64_t sequence, const std::string& reason) {
  Data& data = *data_;
  const std::lock_guard lock(data.mutex);
  data.insist([&] { data.move_aside(sequence, reason); });
}

OutboxCounts Outbox::counts() {
  Data& data = *data_;
  const std::lock_guard lock(data.mutex);
  OutboxCounts counts{data.waiting, data.set_aside, std::nullopt, data.next_sequence};
  try {
    Statement oldest(data.database, "SELECT measured_ms FROM waiting ORDER BY sequence LIMIT 1");
    if (oldest.begin().step()) counts.oldest_ms = oldest.integer(0);
  } catch (const SqliteError&) {  // front() says it
  }
  return counts;
}

}  // namespace packbench::hil::api
