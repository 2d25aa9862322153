// The room on a disk that a file of SQLite needs for giving records away, taken before it accepts any.
//
// Deleting writes too: into the log, and from there into the file, which grows by what the log holds. On a disk that is
// full, whoever filled it, neither would find room, and a file full of records that nobody needs any more could never
// be emptied. So before a record is accepted the file has a few pages that are free or behind its end, and its log
// never is shorter than a few pages; they are allocated, not only counted, as far as the file system promises that (one
// that copies on writing does not).
#pragma once

#include <string>

#include "hil/api/store/sqlite.h"

namespace packbench::hil::api {

class SpareRoom {
 public:
  // Of a database in WAL mode that no other process has open; ":memory:" needs none.
  SpareRoom(Database& database, const std::string& file);
  // Makes sure that the room is there, and throws SqliteError when it cannot be had: nothing may be accepted then.
  void take();
  // After trouble: what is in the log goes to its place, and the disk has back what the log took beyond its share.
  void give_back() noexcept;

 private:
  void take_pages();
  void take_log();
  Database& database_;
  std::string file_;  // empty: in memory
  Statement pages_;
};

}  // namespace packbench::hil::api
