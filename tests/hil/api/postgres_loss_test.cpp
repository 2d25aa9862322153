// The PostgreSQL store when its database goes away, hangs, is full, or was never there: every call ends soon and says
// why, nothing is acknowledged that was not made, and it goes on by itself.
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>

#include "postgres_fixture.h"

namespace packbench::hil::api::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PostgresLoss : public Postgres {
 protected:
  void SetUp() override {
    store = open_store(place);
    store->add_device(device("D1"));
    put("first");
  }
  InsertCount put(const std::string& id) {
    const Record record = plain_record(++time_ms, id);
    return store->insert(1, "D1", std::span(&record, 1), 0);
  }
  // How long a call took that failed, and with what.
  template <class Work>
  static std::pair<std::chrono::milliseconds, std::string> failing(Work&& work) {
    const auto begin = std::chrono::steady_clock::now();
    std::string why = "nothing";
    try {
      work();
    } catch (const StoreError& error) {
      why = error.what();
    }
    return {std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin), why};
  }
  // All of them together: none waits for the database.
  template <class Work>
  static std::chrono::milliseconds hundred_failing(Work&& work) {
    std::chrono::milliseconds sum{0};
    for (int i = 0; i < 100; ++i) {
      const auto [took, why] = failing(work);
      EXPECT_NE(why, "nothing");
      sum += took;
    }
    return sum;
  }
  static constexpr std::chrono::milliseconds kPatience{5000};  // of one call

  std::unique_ptr<Store> store;
  std::int64_t time_ms = 0;
};

TEST_F(PostgresLoss, AnEndedConnectionIsReplacedUnseen) {
  end_connections();
  EXPECT_EQ(store->latest(1, "D1")->id, "first");
  end_connections();
  EXPECT_EQ(put("second"), (InsertCount{1, 0}));
  EXPECT_EQ(store->size().records, 2);
}

TEST_F(PostgresLoss, AStoppedServerFailsCallsAtOnceAndARestartedOneServesThem) {
  postgres().stop();
  const auto [first_ms, first] = failing([&] { store->latest(1, "D1"); });
  EXPECT_THAT(first, AllOf(HasSubstr("The store does not answer"), Not(HasSubstr("\n"))));
  EXPECT_LT(first_ms, kPatience);
  EXPECT_LT(hundred_failing([&] { store->latest(1, "D1"); }), kPatience);
  EXPECT_LT(hundred_failing([&] { put("lost"); }), kPatience);
  EXPECT_THAT(failing([&] { store->check_writable(); }).second, HasSubstr("connection to server"));
  postgres().start();
  when_back([&] { put("second"); });
  EXPECT_EQ(store->latest(1, "D1")->id, "second");
  EXPECT_EQ(store->size().records, 2);
}

// What is acknowledged is in the log on the disk before it is: here nobody else would put it there.
TEST_F(PostgresLoss, WhatIsAcknowledgedSurvivesAKillOfTheServer) {
  sql("ALTER ROLE tester SET synchronous_commit=off");
  store = open_store(place);
  const pid_t writer = std::stoi(sql("SELECT pid FROM pg_stat_activity WHERE backend_type='walwriter'"));
  kill(writer, SIGSTOP);
  put("acknowledged");
  kill(writer, SIGKILL);
  postgres().stop(SIGKILL);
  postgres().start();
  when_back([&] { store->check_writable(); });
  EXPECT_EQ(store->latest(1, "D1")->id, "acknowledged");
  sql("ALTER ROLE tester RESET synchronous_commit");
}

// A database that stands still costs its patience once; then calls fail at once while it is left alone.
TEST_F(PostgresLoss, AServerThatHangsHoldsUpOneCall) {
  const pid_t backend = std::stoi(sql("SELECT pid FROM pg_stat_activity WHERE application_name='packbench'"));
  kill(backend, SIGSTOP);
  kill(postgres().id(), SIGSTOP);
  const auto [first_ms, first] = failing([&] { store->latest(1, "D1"); });
  EXPECT_THAT(first, HasSubstr("no answer in time"));
  EXPECT_LT(first_ms, 2 * kPatience);
  EXPECT_LT(hundred_failing([&] { store->latest(1, "D1"); }), kPatience);
  kill(postgres().id(), SIGCONT);
  kill(backend, SIGCONT);
  EXPECT_EQ(when_back([&] { return store->latest(1, "D1"); })->id, "first");
}

