// `packbench serve` and `packbench keys` over PostgreSQL: several services in one database, kills of either side.
#include <atomic>
#include <condition_variable>
#include <map>
#include <set>

#include "api_fixture.h"
#include "postgres_fixture.h"
#include "serve_process.h"
#include "stream_client.h"

namespace packbench::hil::api::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* kId = "STM32H753ZI";

class PostgresServe : public Serve {
 protected:
  void SetUp() override {
    Serve::SetUp();
    store = postgres().new_place();
  }
};

// A service whose log is read, so that it never waits for a reader.
class Served {
 public:
  explicit Served(std::vector<std::string> arguments)
      : process_(std::move(arguments), kServeKey), url(process_.url()), reader_([this] {
          while (!process_.line().empty()) {
          }
        }) {}
  ~Served() {
    process_.signal(SIGKILL);
    reader_.join();
  }

 private:
  Process process_;

 public:
  const std::string url;

 private:
  std::thread reader_;
};

// Posts t-0, t-1 ... and repeats each until it is acknowledged, as a gateway does; ends when it is told to.
class Gateway {
 public:
  Gateway(std::string url, std::string name)
      : thread_([this, url = std::move(url), name = std::move(name)] { post(url, name); }) {}
  ~Gateway() { end(); }
  void end() {
    ending_ = true;
    end_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  std::set<std::string> acknowledged;  // to be read after end()
  std::atomic<int> count = 0;
  std::atomic<bool> gone = false;

 private:
  void post(const std::string& url, const std::string& name) {
    Client client({url, kServeKey, 10s});
    for (int i = 0; !ending_; ++i) {
      const std::string id = name + "-" + std::to_string(i);
      auto answer = client.post(kId, serve_record(i, id));
      while (!answer && answer.status == 503 && !ending_) {
        pause();
        answer = client.post(kId, serve_record(i, id));
      }
      if (answer) acknowledged.insert(id), ++count, count.notify_all();
      if (answer.status == 0) break;  // the service is gone
      EXPECT_TRUE(answer || answer.status == 503) << answer.error;
    }
    gone = true;
    ++count, count.notify_all();
  }
  // As the answer asks for, but a hundredth of it.
  void pause() {
    std::unique_lock lock(mutex_);
    end_.wait_for(lock, 10ms, [this] { return ending_.load(); });
  }
  std::mutex mutex_;
  std::condition_variable end_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

void wait_for(const std::vector<std::unique_ptr<Gateway>>& gateways, int more) {
  for (const auto& gateway : gateways) {
    const int until = gateway->count + more;
    for (int now = 0; (now = gateway->count) < until && !gateway->gone;) gateway->count.wait(now);
    EXPECT_FALSE(gateway->gone);
  }
}

// Two services and four gateways on one device. The server of the database is killed, then one of the services, again
// and again at whatever point they are; the services that live go on by themselves.
TEST_F(PostgresServe, NothingAcknowledgedIsLostOrDoubledByKillsOfDatabaseAndService) {
  std::set<std::string> acknowledged;
  const Served other(on_free_port());
  auto one = std::make_unique<Served>(on_free_port());
  ASSERT_TRUE(Client({one->url, kServeKey}).add_device(device()));
  int names = 0;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<Gateway>> gateways;
    for (const std::string& url : {one->url, other.url, one->url, other.url}) {
      gateways.push_back(std::make_unique<Gateway>(url, std::to_string(names++)));
    }
    wait_for(gateways, 5 + round);
    postgres().stop(SIGKILL);
    postgres().start();
    wait_for(gateways, 3 + round);
    one.reset();
    for (const auto& gateway : gateways) {
      gateway->end();
      acknowledged.merge(gateway->acknowledged);
    }
    one = std::make_unique<Served>(on_free_port());
  }
  const auto stored = Client({one->url, kServeKey}).range(kId, 0, 1'000'000);
  ASSERT_TRUE(stored) << stored.error;
  std::map<std::string, int> times;
  for (const Record& record : *stored.value) ++times[record.id];
  for (const std::string& id : acknowledged) EXPECT_EQ(times[id], 1) << id;
  for (const auto& [id, count] : times) EXPECT_LE(count, 1) << id;
  EXPECT_GT(acknowledged.size(), 3u * 4u * 8u);
}

TEST_F(PostgresServe, WithoutADatabaseItAnswers503IsAliveAndNotReadyAndGoesOn) {
  const Served service(on_free_port());
  const std::string url = service.url;
  Client client({url, kServeKey});
  ASSERT_TRUE(client.add_device(device()));
  const auto operation = [&](const std::string& path) {
    const int port = std::stoi(url.substr(url.rfind(':') + 1));
    RawSocket socket(static_cast<std::uint16_t>(port));
    socket.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return socket.receive();
  };
  EXPECT_EQ(operation("/readyz").result_int(), 200u);
  EXPECT_THAT(operation("/metrics").body(), HasSubstr("store_records 0"));
  postgres().stop();
  const auto answer = client.post(kId, serve_record(1, "a"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.error, testing::Not(HasSubstr("postgres")));
  EXPECT_EQ(client.latest(kId).status, 503);
  while (operation("/readyz").result_int() != 503u) std::this_thread::yield();  // success is remembered for a second
  for (int i = 0; i < 20; ++i) EXPECT_EQ(operation("/healthz").result_int(), 200u);
  postgres().start();
  while (!client.post(kId, serve_record(2, "b"))) std::this_thread::yield();
  EXPECT_EQ(client.latest(kId).value->value().id, "b");
  EXPECT_EQ(operation("/readyz").result_int(), 200u);
}

TEST_F(PostgresServe, AKeyOfOneProgramOpensEveryServiceOfTheDatabaseUntilItIsRevoked) {
  Ended added = run({"keys", "add", "--name", "bench", "--store", store}, nullptr);
  ASSERT_EQ(added.code, 0) << added.out;
  const std::string key = added.out.substr(0, added.out.find('\n'));
  Process one(on_free_port(), nullptr), other(on_free_port(), nullptr);
  Client client({one.url(), key}), elsewhere({other.url(), key});
  ASSERT_TRUE(client.add_device(device()));
  ASSERT_TRUE(client.post(kId, serve_record(1, "a")));
  EXPECT_EQ(elsewhere.latest(kId).value->value().id, "a");
  EXPECT_THAT(run({"keys", "list", "--store", store}).out, HasSubstr("valid"));
  EXPECT_EQ(run({"keys", "revoke", key.substr(0, key.find('.')), "--store", store}).code, 0);
  EXPECT_EQ(client.latest(kId).status, 401);
  EXPECT_EQ(elsewhere.latest(kId).status, 401);
}

TEST_F(PostgresServe, AWrongPlaceEndsItWithASentence) {
  const Ended away = run({"--store", "postgresql://me:s3cret@127.0.0.1:1/db"});
  EXPECT_EQ(away.code, 4);
  EXPECT_THAT(away.out, testing::AllOf(HasSubstr("Connection refused"), testing::Not(HasSubstr("s3cret"))));
  const Ended odd = run({"--store", "postgresql://me:s3/cret@db/bench"});
  EXPECT_EQ(odd.code, 3);
  EXPECT_THAT(odd.out, testing::AllOf(HasSubstr("is not understood"), testing::Not(HasSubstr("cret"))));
}

// What was asked for before the database went away is seen not to be whole; meanwhile the service lives, and when the
// database is back, so is the range.
TEST_F(PostgresServe, ARangeThatIsStreamedWhenTheDatabaseIsKilledIsSeenToBeIncomplete) {
  constexpr int kRecords = 20'000;  // several times what sockets hold on their way
  {
    const auto made = open_store(store);
    made->add_device(device());
    std::vector<Record> records;
    for (int i = 0; i < kRecords; ++i) records.push_back(serve_record(kNow_ms + i, "record-" + std::to_string(i)));
    made->insert(1, kId, records, 0);
  }
  const Served served(on_free_port());
  const auto port = static_cast<std::uint16_t>(std::stoi(served.url.substr(served.url.find(':', 6) + 1)));
  const std::string range = std::string("/v1/devices/") + kId + "/telemetry?start=2025-02-20&end=2025-02-21";
  std::vector<std::unique_ptr<StreamClient>> streams;
  for (const char* form : {"application/x-ndjson", "text/csv"}) {
    for (const char* version : {"1.1", "1.0"}) {
      streams.push_back(std::make_unique<StreamClient>(port, range, std::string("Accept: ") + form + "\r\n", version));
      EXPECT_NE(streams.back()->line(), "");
    }
  }
  postgres().stop(SIGKILL);
  for (const auto& stream : streams) {
    EXPECT_LT(stream->lines(), kRecords - 1);
    EXPECT_FALSE(stream->whole());
  }
  Client client({served.url, kServeKey});
  EXPECT_EQ(client.latest(kId).status, 503);
  postgres().start();
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!client.latest(kId) && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  StreamClient again(port, range, "Accept: application/x-ndjson\r\n");
  EXPECT_EQ(again.lines(), kRecords);
  EXPECT_TRUE(again.whole());
}

}  // namespace
}  // namespace packbench::hil::api::test
