// Following a device: server-sent events over real sockets.
#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/asio/read_until.hpp>
#include <charconv>
#include <filesystem>

#include "api_fixture.h"
#include "hil/api/client/client.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr const char* kLive = "/v1/devices/STM32H753ZI/telemetry/live";

// A client that reads when the test says so.
class Follower {
 public:
  explicit Follower(std::uint16_t port, const std::string& key = kKey, const std::string& query = "",
                    const std::string& more_fields = "") {
    socket_.open(asio::ip::tcp::v4());
    socket_.set_option(asio::socket_base::receive_buffer_size(4096));  // little waits on this side
    socket_.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket_,
                asio::buffer(ApiServer::text("GET", kLive + query, "", "ApiKey: " + key + "\r\n" + more_fields)));
    header = piece("\r\n\r\n");
  }
  // The text up to here; empty when the server closed.
  std::string piece(const std::string& end = "\n\n") {
    boost::system::error_code error;
    const std::size_t size = asio::read_until(socket_, asio::dynamic_buffer(buffer_), end, error);
    if (error) return "";
    const std::string text = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return text;
  }
  // The next event's record.
  nlohmann::json record() {
    std::string text = piece();
    while (text == ":\n\n") text = piece();
    const std::size_t data = text.find("\ndata: ");
    if (data == std::string::npos) return nullptr;
    EXPECT_THAT(text, HasSubstr("event: record\n"));
    const auto record = nlohmann::json::parse(text.substr(data + 7));
    EXPECT_THAT(text, StartsWith("id: " + record["id"].get<std::string>() + "\n"));
    return record;
  }
  std::string id() {
    const auto got = record();
    return got.is_null() ? "" : got["id"].get<std::string>();
  }
  std::string header;

 private:
  asio::io_context context_;
  asio::ip::tcp::socket socket_{context_};
  std::string buffer_;
};

struct Following : testing::Test {
  void SetUp() override { api.add_device(); }
  void post(std::int64_t measured_ms, const std::string& id) {
    ASSERT_EQ(client.post(kDevice, simple_record(measured_ms, id)).value->accepted, 1);
  }
  std::uint64_t metric(const std::string& name) {
    const std::string text = "\n" + api.call("GET", "/metrics").body();
    std::uint64_t value = 0;
    const std::size_t at = text.find("\n" + name + " ");
    if (at != std::string::npos) {
      std::from_chars(text.data() + at + name.size() + 2, text.data() + text.size(), value);
    }
    return value;
  }
  static ServerOptions options() {
    ServerOptions options;
    options.show_operations = true;
    options.silence = 10'000ms;
    options.request_timeout = 10min;  // nobody is dropped, however slow the machine
    return options;
  }
  ApiServer api{options()};
  Client client{{api.server.url(), kKey}};
};

