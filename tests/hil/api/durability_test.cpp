// What `packbench serve` acknowledged is there: through kills, full disks and the end of the server.
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <atomic>
#include <set>
#include <thread>

#include "hil/api/clock.h"
#include "serve_process.h"

namespace packbench::hil::api::test {
namespace {

constexpr std::int64_t kStart_ms = 1'740'047'045'103;
constexpr const char* kId = "STM32H753ZI";

// Posts records t-0, t-1 ... until it is told to stop or the server is gone; the acknowledged ones.
class Poster {
 public:
  Poster(const std::string& url, std::string name) : name_(std::move(name)) {
    thread_ = std::thread([this, url] {
      Client client({url, kServeKey, std::chrono::milliseconds(5000)});
      for (int i = 0; !stop_; ++i) {
        const std::string id = name_ + "-" + std::to_string(i);
        const auto answer = client.post(kId, serve_record(kStart_ms + i, id));
        if (answer) acknowledged.push_back(id);
        if (answer.status == 0) return;  // the server is gone
        ++tried;
      }
    });
  }
  ~Poster() { end(); }
  void end() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::vector<std::string> acknowledged;  // to be read after end()
  std::atomic<int> tried = 0;

 private:
  std::string name_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class Durability : public Serve {
 protected:
  std::multiset<std::string> stored(const std::string& url) {
    const auto records = Client({url, kServeKey}).range(kId, kStart_ms - 1000, kStart_ms + 1'000'000);
    EXPECT_TRUE(records) << records.error;
    std::multiset<std::string> ids;
    if (records) std::ranges::for_each(*records.value, [&](const Record& record) { ids.insert(record.id); });
    return ids;
  }
};

TEST_F(Durability, AServerThatIsToldToEndAnswersWhatItHas) {
  Process process(on_free_port(), kServeKey);
  const std::string url = process.url();
  ASSERT_TRUE(Client({url, kServeKey}).add_device(device()));
  std::vector<std::unique_ptr<Poster>> posters;
  for (int i = 0; i < 4; ++i) posters.push_back(std::make_unique<Poster>(url, std::to_string(i)));
  for (const auto& poster : posters) {
    while (poster->tried < 10) std::this_thread::yield();
  }
  process.signal(SIGTERM);
  EXPECT_EQ(process.end().code, 0);
  Process again(on_free_port(), kServeKey);
  const auto ids = stored(again.url());
  std::size_t acknowledged = 0;
  for (const auto& poster : posters) {
    poster->end();
    acknowledged += poster->acknowledged.size();
    for (const std::string& id : poster->acknowledged) EXPECT_EQ(ids.count(id), 1u) << id;
  }
  EXPECT_LE(acknowledged, ids.size());
  EXPECT_LE(ids.size(), acknowledged + posters.size());  // at most the answer under way was not read
}

TEST_F(Durability, OldRecordsAreDeletedWhileItServes) {
  const std::int64_t now_ms = system_clock()();
  {
    Process process(on_free_port(), kServeKey);
    Client client({process.url(), kServeKey});
    ASSERT_TRUE(client.add_device(device()));
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(client.post(kId, serve_record(now_ms - 86'400'000 * (3 - i), "day" + std::to_string(i))));
    }
  }
  Process process(on_free_port({"--retain", "36h"}), kServeKey);
  Client client({process.url(), kServeKey});
  std::vector<Record> left;
  do {
    left = *client.range(kId, now_ms - 86'400'000 * 10, now_ms).value;
  } while (left.size() > 1);
  EXPECT_EQ(left.at(0).id, "day2");
}

}  // namespace
}  // namespace packbench::hil::api::test