TEST_F(PostgresLoss, ATableThatIsLockedHoldsUpOneCall) {
  std::thread locker([&] { sql("BEGIN; LOCK TABLE " + schema_of(place) + ".records; SELECT pg_sleep(6); COMMIT"); });
  while (sql("SELECT count(*) FROM pg_locks WHERE mode='AccessExclusiveLock' AND granted") == "0") {
  }
  EXPECT_THAT(failing([&] { store->latest(1, "D1"); }).second, HasSubstr("lock timeout"));
  EXPECT_LT(failing([&] { store->latest(1, "D1"); }).first, 1s);
  locker.join();
  EXPECT_EQ(when_back([&] { return store->latest(1, "D1"); })->id, "first");
}

// The server commits and waits for a standby that does not exist; there the connection ends. Nobody knows, so nothing
// is acknowledged, and the repetition finds that it was made.
TEST_F(PostgresLoss, ACommitOfUnknownFateIsNotAcknowledgedAndItsRepetitionIsRecognised) {
  const auto wait_for_standby = [](const std::string& name) {
    sql("ALTER SYSTEM SET synchronous_standby_names='" + name + "'");
    sql("SELECT pg_reload_conf()");
    while (sql("SHOW synchronous_standby_names") != name) {
    }
  };
  wait_for_standby("nobody");
  const std::vector<Change> changes{ingest("D1", {plain_record(9, "unknown")}, Once{"k", "digest"})};
  std::thread connection_ends([] {
    while (sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event='SyncRep' AND "
               "application_name='packbench'") == "0") {
    }
  });
  EXPECT_THROW(store->apply(changes), StoreError);
  connection_ends.join();
  sql("ALTER SYSTEM RESET synchronous_standby_names");
  sql("SELECT pg_reload_conf()");
  while (!sql("SHOW synchronous_standby_names").empty()) {
  }
  const auto again = when_back([&] { return store->apply(changes); });
  EXPECT_EQ(again[0].outcome, Outcome::replayed);
  EXPECT_EQ(again[0].count, (InsertCount{1, 0}));
  EXPECT_EQ(store->size().records, 2);
}

TEST_F(PostgresLoss, WhatCannotBeOpenedSaysWhyInOneSentenceWithoutThePassword) {
  const std::filesystem::path access = postgres().folder() / "data/pg_hba.conf";
  std::ofstream(access) << "local all guarded scram-sha-256\nlocal all all trust\nlocal replication all trust\n";
  sql("CREATE ROLE guarded LOGIN PASSWORD 'right-s3cret' CONNECTION LIMIT 0");
  sql("SELECT pg_reload_conf()");
  const auto as_guarded = [](const std::string& password) {
    std::string uri = postgres().uri();
    return uri.replace(uri.find("tester@"), 7, "guarded:" + password + "@");
  };
  const std::pair<std::string, std::string> cases[] = {
      {as_guarded("wrong-s3cret"), "password authentication failed"},
      {as_guarded("right-s3cret"), "too many connections"},
      {postgres().uri("nowhere"), "database \"nowhere\" does not exist"},
      {"postgresql://me:s3cret@%2Fnowhere/db", "No such file or directory"},
      {"postgresql://me:s3cret@127.0.0.1:1/db", "Connection refused"}};
  for (const auto& [uri, why] : cases) {
    EXPECT_THAT(trouble(uri), AllOf(HasSubstr("The store (database "), HasSubstr(why), Not(HasSubstr("s3cret")),
                                    Not(HasSubstr("\n")), testing::EndsWith(".")))
        << uri;
  }
  sql("ALTER ROLE guarded CONNECTION LIMIT 5");
  EXPECT_THAT(trouble(as_guarded("right-s3cret")), HasSubstr("permission denied"));  // to make tables in that place
  sql("DROP ROLE guarded");
}