TEST_F(Following, TheNewestRecordComesFirstAndThenEveryNewerOne) {
  post(kNow_ms - 2000, "one");
  Follower follower(api.server.port());
  EXPECT_THAT(follower.header, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(follower.header, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_EQ(follower.id(), "one");
  post(kNow_ms - 1000, "two");
  EXPECT_EQ(follower.id(), "two");
  post(kNow_ms - 5000, "late");  // of an earlier time: what is newest stays
  post(kNow_ms, "three");
  EXPECT_EQ(follower.id(), "three");
}

TEST_F(Following, ADeviceWithoutRecordsIsFollowedToo) {
  Follower follower(api.server.port());
  post(kNow_ms, "first");
  EXPECT_EQ(follower.id(), "first");
}

TEST_F(Following, RecordsHaveTheFormThatIsAskedFor) {
  post(kNow_ms, "one");
  EXPECT_EQ(Follower(api.server.port()).record().size(), 14u);
  EXPECT_EQ(Follower(api.server.port(), kKey, "?extended=1").record()["ts"], "2025-02-20T10:24:05.103Z");
}

TEST_F(Following, WhoComesBackBeginsWithTheNewestAgain) {
  post(kNow_ms - 2000, "one");
  post(kNow_ms - 1000, "two");
  for (const char* last : {"one", "two", "never heard of"}) {
    EXPECT_EQ(Follower(api.server.port(), kKey, "", "Last-Event-ID: " + std::string(last) + "\r\n").id(), "two");
  }
}

TEST_F(Following, IsRefusedAsEveryRouteRefuses) {
  const std::string fields = std::string("ApiKey: ") + kKey + "\r\n";
  EXPECT_EQ(api.call("GET", kLive, "", "").result_int(), 401u);
  EXPECT_EQ(api.call("GET", kLive, "", "ApiKey: another-organization\r\n").result_int(), 404u);
  EXPECT_EQ(api.call("GET", kLive, "", fields + "Accept: application/json\r\n").result_int(), 406u);
  EXPECT_EQ(api.call("GET", kLive + std::string("?limit=1")).result_int(), 400u);
  EXPECT_EQ(api.call("GET", "/v1/devices/nobody/telemetry/live").result_int(), 404u);
  EXPECT_EQ(api.call("POST", kLive).result_int(), 405u);
  EXPECT_EQ(metric("api_live_clients"), 0u);
}

// The client takes nothing while ten thousand records come. What lies in the two sockets is bounded by their buffers,
// 32 KiB and 8 KiB as the kernel counts them, so far less than the 6 MB that were posted; the end is the newest.
TEST_F(Following, ASlowClientGetsTheNewestAndNothingWaitsForIt) {
  Follower follower(api.server.port());
  constexpr int kRecords = 10'000, kBatch = 1000;
  for (int batch = 0; batch < kRecords / kBatch; ++batch) {
    for (int i = 0; i < kBatch; ++i) post(kNow_ms + batch * kBatch + i, std::to_string(batch * kBatch + i));
  }
  int taken = 1;
  const std::string last = std::to_string(kRecords - 1);
  for (std::string id = follower.id(); id != last && !id.empty(); id = follower.id()) ++taken;
  EXPECT_LT(taken, kRecords / 10);
  EXPECT_EQ(metric("api_live_events_total{result=\"sent\"}"), static_cast<std::uint64_t>(taken));
  EXPECT_GE(metric("api_live_events_total{result=\"passed_over\"}"), kRecords * 9u / 10u - 1u);
}

TEST_F(Following, EndsWhenTheKeyEnds) {
  StoredKey key;
  key.id = "short-lived", key.secret_digest = sha256("secret"), key.expires_ms = kNow_ms + 1000;
  key.scopes = static_cast<unsigned>(Scope::telemetry_read);
  api.store.add_key(key);
  post(kNow_ms - 1, "one");
  Follower follower(api.server.port(), "short-lived.secret");
  EXPECT_EQ(follower.id(), "one");
  api.clock.set(kNow_ms + 2000);
  post(kNow_ms, "two");
  EXPECT_EQ(follower.piece(), "");
}

TEST_F(Following, ClientsThatGoAreForgotten) {
  {
    Follower one(api.server.port()), two(api.server.port());
    EXPECT_EQ(metric("api_live_clients"), 2u);
  }
  while (metric("api_live_clients") > 0) continue;  // the test's own time limit ends this
}

TEST_F(Following, LeavesConnectionsToOthers) {
  std::vector<std::unique_ptr<Follower>> all;
  for (std::size_t i = 0; i < kMostLive; ++i) all.push_back(std::make_unique<Follower>(api.server.port()));
  EXPECT_THAT(all.back()->header, StartsWith("HTTP/1.1 200"));
  post(kNow_ms, "for-all");
  for (const auto& one : all) EXPECT_EQ(one->id(), "for-all");
  const HttpResponse refused = api.call("GET", kLive);
  EXPECT_EQ(refused.result_int(), 503u);
  EXPECT_EQ(refused["Retry-After"], "5");
  EXPECT_EQ(api.call("GET", "/v1/devices").result_int(), 200u);
}

// Two services on one store: a record that the other one stored, and what the other one deleted.
TEST(FollowingInSilence, WhatAnotherServiceStoredIsFoundAndWhatItDeletesEndsNothing) {
  const std::string file = testing::TempDir() + "following_" + std::to_string(::getpid()) + ".db";
  const auto here = open_store("sqlite:" + file), elsewhere = open_store("sqlite:" + file);
  Device device;
  device.device_id = kDevice, device.name = device.model = device.location = "x";
  elsewhere->add_device(device);
  const auto store_elsewhere = [&](std::int64_t measured_ms, const std::string& id) {
    const Record record = simple_record(measured_ms, id);
    elsewhere->insert(1, kDevice, std::span(&record, 1), kNow_ms);
  };
  SettableClock clock{kNow_ms};
  Service service(*here, ApiServer::keys(), clock.reader());
  ServerOptions options;
  options.silence = 5ms;
  const Server server(service, options);
  store_elsewhere(kNow_ms - 3000, "one");
  Follower follower(server.port());
  EXPECT_EQ(follower.id(), "one");
  store_elsewhere(kNow_ms - 2000, "two");
  EXPECT_EQ(follower.id(), "two");
  EXPECT_EQ(elsewhere->forget_before(kNow_ms, 1000), 1);  // the newest stays
  store_elsewhere(kNow_ms - 1000, "three");
  EXPECT_EQ(follower.id(), "three");
  std::filesystem::remove(file);
}

TEST(FollowingInSilence, SignsOfLifeComeAndTheEndOfTheServerEndsIt) {
  ServerOptions options;
  options.silence = 5ms;
  auto api = std::make_unique<ApiServer>(options);
  api->add_device();
  Follower follower(api->server.port());
  EXPECT_EQ(follower.piece(), ":\n\n");
  EXPECT_EQ(follower.piece(), ":\n\n");
  api.reset();
  std::string last = follower.piece();
  while (last == ":\n\n") last = follower.piece();
  EXPECT_EQ(last, "");
}

}  // namespace
}  // namespace packbench::hil::api::test
