// A day of a device at 1 Hz, in virtual time: 86,400 reports through the gateway's parts (record, buffer in a file,
// forwarder, HTTP) into a server with a store in a file, while both are killed, the API goes away, refuses, and loses
// answers, and the gateway's clock is set. All 86,400 arrive once and in order.
//
// Server and gateway are processes; the day is a list of stages. In a stage the way to the API is bent, the server is
// there or not, and at its end the gateway ends or is killed. Virtual time is in memory that the processes share: the
// gateway moves it on.
#include <sys/mman.h>
#include <time.h>

#include <random>

#include "bent_way.h"
#include "hil/api/gateway/forwarder.h"
#include "hil/api/gateway/gateway.h"
#include "hil/api/server/server.h"
#include "hil/api/service/write_queue.h"
#include "hil/api/store/sqlite.h"
#include "hil/api/store/sqlite_store.h"
#include "hil/api/values/clock.h"
#include "serve_process.h"

namespace packbench::hil::api::test {
namespace {

constexpr std::int64_t kDay_s = 86'400, kHour_s = 3600;
constexpr std::int64_t kBegin_ms = 1'740'009'600'000;  // 2025-02-20T00:00Z
constexpr const char* kId = "BOARD-1";

struct Shared {
  std::atomic<std::int64_t> now_ms = kBegin_ms;   // true time
  std::atomic<std::int64_t> first_sequence = -1;  // of the first report
  std::atomic<std::uint32_t> port = 0;            // of the way to the API
  std::atomic<std::uint32_t> api_port = 0;        // of the API itself
  std::atomic<Bend> bend = Bend::none;
  std::atomic<int> kill_server_in_requests = 0;  // 0: not
  std::atomic<std::int64_t> duplicates = 0, worst_skew_ms = 0;
};

// By how much the gateway's clock is ahead: set back by an hour in the morning, right again at noon, set forward by ten
// minutes in the evening.
std::int64_t ahead_ms(std::int64_t second) {
  if (second >= 6 * kHour_s && second < 12 * kHour_s) return -kHour_s * 1000;
  return second >= 20 * kHour_s && second < 22 * kHour_s ? 600'000 : 0;
}

// Kills this process at some moment within the time, whatever it is doing then.
void kill_within(std::chrono::microseconds time, std::minstd_rand& random) {
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGKILL;
  timer_t timer{};
  itimerspec when{};
  when.it_value.tv_nsec = 1000 * (1 + static_cast<long>(random() % static_cast<unsigned long>(time.count())));
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  timer_settime(timer, 0, &when, nullptr);
}

struct Stage {
  std::int64_t until_s;
  bool api = true;
  Bend bend = Bend::none;
  bool kill_gateway = false, kill_server = false;
};

class Day : public testing::Test {
 protected:
  void SetUp() override {
    // In memory where there is such a place: a wait for a disk 86,400 times says nothing more.
    char name[] = "/dev/shm/day_test_XXXXXX", other[] = "/tmp/day_test_XXXXXX";
    const char* made = mkdtemp(name);
    folder = made ? made : mkdtemp(other);
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared = new (memory) Shared;
  }
  void TearDown() override {
    end_server();
    munmap(shared, sizeof(Shared));
    std::filesystem::remove_all(folder);
  }

  void start_server() {
    shared->port = 0;
    server = fork();
    if (server == 0) serve();
    while (shared->port == 0 && waitpid(server, nullptr, WNOHANG) == 0) std::this_thread::yield();
    ASSERT_NE(shared->port, 0u);
  }
  void end_server() {
    if (server > 0) kill(server, SIGKILL), waitpid(server, nullptr, 0);
    server = 0;
  }
  [[noreturn]] void serve() {
    const Clock clock = [this] { return shared->now_ms.load(); };
    SqliteStore store(folder / "store.db");
    KeyRing keys;
    keys.add(kServeKey);
    Service service(store, keys, clock);
    WriteQueue queue(std::make_unique<SqliteStore>(folder / "store.db"), service.metrics(), clock);
    service.write_through(queue);
    Server api(service, {});
    std::minstd_rand random(static_cast<unsigned>(shared->now_ms / 1000));
    BentWay way(api.url(), [&] {
      int left = shared->kill_server_in_requests;
      if (left > 0 && --shared->kill_server_in_requests == 0) kill_within(std::chrono::microseconds(800), random);
      return shared->bend.load();
    });
    shared->api_port = api.port();
    shared->port = way.port();
    way.serve();
    _exit(0);
  }

