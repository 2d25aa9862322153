// The store on a SQLite file, and the one writer of a store. What holds for every store: store_laws_test.cpp.
#include <sqlite3.h>
#include <stdlib.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <numeric>
#include <thread>

#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

class StoreFile : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/store_test_XXXXXX";
    folder = mkdtemp(name);
    path = (folder / "store.db").string();
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  static void add_device(Store& store, const std::string& id = "D1") {
    Device device;
    device.device_id = id, device.name = device.model = device.location = "x";
    ASSERT_TRUE(store.add_device(device));
  }
  static void put(Store& store, std::int64_t measured_ms, const std::string& id, const std::string& device = "D1") {
    const Record record = plain_record(measured_ms, id);
    store.insert(1, device, std::span(&record, 1), measured_ms);
  }
  static std::vector<std::string> ids(Store& store, const std::string& device = "D1") {
    std::vector<std::string> found;
    RangeQuery all;
    all.to_ms = 1'000'000;
    for (const Record& record : store.range(1, device, all)) found.push_back(record.id);
    return found;
  }
  std::filesystem::path folder;
  std::string path;
};

TEST_F(StoreFile, AFileOfTheFirstVersionIsTakenOver) {
  sqlite3* old = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &old), SQLITE_OK);
  const char* const first = R"sql(
    CREATE TABLE devices(row INTEGER PRIMARY KEY, organization INTEGER NOT NULL, device_id TEXT NOT NULL, name TEXT NOT NULL,
      model TEXT NOT NULL, location TEXT NOT NULL, status TEXT NOT NULL, last_connected_ms INTEGER, created_ms INTEGER NOT NULL,
      updated_ms INTEGER NOT NULL, cell_count INTEGER, UNIQUE(organization, device_id));
    CREATE TABLE records(device INTEGER NOT NULL, measured_ms INTEGER NOT NULL, id TEXT NOT NULL, arrived_s INTEGER NOT NULL,
      boot INTEGER, sequence INTEGER, device_name TEXT NOT NULL, pack_dmV INTEGER, cells_dmV TEXT NOT NULL,
      temperature_mdegC INTEGER, current_mA INTEGER, soc_pctpct INTEGER, ocv_soc_pctpct INTEGER, soh_pctpct INTEGER,
      bms_state TEXT NOT NULL, main_contactor INTEGER NOT NULL, charger_contactor INTEGER NOT NULL,
      temperatures_mdegC TEXT NOT NULL, PRIMARY KEY(device, measured_ms, id)) WITHOUT ROWID;
    CREATE TABLE idempotency(organization INTEGER NOT NULL, key TEXT NOT NULL, body_digest TEXT NOT NULL,
      PRIMARY KEY(organization, key)) WITHOUT ROWID;
    INSERT INTO devices VALUES(7, 1, 'D1', 'n', 'm', 'l', 'enabled', 5, 1, 1, NULL);
    INSERT INTO records VALUES(7, 5, 'kept', 0, NULL, NULL, 'N', 1, '1,x', 1, 1, 1, 1, 1, 'IDLE', 1, 0, '');
    INSERT INTO idempotency VALUES(1, 'k', 'digest');)sql";
  ASSERT_EQ(sqlite3_exec(old, first, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(old);
  SqliteStore store(path);
  EXPECT_EQ(ids(store), std::vector<std::string>{"kept"});
  EXPECT_EQ(store.latest(1, "D1")->cell_dmV, (std::vector<std::int64_t>{1, kNoReading}));
  EXPECT_FALSE(store.latest(1, "D1")->faults);
  EXPECT_TRUE(store.latest(1, "D1")->balancing.empty());
  EXPECT_EQ(store.size().records, 1);
  EXPECT_TRUE(store.keys().empty());
  const Change again{1, 9, Ingest{"D1", {plain_record(6, "new")}}, Once{"k", "digest"}};
  EXPECT_EQ(store.apply(std::span(&again, 1)).front().outcome, Outcome::replayed);
}

TEST_F(StoreFile, AFileOfANewerProgramIsRefused) {
  { SqliteStore store(path); }
  sqlite3* file = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &file), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(file, "PRAGMA user_version=99", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(file);
  try {
    SqliteStore store(path);
    FAIL();
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("newer version"));
  }
}

// Counts transactions, waits before each while it is held, and fails where it is told to.
class WatchedStore : public SqliteStore {
 public:
  explicit WatchedStore(const std::string& file) : SqliteStore(file) {}
  std::vector<Changed> apply(std::span<const Change> changes) override {
    std::unique_lock lock(mutex);
    ++transactions;
    entered.notify_all();
    released.wait(lock, [this] { return !held; });
    lock.unlock();  // a batch may wait for its rest
    for (const Change& change : changes) {
      const auto* ingest = std::get_if<Ingest>(&change.what);
      if (ingest && ingest->records.front().id == "poison") throw StoreError("too large");
    }
    return SqliteStore::apply(changes);
  }
  void hold(bool now) {
    const std::scoped_lock lock(mutex);
    held = now;
    released.notify_all();
  }
  void wait_until_entered(int times = 1) {
    std::unique_lock lock(mutex);
    entered.wait(lock, [&] { return transactions >= times; });
  }
  std::mutex mutex;
  std::condition_variable released, entered;
  bool held = false;
  int transactions = 0;
};

