// The buffer of a gateway: accepted once, kept through everything, and never a lie about it.
#include <sys/resource.h>

#include <random>

#include "buffered.h"
#include "hil/api/store/sqlite.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

TEST_F(Buffered, WhatWasAcceptedIsThereAfterAKill) {
  const pid_t child = fork();
  if (child == 0) {
    Outbox outbox(buffer());
    for (int i = 0; i < 5; ++i) static_cast<void>(outbox.put(reported(kNow_ms + i)));
    kill(getpid(), SIGKILL);
  }
  waitpid(child, nullptr, 0);
  Outbox outbox(buffer());
  const auto waiting = outbox.front(-1, 100);
  ASSERT_EQ(waiting.size(), 5u);
  EXPECT_EQ(waiting[4].measured_ms, kNow_ms + 4);
  ASSERT_TRUE(outbox.put(reported(kNow_ms + 5)));
  EXPECT_EQ(outbox.front(waiting[4].sequence, 100).at(0).sequence, waiting[4].sequence + 1);
}

TEST_F(Buffered, AFullBufferTakesNoMoreAndKeepsWhatItHas) {
  Outbox outbox(buffer(2));
  EXPECT_TRUE(outbox.put(reported(1)));
  EXPECT_TRUE(outbox.put(reported(2)));
  EXPECT_FALSE(outbox.put(reported(3)));
  EXPECT_EQ(outbox.counts().waiting, 2);
  EXPECT_EQ(outbox.counts().oldest_ms, 1);
  outbox.delivered_through(outbox.front(-1, 1).at(0).sequence);
  EXPECT_TRUE(outbox.put(reported(3)));
}

TEST_F(Buffered, ABufferBelongsToOneDeviceAndOneProcess) {
  const Outbox outbox(buffer());
  OutboxOptions other = buffer();
  EXPECT_THROW(Outbox{other}, SqliteError);
  {
    OutboxOptions separate = buffer();
    separate.file = (folder / "other.db").string();
    { const Outbox first(separate); }
    separate.device_id = "ANOTHER";
    EXPECT_THROW(Outbox{separate}, std::invalid_argument);
  }
}

class DamagedBuffer : public Buffered {
 protected:
  // Why the buffer cannot be opened.
  std::string refusal() {
    try {
      const Outbox outbox(buffer());
      return "";
    } catch (const SqliteError& error) {
      return error.what();
    }
  }
};

TEST_F(DamagedBuffer, AFileThatIsNoBufferIsNotTouched) {
  const std::string file = buffer().file;
  std::ofstream(file) << std::string(8192, 'x');
  EXPECT_THAT(refusal(), HasSubstr("not a database"));
  std::filesystem::remove(file);
  { Database(file).execute("CREATE TABLE devices(row INTEGER)"); }
  EXPECT_THAT(refusal(), HasSubstr("not a buffer of packbench gateway"));
  std::filesystem::remove(file);
  { const Outbox outbox(buffer()); }
  EXPECT_EQ(refusal(), "");
  { Database(file).execute("PRAGMA user_version=2"); }
  EXPECT_THAT(refusal(), HasSubstr("newer version"));
}

// As packbench wrote them before they said what they are.
TEST_F(DamagedBuffer, ABufferOfTheFirstVersionIsReadOn) {
  {
    Database old(buffer().file);
    old.execute(
        "CREATE TABLE about(device_id TEXT NOT NULL, next_sequence INTEGER NOT NULL);"
        "CREATE TABLE waiting(sequence INTEGER PRIMARY KEY, measured_ms INTEGER NOT NULL, json TEXT NOT NULL);"
        "CREATE TABLE set_aside(sequence INTEGER PRIMARY KEY, measured_ms INTEGER NOT NULL, json TEXT NOT NULL,"
        "  reason TEXT NOT NULL);"
        "INSERT INTO about VALUES('STM32H753ZI', 8); INSERT INTO waiting VALUES(7, 1000, '{}')");
  }
  Outbox outbox(buffer());
  EXPECT_EQ(outbox.counts().waiting, 1);
  EXPECT_EQ(outbox.counts().next_sequence, 8);
}

