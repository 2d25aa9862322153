#include "hil/api/store/postgres_store.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>

#include "hil/api/store/postgres_apply.h"
#include "hil/api/store/postgres_schema.h"
#include "hil/api/store/postgres_statements.h"

namespace packbench::hil::api {
namespace {

using Trouble = PostgresError::Trouble;

constexpr std::chrono::milliseconds kPatience{5000};
constexpr int kMostAttempts = 10;  // against conflicts with other writers

// Waits of the server are shorter than ours, so it is the one to say that it took too long. Every query has its index;
// without these settings a table that was not analysed yet may be read and sorted as a whole.
constexpr const char* kSettings[] = {
    "SET statement_timeout=4000",
    "SET lock_timeout=3500",
    "SET idle_in_transaction_session_timeout=10000",
    "SET tcp_keepalives_idle=10",
    "SET tcp_keepalives_interval=3",
    "SET tcp_keepalives_count=3",
    "SET default_transaction_isolation='read committed'",
    "SET enable_seqscan=off",
    "SET enable_bitmapscan=off",
    "SET jit=off",  // which a plan that has no index would call for
    "SET plan_cache_mode=force_generic_plan",
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit')='off'"};

std::unique_ptr<PostgresConnection> open_session(const PostgresPlace& place) {
  auto connection = std::make_unique<PostgresConnection>(place, kPatience);
  for (const char* setting : kSettings) connection->send_once(setting);
  connection->receive();
  prepare_schema(*connection);
  connection->set_patience(kPatience);
  prepare_statements(*connection);
  return connection;
}

// Warns of a server that says it has written when it has not.
void check_durability(PostgresConnection& connection) {
  if (connection.run_once("SELECT current_setting('fsync')").row(0).text(0) == "on") return;
  spdlog::warn(
      "The PostgreSQL server runs with fsync off: what it has acknowledged may be lost when its machine fails.");
}

PostgresLink::Open opening(const PostgresPlace& place) {
  return [place] {
    try {
      return open_session(place);
    } catch (const PostgresError& error) {
      throw PostgresError(error.trouble, "The store (" + place.name + ") cannot be opened: " + error.what());
    }
  };
}

template <class Read>
auto all_rows(const PostgresResult& result, Read&& read) {
  std::vector<decltype(read(result.row(0)))> rows;
  for (int i = 0; i < result.rows(); ++i) rows.push_back(read(result.row(i)));
  return rows;
}

template <class Read>
auto one_row(const PostgresResult& result, Read&& read) -> std::optional<decltype(read(result.row(0)))> {
  if (result.rows() == 0) return std::nullopt;
  return read(result.row(0));
}

using Row = PostgresResult::Row;

PostgresParameters of_device(std::int64_t organization, const std::string& device_id) {
  return PostgresParameters().bind(organization).bind(std::string_view(device_id));
}

std::int64_t forget_records(PostgresConnection& connection, std::int64_t device, std::int64_t before_ms,
                            std::int64_t most) {
  PostgresTransaction transaction(connection);
  connection.send("lock_device", PostgresParameters().bind(device));
  connection.send("forget_records", PostgresParameters().bind(device).bind(before_ms).bind(most));
  const std::int64_t forgotten = connection.receive().back().changed();
  connection.send("count_less", PostgresParameters().bind(device).bind(forgotten));
  transaction.commit();
  return forgotten;
}

}  // namespace

PostgresStore::PostgresStore(const std::string& uri) try : link_(opening(parse_postgres_uri(uri))) {
  check_durability(link_.connection());
} catch (const PostgresError& error) {
  throw StoreError(std::string(error.what()) + ".");
}

// Runs `work` on the connection, again after a conflict and once more, if it may, when the connection turns out to be
// lost; turns PostgreSQL's trouble into the store's. `work` takes a bool& that says, when it throws, that it must not
// be repeated.
template <class Work>
auto PostgresStore::guarded(Work&& work) {
  bool lost = false;
  for (int attempt = 1;; ++attempt) {
    bool final = false;
    try {
      PostgresConnection& connection = link_.connection();
      try {
        auto value = work(connection, final);
        link_.answered();
        return value;
      } catch (const PostgresError& error) {
        const bool again = error.trouble == Trouble::conflict ? attempt < kMostAttempts
                                                              : error.trouble == Trouble::lost && !lost && !final;
        if (error.trouble == Trouble::lost || error.trouble == Trouble::slow) link_.drop(error), lost = true;
        if (!again) throw;
      }
    } catch (const PostgresError& error) {
      throw StoreError(std::string("The store does not answer: ") + error.what() + ".");
    }
  }
}

std::vector<Device> PostgresStore::devices(std::int64_t organization, const std::string& after_id, std::int64_t limit) {
  return guarded([&](PostgresConnection& connection, bool&) {
    const auto rows = connection.run("list_devices", of_device(organization, after_id).bind(limit));
    return all_rows(rows, read_device<Row>);
  });
}

std::optional<Device> PostgresStore::find_device(std::int64_t organization, const std::string& device_id) {
  return guarded([&](PostgresConnection& connection, bool&) {
    return one_row(connection.run("find_device", of_device(organization, device_id)), read_device<Row>);
  });
}

std::vector<Changed> PostgresStore::apply(std::span<const Change> changes) {
  return guarded([&](PostgresConnection& connection, bool& final) {
    PostgresApply apply(connection, changes);
    try {
      return apply.run();
    } catch (...) {
      final = apply.committing();
      throw;
    }
  });
}

std::optional<Record> PostgresStore::latest(std::int64_t organization, const std::string& device_id) {
  return guarded([&](PostgresConnection& connection, bool&) {
    return one_row(connection.run("latest", of_device(organization, device_id)), read_record<Row>);
  });
}

std::vector<Record> PostgresStore::range(std::int64_t organization, const std::string& device_id,
                                         const RangeQuery& query) {
  std::vector<Record> records;
  visit(organization, device_id, query, [&records](const Record& record) { records.push_back(record); });
  return records;
}

// The bounds are drawn in to the place, so that a page far into a range is found at once.
void PostgresStore::visit(std::int64_t organization, const std::string& device_id, const RangeQuery& query,
                          const std::function<void(const Record&)>& visitor) {
  const bool up = query.order == Order::ascending;
  const Cursor after = query.after.value_or(up ? Cursor{query.from_ms, ""} : Cursor{query.to_ms, ""});
  PostgresParameters parameters = of_device(organization, device_id);
  parameters.bind(up ? std::max(query.from_ms, after.measured_ms) : query.from_ms);
  parameters.bind(up ? query.to_ms : std::min(query.to_ms, after.measured_ms + 1));
  parameters.bind(after.measured_ms).bind(std::string_view(after.id)).bind(query.limit);
  const PostgresResult result = guarded([&](PostgresConnection& connection, bool&) {
    return connection.run(up ? "ascending" : "descending", parameters);
  });
  Record record;
  for (int i = 0; i < result.rows(); ++i) {
    read_record_into(record, result.row(i));
    visitor(record);
  }
}

void PostgresStore::add_key(const StoredKey& key) {
  guarded([&](PostgresConnection& connection, bool&) { return connection.run("add_key", parameters_of(key)); });
}

std::optional<StoredKey> PostgresStore::find_key(const std::string& id) {
  return guarded([&](PostgresConnection& connection, bool&) {
    return one_row(connection.run("find_key", PostgresParameters().bind(std::string_view(id))), read_key<Row>);
  });
}

std::vector<StoredKey> PostgresStore::keys() {
  return guarded(
      [&](PostgresConnection& connection, bool&) { return all_rows(connection.run("list_keys"), read_key<Row>); });
}

bool PostgresStore::revoke_key(const std::string& id, std::int64_t now_ms) {
  return guarded([&](PostgresConnection& connection, bool& final) {
    final = true;  // a revocation whose answer was lost would be found done, and "no such key" said
    return connection.run("revoke_key", PostgresParameters().bind(now_ms).bind(std::string_view(id))).changed() == 1;
  });
}

// A transaction for each device, so none holds the rows of two.
std::int64_t PostgresStore::forget_before(std::int64_t before_ms, std::int64_t most) {
  return guarded([&](PostgresConnection& connection, bool& final) {
    final = true;
    const auto devices = all_rows(connection.run("with_old_records", PostgresParameters().bind(before_ms)),
                                  [](const Row& row) { return row.integer(0); });
    std::int64_t forgotten = 0;
    for (const std::int64_t device : devices) {
      if (forgotten < most) forgotten += forget_records(connection, device, before_ms, most - forgotten);
    }
    connection.run("forget_keys", PostgresParameters().bind(before_ms).bind(most));
    return forgotten;
  });
}

StoreSize PostgresStore::size() {
  return guarded([](PostgresConnection& connection, bool&) {
    const auto counted = connection.run("size");
    return StoreSize{counted.row(0).integer(0), counted.row(0).integer(1)};
  });
}

void PostgresStore::check_writable() {
  guarded([](PostgresConnection& connection, bool&) { return connection.run("check_writable"); });
}

}  // namespace packbench::hil::api
