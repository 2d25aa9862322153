// Small owners of libpq's handles: a connection whose every wait has an end, prepared statements, results.
//
// Parameters and values are binary: integers of 64 bits, bytes as they are (so a text may hold anything, in any
// encoding of the database), arrays of both. Statements are queued and sent together; one wait brings all their
// results.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hil/api/store/postgres_place.h"

struct pg_conn;
struct pg_result;

namespace packbench::hil::api {

// What PostgreSQL did not do. The text is for the operator's log, never for an HTTP answer.
class PostgresError : public std::runtime_error {
 public:
  enum class Trouble {
    lost,      // the connection is of no use any more
    slow,      // no answer in time, by our patience or the server's
    conflict,  // with another writer; a repetition may go through
    refused    // the server said no; the connection goes on
  };
  PostgresError(Trouble kind, const std::string& what) : std::runtime_error(what), trouble(kind) {}
  Trouble trouble;
};

class PostgresResult {
 public:
  explicit PostgresResult(pg_result* handle);

  int rows() const;
  std::int64_t changed() const;  // rows that the statement changed
  std::string_view tag() const;  // what the statement was, in the server's words

  class Row {
   public:
    Row(const pg_result* handle, int row) : handle_(handle), row_(row) {}
    std::int64_t integer(int column) const;  // also of a boolean
    std::optional<std::int64_t> optional_integer(int column) const;
    std::string text(int column) const { return std::string(view(column)); }
    std::string_view view(int column) const;  // while there is the result

   private:
    const pg_result* handle_;
    int row_;
  };
  Row row(int number) const { return {handle_.get(), number}; }

 private:
  struct Clear {
    void operator()(pg_result* handle) const;
  };
  std::unique_ptr<pg_result, Clear> handle_;
};

// The parameters of one run of a statement, in order.
class PostgresParameters {
 public:
  PostgresParameters& bind(std::int64_t value);
  PostgresParameters& bind(std::string_view bytes);
  PostgresParameters& bind(std::optional<std::int64_t> value);
  PostgresParameters& bind(std::span<const std::optional<std::int64_t>> values);  // bigint[]
  PostgresParameters& bind(std::span<const std::string_view> values);             // bytea[]

 private:
  friend class PostgresConnection;
  std::vector<std::optional<std::string>> values_;
};

class PostgresConnection {
 public:
  // To a server that can be written. `patience` ends every later wait. Throws PostgresError.
  PostgresConnection(const PostgresPlace& place, std::chrono::milliseconds patience);

  void set_patience(std::chrono::milliseconds patience) { patience_ = patience; }
  bool broken() const { return broken_; }                         // nothing more will come of it
  void prepare(const std::string& name, const std::string& sql);  // queued
  void send(const char* name, const PostgresParameters& parameters = {});
  void send_once(const char* sql);  // queued: a statement that is not prepared
  // The results of what was queued, in order; after an error none of it took effect but in a transaction that is still
  // open and must be rolled back.
  std::vector<PostgresResult> receive();
  PostgresResult run(const char* name, const PostgresParameters& parameters = {});
  PostgresResult run_once(const char* sql);

 private:
  struct Close {
    void operator()(pg_conn* handle) const;
  };
  using Deadline = std::chrono::steady_clock::time_point;
  [[noreturn]] void lose();
  [[noreturn]] void give_up();
  void wait(bool to_write, Deadline deadline);
  pg_result* next(Deadline deadline);

  std::unique_ptr<pg_conn, Close> handle_;
  std::chrono::milliseconds patience_;
  bool broken_ = false;
};

// Rolls back unless it was committed.
class PostgresTransaction {
 public:
  explicit PostgresTransaction(PostgresConnection& connection);  // BEGIN is queued
  ~PostgresTransaction();
  PostgresTransaction(const PostgresTransaction&) = delete;
  PostgresTransaction& operator=(const PostgresTransaction&) = delete;
  // Sends what is queued with COMMIT. When it throws because the connection was lost, nobody knows whether it was made.
  std::vector<PostgresResult> commit();

 private:
  PostgresConnection& connection_;
  bool open_ = true;
};

}  // namespace packbench::hil::api
