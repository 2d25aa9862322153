// Small owners of SQLite's handles: a connection, a prepared statement, a transaction that rolls back unless committed.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace packbench::hil::api {

// What SQLite could not do. The text is for the operator's log, never for an HTTP answer.
class SqliteError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Database {
 public:
  // Opens for writing, or creates, the file; ":memory:" is a store without one. Throws SqliteError.
  explicit Database(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(const char* sql);
  std::int64_t changes() const;      // rows that the last statement changed
  std::int64_t all_changes() const;  // rows that all statements of this connection changed
  // Throws SqliteError when the file or its log was deleted or replaced while it is open: what is written goes nowhere.
  void check_place();
  // After trouble: moves the log's pages to their places, so that a full disk has the log's room again.
  void empty_log() noexcept;
  sqlite3* handle() const { return handle_; }
  [[noreturn]] void fail() const;  // throws what SQLite says

 private:
  sqlite3* handle_ = nullptr;
  std::string log_;                      // its path; empty: in memory
  std::optional<std::uint64_t> log_id_;  // its inode
};

// Prepared once, run many times: bind every parameter in order, step through the rows, reset.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Begins a run: forgets rows and parameters of the last one.
  Statement& begin();
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view value);  // must live until the run is over
  Statement& bind(std::optional<std::int64_t> value);
  bool step();              // true while there is a row
  void run();               // to the end, rows ignored
  void release() noexcept;  // ends the run, so that no read lock stays

  std::int64_t integer(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;
  std::string text(int column) const;
  std::string_view view(int column) const;  // until the next step

 private:
  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
  int next_ = 1;
  bool begun_ = false;
};

// Committed: it is in the file of this path, which is still there.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace packbench::hil::api
