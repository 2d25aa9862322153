// What the PostgreSQL store adds to the laws of every store: the same answers as SQLite's, many writers, tables, plans.
#include <atomic>
#include <map>
#include <random>
#include <set>

#include "postgres_fixture.h"

namespace packbench::hil::api::test {
namespace {

using Texts = std::vector<std::string>;

class PostgresStoreTest : public Postgres {};

// Changes at random, from few names, so that every kind of repetition and conflict occurs.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::int64_t below(int count) { return static_cast<std::int64_t>(random_() % static_cast<unsigned>(count)); }
  Record record() {
    Record record = plain_record(below(20), std::string(1, static_cast<char>(below(40) * 6)));
    if (below(2)) record.boot = below(2);
    if (below(2)) record.sequence = below(30);
    if (below(4) == 0) record.current_mA = kNoReading;
    return record;
  }
  Change change() {
    Change change{1 + below(2), below(100'000), Ingest{"D" + std::to_string(below(3)), {}}, std::nullopt};
    if (below(4) == 0) {
      Device device;
      device.device_id = "D" + std::to_string(below(6)), device.organization = change.organization;
      change.what = device;
    } else {
      for (auto i = below(6); i > 0; --i) std::get<Ingest>(change.what).records.push_back(record());
    }
    if (below(2)) change.once = Once{"key" + std::to_string(below(8)), "digest" + std::to_string(below(2))};
    return change;
  }

 private:
  std::mt19937 random_;
};

std::string seen(const std::vector<Changed>& done) {
  std::string text;
  for (const auto& [outcome, count] : done) {
    text += std::to_string(static_cast<int>(outcome)) + ":" + std::to_string(count.accepted) + "+" +
            std::to_string(count.duplicates) + " ";
  }
  return text;
}

std::string applied(Store& store, const std::vector<Change>& changes) {
  try {
    return seen(store.apply(changes));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST_F(PostgresStoreTest, AnswersAsSqliteDoes) {
  const auto one = open_store("sqlite::memory:"), other = open_store(place);
  Dice dice(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<Change> changes;
    for (auto i = dice.below(4); i >= 0; --i) changes.push_back(dice.change());
    ASSERT_EQ(applied(*one, changes), applied(*other, changes)) << "round " << round;
    if (dice.below(10) == 0) {
      const std::int64_t before_ms = dice.below(20), most = dice.below(5);
      one->forget_before(before_ms, 1000), other->forget_before(before_ms, 1000);
      one->forget_before(0, most), other->forget_before(0, most);
    }
    const std::string device = "D" + std::to_string(dice.below(3));
    const std::int64_t organization = 1 + dice.below(2);
    const Cursor after{dice.below(20), std::string(1, static_cast<char>(dice.below(256)))};
    RangeQuery query{dice.below(10), 10 + dice.below(10), dice.below(2) ? Order::ascending : Order::descending,
                     std::nullopt, 1 + dice.below(9)};
    if (dice.below(2)) query.after = after;
    ASSERT_EQ(one->range(organization, device, query), other->range(organization, device, query));
    ASSERT_EQ(one->latest(organization, device), other->latest(organization, device));
    ASSERT_EQ(one->devices(organization, "", 9), other->devices(organization, "", 9));
    ASSERT_EQ(one->size().records, other->size().records);
  }
  EXPECT_GT(one->size().records, 50);
}

// Four services that write the same devices and use the same keys, each in its own order.
TEST_F(PostgresStoreTest, ManyWritersLoseAndDoubleNothing) {
  constexpr int kWriters = 4, kRounds = 60, kKeys = 40;
  { EXPECT_TRUE(open_store(place)->add_device(device("D0"))); }
  std::atomic<std::int64_t> accepted = 0, made_devices = 0;
  std::array<std::atomic<int>, kKeys> made_by_key{};
  std::vector<std::thread> writers;
  for (unsigned writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      const auto store = open_store(place);
      Dice dice(writer);
      for (int round = 0; round < kRounds; ++round) {
        Texts names{"D0", "D1", "D" + std::to_string(2 + round / 4)};
        std::vector<Change> changes;
        for (std::int64_t i = dice.below(3); i >= 0; --i) std::swap(names[0], names[static_cast<std::size_t>(i)]);
        for (const std::string& name : names) changes.push_back({1, 5, device(name), std::nullopt});
        const std::int64_t key = dice.below(kKeys);
        for (const std::string& name : names) {
          std::vector<Record> records;
          for (int i = 0; i < 5; ++i) records.push_back(plain_record(i, std::to_string(dice.below(200))));
          changes.push_back(ingest(name, std::move(records)));
        }
        changes.push_back(
            ingest("D0", {plain_record(1, "of key " + std::to_string(key))}, Once{"k" + std::to_string(key), "same"}));
        const auto done = store->apply(changes);
        for (const Changed& change : done) {
          if (change.outcome == Outcome::made) accepted += change.count.accepted;
        }
        for (std::size_t i = 0; i < 3; ++i) made_devices += done[i].outcome == Outcome::made;
        made_by_key[static_cast<std::size_t>(key)] += done.back().outcome == Outcome::made;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const auto store = open_store(place);
  std::int64_t stored = 0;
  const auto devices = store->devices(1, "", 1000);
  for (const Device& known : devices) {
    std::set<std::string> ids;
    const auto records = store->range(1, known.device_id, everything());
    for (const Record& record : records) ids.insert(record.id);
    EXPECT_EQ(ids.size(), records.size());
    stored += std::ssize(records);
  }
  EXPECT_EQ(stored, accepted);
  EXPECT_EQ(store->size().records, stored);
  EXPECT_EQ(std::ssize(devices), made_devices + 1);
  for (const auto& times : made_by_key) EXPECT_LE(times, 1);
}

TEST_F(PostgresStoreTest, ProgramsThatStartAtOnceMakeTheTablesOnce) {
  std::atomic<int> opened = 0;
  std::vector<std::thread> programs;
  for (int i = 0; i < 6; ++i) {
    programs.emplace_back([&] {
      open_store(place)->check_writable();
      ++opened;
    });
  }
  for (std::thread& program : programs) program.join();
  EXPECT_EQ(opened, 6);
  EXPECT_EQ(sql("SELECT version FROM " + schema_of(place) + ".packbench_store"), "1");
}

TEST_F(PostgresStoreTest, TablesOfANewerProgramAreRefused) {
  { open_store(place); }
  sql("UPDATE " + schema_of(place) + ".packbench_store SET version=99");
  EXPECT_THAT(trouble(place), testing::HasSubstr("newer version"));
}

TEST_F(PostgresStoreTest, PeopleReadVoltsAndTimesInAView) {
  const auto store = open_store(place);
  store->add_device(device("D1"));
  Record record = plain_record(1500, "a");
  record.pack_dmV = 512'031, record.cell_dmV = {34'135, kNoReading}, record.current_mA = kNoReading;
  store->insert(1, "D1", std::span(&record, 1), 0);
  EXPECT_EQ(
      sql("SET timezone=UTC; SELECT concat_ws('|', device_id, measured, id, pack_voltage_V::numeric(9,4), cells_dmV, "
          "current_A, bms_state) FROM " +
          schema_of(place) + ".telemetry"),
      "D1|1970-01-01 00:00:01.5+00|a|51.2031|{34135,NULL}|IDLE");
}

// The server counts the rows that it touched: a query that finds its place reads what it gives, whatever else there is.
TEST_F(PostgresStoreTest, AQueryReadsNoMoreRowsThanItGives) {
  constexpr int kRecords = 20'000;
  const std::string counters =
      " FROM pg_stat_user_tables WHERE relname='records' AND schemaname='" + schema_of(place) + "'";
  const auto leave = [](std::unique_ptr<Store> store) {  // what a connection counted is seen when it has ended
    store.reset();
    while (sql("SELECT count(*) FROM pg_stat_activity WHERE application_name='packbench'") != "0") {
    }
  };
  auto store = open_store(place);
  store->add_device(device("D1"));
  std::vector<Record> records;
  for (int i = 0; i < kRecords; ++i) records.push_back(plain_record(i, std::to_string(i)));
  store->insert(1, "D1", records, 0);
  leave(std::move(store));
  const std::int64_t before = std::stoll(sql("SELECT idx_tup_fetch" + counters));
  const std::string scans = sql("SELECT seq_scan" + counters);
  store = open_store(place);
  store->latest(1, "D1");
  RangeQuery query{0, kRecords, Order::ascending, Cursor{kRecords / 2, ""}, 100};
  EXPECT_EQ(store->range(1, "D1", query).front().measured_ms, kRecords / 2);
  query.order = Order::descending;
  EXPECT_EQ(store->range(1, "D1", query).front().measured_ms, kRecords / 2 - 1);
  store->forget_before(0, 100);
  leave(std::move(store));
  EXPECT_EQ(sql("SELECT seq_scan" + counters), scans);
  EXPECT_LE(std::stoll(sql("SELECT idx_tup_fetch" + counters)) - before, 1 + 100 + 101 + 2);
}

}  // namespace
}  // namespace packbench::hil::api::test