// What cannot be read is said, by an exception of one kind, and nothing else happens.
TEST_F(DamagedBuffer, NoDamageEndsTheProgram) {
  {
    Outbox outbox(buffer());
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(outbox.put(reported(kNow_ms + i)));
  }
  const std::string file = buffer().file;
  std::filesystem::copy_file(file, folder / "whole.db");
  const auto size = std::filesystem::file_size(file);
  std::minstd_rand random{1};
  int said = 0;
  for (int i = 0; i < 50; ++i) {
    std::filesystem::remove(file + "-wal");
    std::filesystem::copy_file(folder / "whole.db", file, std::filesystem::copy_options::overwrite_existing);
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(random() % size));
    for (int j = 0; j < 300; ++j) bytes.put(static_cast<char>(random()));
    bytes.close();
    try {
      Outbox outbox(buffer());
      static_cast<void>(outbox.counts());
      const auto front = outbox.front(-1, 1000);
      if (!front.empty()) outbox.delivered_through(front.back().sequence);
      static_cast<void>(outbox.put(reported(kNow_ms)));
    } catch (const SqliteError&) {
      ++said;
    } catch (const std::invalid_argument&) {  // the name of the device is what was damaged
      ++said;
    }
  }
  EXPECT_GT(said, 0);
}

void limit_files(rlim_t bytes) {
  const rlimit limit{bytes, RLIM_INFINITY};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

// A disk that takes nothing does not even let go of what is delivered; it goes to the API all the same, and once.
TEST_F(Buffered, AFullDiskAcceptsNothingDeliversAllAndGoesOnWhenThereIsRoom) {
  std::signal(SIGXFSZ, SIG_IGN);
  ApiServer server;
  Client client({server.server.url(), kKey});
  Outbox outbox(buffer(100'000));
  Forwarder forwarder(outbox, client, forwarding());
  limit_files(128 * 1024);
  std::int64_t accepted = 0;
  const auto put = [&] {
    if (!outbox.put(reported(kNow_ms + accepted))) throw SqliteError("full");
    ++accepted;
  };
  const auto fill = [&] {
    for (;;) put();
  };
  EXPECT_THROW(fill(), SqliteError);
  EXPECT_GT(accepted, 100);
  EXPECT_EQ(outbox.counts().waiting, accepted);
  for (int i = 0; i < 10; ++i) forwarder.step();
  EXPECT_EQ(forwarder.state().delivered, accepted);
  EXPECT_EQ(forwarder.state().duplicates, 0);
  limit_files(RLIM_INFINITY);
  put();
  drain(outbox, forwarder);
  EXPECT_EQ(outbox.counts().waiting, 0);
  EXPECT_EQ(forwarder.state().delivered, accepted);
  EXPECT_EQ(client.range(kDevice, kNow_ms, kNow_ms + 100'000).value->size(), static_cast<std::size_t>(accepted));
}

TEST_F(Buffered, WhatGoesToAFileThatIsGoneIsNotAccepted) {
  Outbox outbox(buffer());
  ASSERT_TRUE(outbox.put(reported(kNow_ms)));
  std::filesystem::remove(buffer().file);
  EXPECT_THROW(static_cast<void>(outbox.put(reported(kNow_ms + 1))), SqliteError);
  EXPECT_EQ(outbox.counts().waiting, 1);
}

TEST_F(Buffered, RecordsOfOneMillisecondStayInOrder) {
  ApiServer server;
  Client client({server.server.url(), kKey});
  Outbox outbox(buffer(10'000));
  Forwarder forwarder(outbox, client, forwarding());
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(outbox.put(reported(kNow_ms)));
  drain(outbox, forwarder);
  const auto records = client.range(kDevice, kNow_ms, kNow_ms + 1);
  ASSERT_TRUE(records) << records.error;
  ASSERT_EQ(records.value->size(), 300u);
  for (std::size_t i = 0; i < 300; ++i) {
    EXPECT_EQ(*(*records.value)[i].sequence, *records.value->front().sequence + static_cast<std::int64_t>(i));
    EXPECT_EQ((*records.value)[i].id.size(), 36u);
  }
}

TEST_F(Buffered, OfWhatIsSetAsideTheNewestAreKept) {
  OutboxOptions options = buffer();
  options.most_set_aside = 3;
  Outbox outbox(options);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(outbox.put(reported(kNow_ms + i)));
  for (const Waiting& one : outbox.front(-1, 5)) outbox.set_aside(one.sequence, "no");
  EXPECT_EQ(outbox.counts().waiting, 0);
  EXPECT_EQ(outbox.counts().set_aside, 3);
}

}  // namespace
}  // namespace packbench::hil::api::test
