#include "hil/api/store/sqlite_room.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace packbench::hil::api {
namespace {

// Of ours: a change of one record touches less than eight pages, of a few records not many more.
constexpr std::int64_t kPage = 4096, kSparePages = 16;
constexpr off_t kLog = kSparePages * (kPage + 24) + 32;  // frames with their headers (SQLite, File Format, 4.1)

bool shorter(const std::string& file, off_t bytes) {
  struct stat now {};
  return stat(file.c_str(), &now) != 0 || now.st_size < bytes;
}

}  // namespace

SpareRoom::SpareRoom(Database& database, const std::string& file)
    : database_(database),
      file_(file == ":memory:" ? "" : file),
      pages_(database, "SELECT page_count, freelist_count FROM pragma_page_count, pragma_freelist_count") {
  int chunk = kPage;  // without one SQLite takes no hint
  sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_CHUNK_SIZE, &chunk);
}

void SpareRoom::take() {
  if (file_.empty()) return;
  take_pages();
  take_log();
}

// SQLite itself lengthens the file: opening it here and closing it again would give up SQLite's locks.
void SpareRoom::take_pages() {
  pages_.begin().step();
  const std::int64_t free = std::min(pages_.integer(1), kSparePages);
  sqlite3_int64 bytes = (pages_.integer(0) + kSparePages - free) * kPage;
  pages_.release();
  if (!shorter(file_, bytes)) return;
  if (sqlite3_file_control(database_.handle(), "main", SQLITE_FCNTL_SIZE_HINT, &bytes) != SQLITE_OK)
    throw SqliteError("database or disk is full");
}

// A log begins with a header that says which of its pages count: bytes behind them mean nothing to SQLite.
void SpareRoom::take_log() {
  const std::string log = file_ + "-wal";
  if (!shorter(log, kLog)) return;
  const int file = open(log.c_str(), O_WRONLY | O_CLOEXEC);
  const int error = file < 0 ? errno : posix_fallocate(file, 0, kLog);
  if (file >= 0) close(file);
  if (error != 0) throw SqliteError("database or disk is full");
}

void SpareRoom::give_back() noexcept {
  sqlite3_exec(database_.handle(), "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr);
  try {
    if (!file_.empty()) take_log();
  } catch (const SqliteError&) {  // who asks for room next is told
  }
}

}  // namespace packbench::hil::api