  // A gateway from the second that it finds to the end of the stage, and after the last one until nothing waits.
  [[noreturn]] void be_gateway(const Stage& stage) {
    std::minstd_rand random(static_cast<unsigned>(stage.until_s));
    const auto second = [this] { return (shared->now_ms - kBegin_ms) / 1000; };
    const Clock clock = [&] { return shared->now_ms + ahead_ms(second()); };
    Outbox outbox({.file = folder / "buffer.db", .device_id = kId});
    const bool straight = stage.bend == Bend::none && !stage.kill_server;
    const std::uint32_t port = straight ? shared->api_port : shared->port;
    Client client({"http://127.0.0.1:" + std::to_string(port) + "/v1", kServeKey, std::chrono::milliseconds(20'000)});
    Device device;
    device.device_id = kId, device.name = device.model = device.location = "x";
    Forwarder forwarder(outbox, client, {.device = device, .clock = clock});
    if (shared->first_sequence < 0) shared->first_sequence = outbox.counts().next_sequence;
    std::int64_t next_try_ms = 0;
    // The report of this second may have been accepted just before a kill.
    std::int64_t next = outbox.counts().next_sequence - shared->first_sequence;
    // On the straight way several reports go at once, as after a pause: the sum of a day's exchanges says nothing more.
    const std::int64_t pause_s = straight ? 5 : 1;
    while (next < stage.until_s || (next == kDay_s && outbox.counts().waiting > 0)) {
      const std::int64_t due_ms = next < kDay_s ? kBegin_ms + 1000 * next : next_try_ms;
      shared->now_ms = std::max(shared->now_ms.load(), due_ms);
      if (next < stage.until_s) accept(outbox, next++, clock);
      if (stage.kill_gateway && next == stage.until_s - 30) kill_within(std::chrono::milliseconds(20), random);
      while (next % pause_s == 0 && shared->now_ms >= next_try_ms && outbox.counts().waiting > 0) {
        next_try_ms = shared->now_ms + forwarder.step().count();
      }
      note_skew(forwarder.state(), second());
    }
    while (stage.kill_gateway) pause();
    shared->duplicates += forwarder.state().duplicates;
    _exit(0);
  }
  static void accept(Outbox& outbox, std::int64_t number, const Clock& clock) {
    packlink_status_t status{};
    status.boot_count = 1;
    status.cells = 15;
    for (std::uint16_t& cell : status.cell_dmV) cell = 33'000;
    status.cell_dmV[0] = static_cast<std::uint16_t>(20'000 + number % 20'000);
    status.pack_dmV = 400'000 + static_cast<std::uint32_t>(number);
    Record record = Gateway{kId, kId, 0}.record(status, clock(), 0);
    record.id.clear();
    record.sequence.reset();
    if (!outbox.put(std::move(record))) _exit(1);
  }
  void note_skew(const ForwarderState& state, std::int64_t second) {
    if (!state.clock_ahead_ms || !state.trouble.empty() || ahead_ms(second) != ahead_ms(second - 60)) return;
    shared->worst_skew_ms = std::max(shared->worst_skew_ms.load(), std::abs(*state.clock_ahead_ms - ahead_ms(second)));
  }

  void run(const Stage& stage) {
    if (server > 0 && waitpid(server, nullptr, WNOHANG) == server) server = 0;  // it was killed meanwhile
    if (stage.api && server <= 0) start_server();
    if (!stage.api) end_server();
    shared->bend = stage.bend;
    shared->kill_server_in_requests = stage.kill_server ? 40 : 0;
    const pid_t gateway = fork();
    if (gateway == 0) be_gateway(stage);
    int status = 0;
    waitpid(gateway, &status, 0);
    const int expected = stage.kill_gateway ? SIGKILL : 0;
    EXPECT_EQ(status, expected);
  }

  std::filesystem::path folder;
  Shared* shared = nullptr;
  pid_t server = 0;
};

// Outages of seconds to hours, each way bent, kills of both.
std::vector<Stage> stages() {
  std::vector<Stage> day;
  for (int i = 0; i < 20; ++i)
    day.push_back({.until_s = 100 * (i + 1), .kill_gateway = i % 2 == 0, .kill_server = i % 3 == 0});
  for (const Bend bend : {Bend::closed, Bend::answer_lost, Bend::answer_cut, Bend::too_many, Bend::too_large,
                          Bend::overloaded, Bend::other_page, Bend::other_object}) {
    const std::int64_t from_s = day.back().until_s;
    day.push_back({.until_s = from_s + 100});
    day.push_back({.until_s = from_s + 500, .bend = bend, .kill_gateway = bend == Bend::answer_lost});
    day.push_back({.until_s = from_s + 505, .api = false});
  }
  for (const std::int64_t away_s : {std::int64_t{60}, std::int64_t{600}, kHour_s, 5 * kHour_s}) {
    const std::int64_t from_s = day.back().until_s;
    day.push_back({.until_s = from_s + 1000});
    day.push_back({.until_s = from_s + 1000 + away_s, .api = false, .kill_gateway = true});
    day.push_back(
        {.until_s = from_s + 1100 + away_s, .bend = Bend::too_large, .kill_gateway = true, .kill_server = true});
  }
  day.push_back({.until_s = 23 * kHour_s});
  day.push_back({.until_s = kDay_s - 100, .api = false});
  day.push_back({.until_s = kDay_s, .bend = Bend::none});
  return day;
}

TEST_F(Day, EveryReportIsInTheStoreOnceAndInOrder) {
  for (const Stage& stage : stages()) {
    run(stage);
    if (HasFailure()) FAIL() << "until " << stage.until_s;
  }
  Database store(folder / "store.db");
  Statement rows(store, "SELECT sequence, measured_ms, arrived_s, pack_dmV FROM records ORDER BY sequence");
  rows.begin();
  std::int64_t number = 0, arrived_s = 0, prompt = 0;
  for (; rows.step(); ++number) {
    const std::int64_t happened_s = kBegin_ms / 1000 + number;
    ASSERT_EQ(rows.integer(0), shared->first_sequence + number);
    ASSERT_EQ(rows.integer(3), 400'000 + number);
    ASSERT_EQ(rows.integer(1), happened_s * 1000 + ahead_ms(number)) << number;  // as the gateway's clock said
    ASSERT_GE(rows.integer(2), std::max(arrived_s, happened_s)) << number;       // as the API's clock said, never back
    arrived_s = rows.integer(2);
    prompt += arrived_s <= happened_s + 5;
  }
  EXPECT_EQ(number, kDay_s);
  EXPECT_GT(prompt, kDay_s / 2);
  EXPECT_LE(shared->worst_skew_ms, 1500);
}

}  // namespace
}  // namespace packbench::hil::api::test