class Writer : public StoreFile {
 protected:
  void SetUp() override {
    StoreFile::SetUp();
    auto owned = std::make_unique<WatchedStore>(path);
    add_device(*owned);
    owned->transactions = 0;
    watched = owned.get();
    queue = std::make_unique<WriteQueue>(std::move(owned), metrics, clock.reader(), options);
  }
  void TearDown() override {
    queue.reset();
    StoreFile::TearDown();
  }
  static Change record(const std::string& id) {
    return {1, 5, Ingest{"D1", {plain_record(std::ssize(id), id)}}, std::nullopt};
  }
  WriteQueueOptions options{.most_waiting = 50, .most_together = 20, .retention = {}};
  Metrics metrics;
  SettableClock clock{1000};
  WatchedStore* watched = nullptr;
  std::unique_ptr<WriteQueue> queue;
};

// What libpq says of it has several lines, and hints behind tabs. No server listens on port 1.
TEST(StoreOfPostgreSql, ARefusedConnectionIsToldInOneSentence) {
  try {
    open_store("postgresql://127.0.0.1:1/bench");
    FAIL() << "a server on port 1";
  } catch (const StoreError& error) {
    const std::string said = error.what();
    EXPECT_THAT(said, testing::StartsWith("The store (database bench on 127.0.0.1:1) cannot be opened: "));
    EXPECT_THAT(said, testing::EndsWith("."));
    EXPECT_TRUE(std::ranges::none_of(said, [](char c) { return c < ' '; })) << said;
    EXPECT_THAT(said, testing::Not(testing::HasSubstr("?.")));
  }
}

TEST_F(Writer, ChangesThatWaitAreMadeTogetherInTheirOrder) {
  watched->hold(true);
  std::vector<int> done;
  queue->submit(record("first"), [&](const Written&) { done.push_back(-1); });
  watched->wait_until_entered();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(queue->submit(record("id" + std::to_string(i)), [&, i](const Written& written) {
      EXPECT_TRUE(written.changed);
      done.push_back(i);
    }));
  }
  watched->hold(false);
  queue->settle();
  std::vector<int> expected(21);
  std::iota(expected.begin(), expected.end(), -1);
  EXPECT_EQ(done, expected);
  EXPECT_EQ(watched->transactions, 2);
}

TEST_F(Writer, AChangeThatFailsTakesNoOtherWithIt) {
  watched->hold(true);
  queue->submit(record("first"), [](const Written&) {});
  watched->wait_until_entered();
  std::string answers;
  for (const char* id : {"a", "poison", "b"}) {
    queue->submit(record(id), [&](const Written& written) { answers += written.changed ? 'y' : 'n'; });
  }
  watched->hold(false);
  queue->settle();
  EXPECT_EQ(answers, "yny");
  EXPECT_EQ(ids(*watched).size(), 3u);
}

TEST_F(Writer, AChangeWhoseRecordsAreStillReadIsMadeAlone) {
  watched->hold(true);
  std::string answers;
  queue->submit(record("first"), [](const Written&) {});
  watched->wait_until_entered();
  Change open = record("open");
  const auto rest = std::get<Ingest>(open.what).rest = std::make_shared<RecordFlow>();
  for (const char* id : {"a", "b"}) queue->submit(record(id), [&](const Written&) { answers += "c"; });
  queue->submit(open, [&](const Written&) { answers += "o"; });
  queue->submit(record("d"), [&](const Written&) { answers += "c"; });
  watched->hold(false);
  watched->wait_until_entered(3);
  EXPECT_EQ(answers, "cc");
  rest->put({plain_record(50, "rest")});
  rest->end();
  queue->settle();
  EXPECT_EQ(answers, "ccoc");
  EXPECT_EQ(ids(*watched).size(), 6u);
  EXPECT_EQ(watched->transactions, 4);
}

TEST_F(Writer, WhatIsKnownToBeRefusedNeedsNoTransaction) {
  watched->hold(true);
  queue->submit(record("first"), [](const Written&) {});
  watched->wait_until_entered();
  Change refused = record("refused");
  const auto rest = std::get<Ingest>(refused.what).rest = std::make_shared<RecordFlow>();
  std::exception_ptr trouble;
  queue->submit(refused, [&](const Written& written) { trouble = written.trouble; });
  rest->fail(std::make_exception_ptr(simple_problem(422, "", "", "")));
  watched->hold(false);
  queue->settle();
  EXPECT_THROW(std::rethrow_exception(trouble), Problem);
  EXPECT_EQ(watched->transactions, 1);
}

