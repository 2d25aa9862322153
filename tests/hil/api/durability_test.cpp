// What `packbench serve` acknowledged is there: through kills, full disks and the end of the server.
#include <atomic>
#include <deque>
#include <limits>
#include <set>
#include <thread>

#include "hil/api/values/clock.h"
#include "hil/api/values/record_json.h"
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
      Client client({url, kServeKey, std::chrono::milliseconds(60'000)});
      for (int i = 0; !stop_; ++i) {
        const std::string id = name_ + "-" + std::to_string(i);
        const auto answer = client.post(kId, serve_record(kStart_ms + i, id));
        if (answer) acknowledged.push_back(id);
        tried_ = answer.status == 0 ? kGone : tried_ + 1;
        tried_.notify_all();
        if (tried_ == kGone) return;
      }
    });
  }
  ~Poster() { end(); }
  void end() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::vector<std::string> acknowledged;  // to be read after end()
  // Returns when so many requests have an answer, or the server is gone.
  void wait_for(int answers) const {
    for (int now = tried_; now < answers; now = tried_) tried_.wait(now);
  }

 private:
  static constexpr int kGone = std::numeric_limits<int>::max();
  std::string name_;
  std::atomic<int> tried_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class Durability : public Serve {
 protected:
  // What a busy server says of each request would fill the pipe.
  static bool without_log() { return dup2(open("/dev/null", O_WRONLY), 2) == 2; }
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
  for (const auto& poster : posters) poster->wait_for(10);
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

// 64 clients at once; each request that the server took up is answered, so at most one a client is open at the end, and
// what was answered is stored.
TEST_F(Durability, SixtyFourBusyClientsAreAnsweredAtTheEnd) {
  Process process(on_free_port(), kServeKey, without_log);
  const std::string url = process.url();
  ASSERT_TRUE(Client({url, kServeKey}).add_device(device()));
  std::deque<Poster> posters;
  for (int i = 0; i < 64; ++i) posters.emplace_back(url, std::to_string(i));
  for (const Poster& poster : posters) poster.wait_for(3);
  const auto begin = std::chrono::steady_clock::now();
  process.signal(SIGTERM);
  EXPECT_EQ(process.end().code, 0);
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(took, std::chrono::seconds(30));  // 2 s of draining, and a machine that has other work
  std::size_t acknowledged = 0;
  Process again(on_free_port(), kServeKey, without_log);
  const auto ids = stored(again.url());
  for (Poster& poster : posters) {
    poster.end();
    acknowledged += poster.acknowledged.size();
    for (const std::string& id : poster.acknowledged) EXPECT_EQ(ids.count(id), 1u) << id;
  }
  EXPECT_GE(acknowledged, 64u * 3u);
  EXPECT_EQ(ids.size(), acknowledged);  // nothing was stored whose client was left without an answer
}

TEST_F(Durability, AKeyIsRevokedWhileItIsUsed) {
  const std::string key = run({"keys", "add", "--store", store}, nullptr).out.substr(0, 77);
  Process process(on_free_port(), nullptr, without_log);
  const std::string url = process.url();
  ASSERT_TRUE(Client({url, key}).add_device(device()));
  std::vector<std::string> acknowledged;
  int status = 200;
  std::thread poster([&] {
    Client client({url, key});
    for (int i = 0; status == 200; ++i) {
      const std::string id = "id" + std::to_string(i);
      status = client.post(kId, serve_record(kStart_ms + i, id)).status;
      if (status == 200) acknowledged.push_back(id);
    }
  });
  EXPECT_EQ(run({"keys", "revoke", "--store", store, key.substr(0, 12)}, nullptr).code, 0);
  EXPECT_EQ(Client({url, key}).latest(kId).status, 401);  // at once
  poster.join();
  EXPECT_EQ(status, 401);
  const std::string other = run({"keys", "add", "--store", store}, nullptr).out.substr(0, 77);
  const auto left = Client({url, other}).range(kId, kStart_ms, kStart_ms + 1'000'000);
  ASSERT_TRUE(left) << left.error;
  EXPECT_EQ(left.value->size(), acknowledged.size());
}

// Two days of records, half of them too old, deleted in slices while one client posts and another reads: neither is
// refused anything, a reader's pages stay in order, and the young ones are all there.
TEST_F(Durability, OldRecordsAreDeletedWhileItIsPostedToAndRead) {
  const std::int64_t now_ms = system_clock()(), day_ms = 86'400'000;
  const auto post = [&](Client& client, std::int64_t from_ms, int count, const std::string& name) {
    std::string array;
    for (int i = 0; i < count; ++i) {
      array.push_back(i > 0 ? ',' : '[');
      append_record(array, kId, serve_record(from_ms + i, name + std::to_string(i)), RecordForm::ingest);
    }
    const auto answer = client.post_batch(kId, array + "]", name);
    EXPECT_TRUE(answer) << answer.error;
  };
  {
    Process process(on_free_port(), kServeKey, without_log);
    Client client({process.url(), kServeKey});
    ASSERT_TRUE(client.add_device(device()));
    for (int i = 0; i < 5; ++i) post(client, now_ms - 2 * day_ms + 1000 * i, 1000, "old" + std::to_string(i) + "-");
    for (int i = 0; i < 5; ++i) post(client, now_ms - 3'600'000 + 1000 * i, 1000, "young" + std::to_string(i) + "-");
  }
  Process process(on_free_port({"--retain", "36h"}), kServeKey, without_log);
  const std::string url = process.url();
  Client writer({url, kServeKey}), reader({url, kServeKey});
  std::size_t left = 0, posted = 0;
  do {
    post(writer, now_ms - 60'000 + static_cast<std::int64_t>(posted), 1, "new" + std::to_string(posted) + "-");
    ++posted;
    const auto old = reader.range(kId, now_ms - 3 * day_ms, now_ms - day_ms, 500);
    ASSERT_TRUE(old) << old.error;
    left = old.value->size();
    for (std::size_t i = 1; i < left; ++i) {
      ASSERT_LT((*old.value)[i - 1].measured_ms, (*old.value)[i].measured_ms);
    }
  } while (left > 0 && posted < 10'000);
  EXPECT_EQ(left, 0u);
  const auto young = reader.range(kId, now_ms - day_ms, now_ms);
  ASSERT_TRUE(young) << young.error;
  EXPECT_EQ(young.value->size(), 5000 + posted);
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
