// One PostgreSQL server for the tests of a program, and stores in places of their own on it.
#pragma once

#include <thread>

#include "hil/api/store/postgres_store.h"
#include "postgres_server.h"
#include "service_fixture.h"

namespace packbench::hil::api::test {

// Where durability is the question too: this server writes what it says that it has written.
inline PostgresServer& postgres() {
  static PostgresServer server({.fsync = true, .settings = {"wal_writer_delay=10s", "max_connections=40"}});
  return server;
}

class Postgres : public testing::Test {
 protected:
  static Device device(const std::string& id) {
    Device made;
    made.device_id = id, made.name = made.model = made.location = "x";
    return made;
  }
  static Change ingest(const std::string& device, std::vector<Record> records,
                       std::optional<Once> once = std::nullopt) {
    return {1, 5, Ingest{device, std::move(records)}, std::move(once)};
  }
  static RangeQuery everything() {
    RangeQuery query;
    query.to_ms = 1'000'000'000, query.limit = 1'000'000;
    return query;
  }
  // The schema of a place, for SQL of the test's own.
  static std::string schema_of(const std::string& uri) { return uri.substr(uri.rfind("3D") + 2); }
  static std::string sql(const std::string& text) { return postgres().execute(text); }
  // Ends the connections of stores, but not those of sql().
  static void end_connections() {
    sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name='packbench'");
  }
  // What opening the store says.
  static std::string trouble(const std::string& uri) {
    try {
      open_store(uri);
      return "none";
    } catch (const StoreError& error) {
      return error.what();
    }
  }
  // Repeats until there is no StoreError, at most ten seconds.
  template <class Work>
  static auto when_back(Work&& work) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (true) {
      try {
        return work();
      } catch (const StoreError&) {
        if (std::chrono::steady_clock::now() > end) throw;
        std::this_thread::yield();
      }
    }
  }

  const std::string place = postgres().new_place();
};

}  // namespace packbench::hil::api::test