TEST_F(Writer, WhatDoesNotFitIsRefusedAtOnce) {
  watched->hold(true);
  queue->submit(record("first"), [](const Written&) {});
  watched->wait_until_entered();
  int refused = 0;
  for (int i = 0; i < 60; ++i) refused += !queue->submit(record("id" + std::to_string(i)), [](const Written&) {});
  EXPECT_EQ(refused, 10);
  watched->hold(false);
}

TEST_F(Writer, WhatWasSubmittedIsMadeBeforeItEnds) {
  std::atomic<int> done = 0;
  for (int i = 0; i < 30; ++i) queue->submit(record("id" + std::to_string(i)), [&](const Written&) { ++done; });
  queue.reset();
  EXPECT_EQ(done, 30);
}

TEST_F(Writer, DeletesWhatIsTooOldInSlices) {
  queue.reset();
  {
    SqliteStore store(path);
    for (int i = 0; i < 50; ++i) put(store, i, "old" + std::to_string(i));
    put(store, 900, "young");
  }
  options.retention = {.age_ms = 500, .period = 1ms, .slice = 7};  // older than 500 of 1000 ms
  auto owned = std::make_unique<WatchedStore>(path);
  queue = std::make_unique<WriteQueue>(std::move(owned), metrics, clock.reader(), options);
  SqliteStore store(path);
  while (store.size().records > 1) std::this_thread::yield();
  EXPECT_EQ(ids(store), std::vector<std::string>{"young"});
}

TEST_F(Writer, AServiceAnswersWhenTheRecordIsDurableAndNotBefore) {
  SqliteStore store(path);
  KeyRing keys;
  keys.add(kServiceKey);
  Service service(store, keys, clock.reader());
  service.write_through(*queue);
  watched->hold(true);
  std::atomic<int> status = 0;
  const Request post{"POST",
                     "/v1/devices/D1/telemetry",
                     {{"ApiKey", kServiceKey}, {"Content-Type", "application/json"}},
                     kPostedRecord + std::string(R"(,"id":"x"})")};
  service.handle(post, [&](const Response& response) { status = response.status; });
  watched->wait_until_entered();
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(ids(store).empty());
  watched->hold(false);
  service.settle();
  EXPECT_EQ(status, 200);
  EXPECT_EQ(ids(store), std::vector<std::string>{"x"});
}

// A batch of so many, of which the last has this in place of its soc.
std::string batch(int records, const std::string& last_soc) {
  std::string body;
  for (int i = 0; i < records; ++i) {
    std::string one = kPostedRecord + std::string(R"(,"boot":1,"seq":)") + std::to_string(i) + "}";
    if (i == records - 1) one.replace(one.find("\"soc\":1") + 6, 1, last_soc);
    body.append(body.empty() ? "[" : ",").append(one);
  }
  return body + "]";
}

// However far into the body the first record is stored already.
TEST_F(Writer, AServiceJudgesABatchAsAWholeWhereverItsTroubleIs) {
  SqliteStore store(path);
  KeyRing keys;
  keys.add(kServiceKey);
  Service service(store, keys, clock.reader());
  service.write_through(*queue);
  const auto posted = [&](const std::string& body) {
    std::optional<Response> given;
    service.handle(
        {"POST", "/v1/devices/D1/telemetry", {{"ApiKey", kServiceKey}, {"Content-Type", "application/json"}}, body},
        [&](Response response) { given = std::move(response); });
    service.settle();
    return given.value();
  };
  for (const int records : {1, 16, 17, 32, 33, 1000}) {
    const std::size_t before = ids(store).size();
    const Response wrong = posted(batch(records, "101"));
    EXPECT_EQ(wrong.status, 422) << records;
    EXPECT_THAT(wrong.body, HasSubstr("/" + std::to_string(records - 1) + "/soc")) << records;
    EXPECT_EQ(posted(batch(records, "50") + "]").status, 400) << records;
    EXPECT_EQ(posted(batch(records, "50]")).status, 400) << records;
    EXPECT_EQ(ids(store).size(), before) << records;
    EXPECT_EQ(posted(batch(records, "5e1")).status, 200) << records;  // which only the careful way takes
    EXPECT_EQ(ids(store).size(), static_cast<std::size_t>(records));
  }
  EXPECT_EQ(posted(batch(1001, "50")).status, 422);
  EXPECT_THAT(service.metrics().text({}), HasSubstr("ingest_records_total{result=\"rejected\"} 19\n"));
}

}  // namespace
}  // namespace packbench::hil::api::test