// A standby is refused while it only follows, and taken when it leads.
TEST_F(PostgresLoss, AStoreOfTwoServersFollowsTheOneThatMayBeWritten) {
  PostgresServer leading({.settings = {"max_wal_senders=4"}});
  const std::filesystem::path copy = leading.folder() / "copy";
  leading.run("pg_basebackup", {"-D", copy, "-R", "-X", "stream", "-c", "fast", "-d", leading.uri()});
  PostgresServer following({.data = copy});
  EXPECT_THAT(trouble(following.uri()), HasSubstr("read-only"));
  const auto host = [](const PostgresServer& server) {
    const std::string uri = server.uri();
    const std::size_t begin = uri.find('@') + 1;
    return uri.substr(begin, uri.find('/', begin) - begin);
  };
  store = open_store("postgresql://tester@" + host(following) + "," + host(leading) + "/postgres");
  store->add_device(device("D1"));
  put("written to the leading one");
  const std::string place_of_log = leading.execute("SELECT pg_current_wal_lsn()");
  while (following.execute("SELECT pg_last_wal_replay_lsn() >= '" + place_of_log + "'") != "t") {
  }
  leading.stop(SIGKILL);
  EXPECT_THROW(put("to nobody"), StoreError);
  following.execute("SELECT pg_promote()");
  when_back([&] { put("written to the other"); });
  EXPECT_EQ(store->size().records, 2);
}

// A file system of 3 MB for the records, in a name space of the server's own.
bool mount_small_disk(const std::string& folder) {
  const auto write_file = [](const char* name, const std::string& text) { std::ofstream(name) << text; };
  const uid_t user = getuid();
  const gid_t group = getgid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", std::to_string(user) + " " + std::to_string(user) + " 1");
  write_file("/proc/self/gid_map", std::to_string(group) + " " + std::to_string(group) + " 1");
  return mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=3m,mode=700") == 0;
}

TEST_F(PostgresLoss, AFullDiskIsToldAndRoomIsUsed) {
  char name[] = "/tmp/postgres_disk_XXXXXX";
  const std::filesystem::path disk = mkdtemp(name);
  std::filesystem::permissions(disk, std::filesystem::perms::all);
  std::unique_ptr<PostgresServer> server;
  try {
    server = std::make_unique<PostgresServer>(PostgresOptions{.prepare = [&] { return mount_small_disk(disk); }});
  } catch (const std::runtime_error&) {
    std::filesystem::remove(disk);
    GTEST_SKIP() << "This machine gives no name space with a file system of its own.";
  }
  store = open_store(server->uri());
  store->add_device(device("D1"));
  server->execute("CREATE TABLESPACE small LOCATION '" + disk.string() + "'");
  server->execute("ALTER TABLE records SET TABLESPACE small");
  std::vector<Record> batch;
  const auto fill = [&] {
    batch.clear();
    for (int i = 0; i < 500; ++i, ++time_ms) batch.push_back(plain_record(time_ms, std::to_string(time_ms)));
    return store->insert(1, "D1", batch, 0).accepted;
  };
  std::int64_t stored = 0;
  std::string why;
  try {
    while (stored < 100'000) stored += fill();
  } catch (const StoreError& error) {
    why = error.what();
  }
  EXPECT_THAT(why, HasSubstr("No space left on device"));
  EXPECT_EQ(store->size().records, stored);
  EXPECT_TRUE(store->latest(1, "D1"));
  server->execute("ALTER TABLE records SET TABLESPACE pg_default");
  EXPECT_EQ(fill(), 500);
  store.reset();
  server.reset();
  std::filesystem::remove(disk);
}

}  // namespace
}  // namespace packbench::hil::api::test
