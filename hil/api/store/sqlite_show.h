// Rows by a function of SQL: of `SELECT show(COLUMNS) FROM ...` SQLite calls it with the values of each row, in the
// order of the rows. That takes less than half the time of asking a result row for one column after the other.
//
// The order is that of ORDER BY only where an index has it; else SQLite sorts after it has called.
#pragma once

#include <exception>
#include <functional>

#include "hil/api/store/sqlite.h"

struct sqlite3_context;
struct sqlite3_value;

namespace packbench::hil::api {

class ShownRow;  // sqlite_shown_row.h

class RowShow {
 public:
  using Visitor = std::function<void(const ShownRow&)>;

  // Adds `show` to the connection, before statements that name it are prepared. Throws SqliteError.
  explicit RowShow(Database& database);
  RowShow(const RowShow&) = delete;
  RowShow& operator=(const RowShow&) = delete;

  // Runs a statement that is bound. What the visitor throws ends the run and is thrown here.
  void run(Statement& statement, const Visitor& visitor);

 private:
  static void show(sqlite3_context* context, int count, sqlite3_value** values) noexcept;

  const Visitor* visitor_ = nullptr;
  std::exception_ptr thrown_;
};

}  // namespace packbench::hil::api
