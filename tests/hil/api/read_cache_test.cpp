// What is kept of the store never outlives a change in it, whoever made the change.
#include <unistd.h>

#include <filesystem>

#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kLatest = "/v1/devices/D1/telemetry";

// A service over a file into which others write too.
class SharedFile : public testing::Test {
 protected:
  SharedFile() {
    Device device;
    device.device_id = "D1", device.name = device.model = device.location = "x";
    other.add_device(device);
    stored.stored.scopes = kAllScopes;
    other.add_key(stored.stored);
  }
  ~SharedFile() override {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }
  Response get(const std::string& target = kLatest) {
    return service.handle({"GET", target, {{"ApiKey", stored.text}}, ""});
  }
  void write_elsewhere(std::int64_t measured_ms, const std::string& id) {
    const Record record = plain_record(measured_ms, id);
    other.insert(1, "D1", {&record, 1}, measured_ms);
  }

  std::string path = "/tmp/read_cache_test_" + std::to_string(getpid()) + ".db";
  SqliteStore other{path}, store{path};
  NewKey stored = make_key({});
  SettableClock clock{kServiceNow_ms};
  Service service{store, {}, clock.reader()};
};

TEST_F(SharedFile, TheNewestRecordOfAnotherConnectionIsTheAnswerAtOnce) {
  EXPECT_THAT(get().body, HasSubstr(R"("data":[])"));
  for (int i = 1; i <= 3; ++i) {
    write_elsewhere(i * 1000, "record-" + std::to_string(i));
    const Response first = get(), second = get();
    EXPECT_THAT(first.body, HasSubstr("\"record-" + std::to_string(i) + "\""));
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(first.text_of("ETag"), second.text_of("ETag"));
  }
}

TEST_F(SharedFile, ABackfillOfAnotherConnectionIsNotTheAnswer) {
  write_elsewhere(2000, "newest");
  const std::string tag(get().text_of("ETag"));
  write_elsewhere(1000, "late");
  EXPECT_THAT(get().body, HasSubstr("newest"));
  EXPECT_EQ(get().text_of("ETag"), tag);
}

TEST_F(SharedFile, AKeyThatIsRevokedElsewhereEndsAtOnce) {
  EXPECT_EQ(get().status, 200);
  EXPECT_EQ(get().status, 200);
  ASSERT_TRUE(other.revoke_key(stored.stored.id, kServiceNow_ms));
  EXPECT_EQ(get().status, 401);
}

TEST_F(SharedFile, AKeyThatExpiresEndsThoughTheStoreDoesNotChange) {
  NewKey brief = make_key({.expires_ms = kServiceNow_ms + 1000});
  other.add_key(brief.stored);
  const Request request{"GET", kLatest, {{"ApiKey", brief.text}}, ""};
  EXPECT_EQ(service.handle(request).status, 200);
  clock.set(kServiceNow_ms + 1000);
  EXPECT_EQ(service.handle(request).status, 401);
}

TEST_F(SharedFile, TheTimeOfTheAnswerMovesOnAndTheFormsAreKeptApart) {
  write_elsewhere(1000, "one");
  const std::string plain = get().body, extended = get("/v1/devices/D1/telemetry?extended=1").body;
  EXPECT_NE(plain, extended);
  EXPECT_THAT(plain, HasSubstr("20250220T102405.103Z"));
  clock.set(kServiceNow_ms + 1);
  EXPECT_THAT(get().body, HasSubstr("20250220T102405.104Z"));
  EXPECT_THAT(get("/v1/devices/D1/telemetry?extended=1").body,
              HasSubstr(R"("count":1,"hasMore":false,"nextCursor":null}})"));
}

TEST_F(SharedFile, WhatTheServiceWritesItselfIsSeenByTheNextRequest) {
  EXPECT_EQ(get("/v1/devices/D2/telemetry").status, 404);
  const Request add{"POST",
                    "/v1/devices",
                    {{"ApiKey", stored.text}, {"Content-Type", "application/json"}},
                    R"({"deviceId":"D2","name":"x","model":"x","location":"x"})"};
  EXPECT_EQ(service.handle(add).status, 201);
  EXPECT_EQ(get("/v1/devices/D2/telemetry").status, 200);
  const Request post{"POST",
                     "/v1/devices/D2/telemetry",
                     {{"ApiKey", stored.text}, {"Content-Type", "application/json"}},
                     kPostedRecord + std::string(R"(,"id":"own"})")};
  EXPECT_EQ(service.handle(post).status, 200);
  EXPECT_THAT(get("/v1/devices/D2/telemetry").body, HasSubstr("\"own\""));
}

// A law of every store that tells a version.
TEST_F(SharedFile, TheVersionChangesWithEveryChangeAndOnlyThen) {
  const auto before = store.version();
  ASSERT_TRUE(before);
  EXPECT_EQ(store.version(), before);
  write_elsewhere(1000, "elsewhere");
  const auto after = store.version();
  EXPECT_NE(after, before);
  const Record own = plain_record(2000, "own");
  store.insert(1, "D1", {&own, 1}, 2000);
  EXPECT_NE(store.version(), after);
  EXPECT_EQ(store.version(), store.version());
}

TEST(ReadCache, KeepsNoMoreThanItsLimit) {
  SqliteStore store(":memory:");
  ReadCache cache(store);
  cache.refresh();
  for (std::size_t i = 0; i <= ReadCache::kMost; ++i) cache.keep_body(std::to_string(i), {});
  EXPECT_EQ(cache.find_body("0"), nullptr);
  EXPECT_NE(cache.find_body(std::to_string(ReadCache::kMost)), nullptr);
}

}  // namespace
}  // namespace packbench::hil::api::test
