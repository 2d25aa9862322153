#include "hil/api/store/sqlite.h"

#include <sqlite3.h>
#include <sys/stat.h>

namespace packbench::hil::api {
namespace {

// Before the first database: SQLite counts every piece of memory, under a lock that all threads share, for statistics
// that nobody asks for.
void leave_memory_uncounted() {
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(configured);
}

}  // namespace

Database::Database(const std::string& path) {
  leave_memory_uncounted();
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    const std::string why = handle_ ? sqlite3_errmsg(handle_) : "out of memory";
    sqlite3_close(handle_);
    throw SqliteError(why);
  }
  if (sqlite3_db_readonly(handle_, "main") == 1) {  // SQLite would open it nevertheless
    sqlite3_close(handle_);
    throw SqliteError("it may only be read");
  }
  sqlite3_busy_timeout(handle_, 2000);
  sqlite3_exec(handle_, "PRAGMA cell_size_check=ON", nullptr, nullptr, nullptr);  // of damaged pages more is noticed
  if (path != ":memory:") log_ = path + "-wal";
}

Database::~Database() { sqlite3_close(handle_); }

void Database::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Database::changes() const { return sqlite3_changes(handle_); }

std::int64_t Database::all_changes() const { return sqlite3_total_changes64(handle_); }

void Database::check_place() {
  if (log_.empty()) return;
  int moved = 0;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  struct stat log {};
  if (stat(log_.c_str(), &log) != 0 || log_id_.value_or(log.st_ino) != log.st_ino) moved = 1;
  if (moved) throw SqliteError("its file was deleted or replaced while it is open; start anew");
  log_id_ = log.st_ino;
}

void Database::empty_log() noexcept {
  sqlite3_exec(handle_, "PRAGMA wal_checkpoint(PASSIVE)", nullptr, nullptr, nullptr);
}

void Database::fail() const { throw SqliteError(sqlite3_errmsg(handle_)); }

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  if (sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                         &handle_, nullptr) != SQLITE_OK) {
    database.fail();
  }
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::begin() {
  if (begun_) release();  // left in the middle
  begun_ = true;
  return *this;
}

void Statement::release() noexcept {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  next_ = 1;
  begun_ = false;
}

Statement& Statement::bind(std::int64_t value) {
  if (sqlite3_bind_int64(handle_, next_++, value) != SQLITE_OK) database_.fail();
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  const auto length = static_cast<int>(value.size());
  if (sqlite3_bind_text(handle_, next_++, value.data(), length, SQLITE_STATIC) != SQLITE_OK) database_.fail();
  return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value) {
  if (value) return bind(*value);
  if (sqlite3_bind_null(handle_, next_++) != SQLITE_OK) database_.fail();
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) {
    const std::string why = sqlite3_errmsg(database_.handle());
    release();
    throw SqliteError(why);
  }
  release();
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  const std::int64_t value = integer(column);  // of NULL 0
  if (value == 0 && sqlite3_column_type(handle_, column) == SQLITE_NULL) return std::nullopt;
  return value;
}

std::string Statement::text(int column) const { return std::string(view(column)); }

std::string_view Statement::view(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (!bytes) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

Transaction::Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
  database_.check_place();
}

}  // namespace packbench::hil::api
