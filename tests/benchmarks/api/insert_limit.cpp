// The limit that ingest is measured against: rows like those of the store put into its tables by SQLite alone, with the
// same indexes, the same durability (WAL, synchronous=FULL) and as many rows in a transaction. No HTTP, no JSON, no
// checks: the values are ready, and bound to one prepared statement.
//   api_insert_limit FILE RECORDS TOGETHER     FILE: a store that serves, with the device D1; prints records per second
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

void check(bool good, sqlite3* database) {
  if (!good) std::fprintf(stderr, "%s\n", sqlite3_errmsg(database)), std::exit(2);
}

void run(sqlite3* database, const char* sql) {
  check(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, database);
}

constexpr const char* kInsert =
    "INSERT INTO records(device, measured_ms, id, arrived_s, boot, sequence, device_name, pack_dmV, cells_dmV, "
    "temperature_mdegC, current_mA, soc_pctpct, ocv_soc_pctpct, soh_pctpct, bms_state, main_contactor, "
    "charger_contactor, temperatures_mdegC, balancing, faults) "
    "VALUES(?5,?1,?2,?3,1,?4,'D1',412708,'27590,27612,27512,28052,27405,27430,27905,28156,27405,26405,27590,"
    "27430,27512,27612,27981',27315,0,2102,2182,0,'DISCHARGING',1,0,'','','-') ON CONFLICT DO NOTHING";

std::int64_t device_row(sqlite3* database) {
  sqlite3_stmt* find = nullptr;
  check(sqlite3_prepare_v2(database, "SELECT row FROM devices WHERE device_id='D1'", -1, &find, nullptr) == SQLITE_OK,
        database);
  check(sqlite3_step(find) == SQLITE_ROW, database);
  const std::int64_t row = sqlite3_column_int64(find, 0);
  sqlite3_finalize(find);
  return row;
}

void insert(sqlite3* database, sqlite3_stmt* statement, std::int64_t i, const std::string& id) {
  constexpr std::int64_t kStart_ms = 1'600'000'000'000;
  sqlite3_bind_int64(statement, 1, kStart_ms + i * 1000);
  sqlite3_bind_text(statement, 2, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
  sqlite3_bind_int64(statement, 3, kStart_ms / 1000 + i);
  sqlite3_bind_int64(statement, 4, i);
  check(sqlite3_step(statement) == SQLITE_DONE, database);
  sqlite3_reset(statement);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "Use: api_insert_limit FILE RECORDS TOGETHER\n"), 2;
  const std::int64_t records = std::atoll(argv[2]), together = std::atoll(argv[3]);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // as the store
  sqlite3* database = nullptr;
  check(sqlite3_open(argv[1], &database) == SQLITE_OK, database);
  run(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA foreign_keys=ON");
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database, kInsert, -1, &statement, nullptr) == SQLITE_OK, database);
  sqlite3_bind_int64(statement, 5, device_row(database));
  std::vector<std::string> ids(static_cast<std::size_t>(records));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    char id[64];
    // In the order of boot and sequence, as the ids of a device's records are.
    std::snprintf(id, sizeof id, "0001%04zx-%04zx-8000-8000-%012zx", i >> 16, i & 0xFFFFu, i * 2654435761u);
    ids[i] = id;
  }
  const auto begin = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < records; i += together) {
    run(database, "BEGIN IMMEDIATE");
    for (std::int64_t k = i; k < i + together && k < records; ++k)
      insert(database, statement, k, ids[static_cast<std::size_t>(k)]);
    run(database, "COMMIT");
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  sqlite3_finalize(statement);
  sqlite3_close(database);
  std::printf("%.0f\n", static_cast<double>(records) / took.count());
  return 0;
}
