// `packbench serve` killed a hundred times while four clients post: what it acknowledged is there, once and whole.
#include <atomic>
#include <deque>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "hil/api/store/sqlite.h"
#include "hil/api/values/record_json.h"
#include "serve_process.h"

namespace packbench::hil::api::test {
namespace {

using std::chrono::microseconds;
using Steady = std::chrono::steady_clock;

constexpr std::int64_t kStart_ms = 1'740'047'045'103;
constexpr const char* kId = "STM32H753ZI";

// A request with its Idempotency-Key: a single record or a batch.
struct Post {
  std::string key, body;
  std::vector<std::string> ids;
};

// What all posters do together, so that a kill can be aimed at it.
struct Progress {
  std::atomic<int> sent = 0, answers_until_kill = 0;  // 0: no answer kills
  std::atomic<pid_t> server = 0;
  std::atomic<std::int64_t> next_ms = kStart_ms;
};

// One client over all its servers: what one of them left unanswered it repeats to the next.
class Poster {
 public:
  Poster(Progress& progress, int number) : progress_(progress), number_(number), random_(unsigned(number) + 1) {}

  // Posts until the server is gone, or `most` requests are answered.
  void post_to(const std::string& url, int most) {
    Client client({url, kServeKey, std::chrono::milliseconds(20'000)});
    for (int done = 0; done < most; ++done) {
      if (!open_) open_ = new_post();
      ++progress_.sent;
      const auto answer = client.post_batch(kId, open_->body, open_->key);
      if (answer.status == 0) return;
      if (--progress_.answers_until_kill == 0) kill(progress_.server, SIGKILL);
      ASSERT_TRUE(answer) << answer.error;
      // Also when it repeats what the last server made and did not say.
      EXPECT_EQ(answer.value->accepted, std::ssize(open_->ids));
      EXPECT_EQ(answer.value->duplicates, 0);
      acknowledged.push_back(std::move(*open_));
      open_.reset();
    }
  }
  const std::optional<Post>& unanswered() const { return open_; }

  std::vector<Post> acknowledged;

 private:
  Post new_post() {
    const bool single = random_() % 2 == 0;
    const std::size_t count = single ? 1 : 2 + random_() % 30;
    Post post{std::to_string(number_) + "-" + std::to_string(made_++), single ? "" : "[", {}};
    for (std::size_t i = 0; i < count; ++i) {
      post.ids.push_back(post.key + "-" + std::to_string(i));
      if (i > 0) post.body.push_back(',');
      append_record(post.body, kId, serve_record(progress_.next_ms++, post.ids.back()), RecordForm::ingest);
    }
    if (!single) post.body.push_back(']');
    return post;
  }

  Progress& progress_;
  int number_, made_ = 0;
  std::minstd_rand random_;
  std::optional<Post> open_;
};

class Kill : public Serve {
 protected:
  static bool without_log() { return dup2(open("/dev/null", O_WRONLY), 2) == 2; }
  Process start() { return {on_free_port(), kServeKey, without_log}; }
  std::uintmax_t log_bytes() const {
    std::error_code missing;
    const auto bytes = std::filesystem::file_size(file() + "-wal", missing);
    return missing ? 0 : bytes;
  }
  std::string file() const { return (folder / "store.db").string(); }

  std::set<std::string> stored() const {
    Database database(file());
    Statement select(database, "SELECT id FROM records");
    std::set<std::string> ids;
    select.begin();
    while (select.step()) EXPECT_TRUE(ids.insert(select.text(0)).second) << "twice in the store";
    return ids;
  }
  // Of a copy, so that what a killed server left is found by the next one as it is.
  std::string integrity() const {
    const std::string copy = (folder / "copy.db").string();
    for (const char* end : {"", "-wal"}) {
      std::filesystem::remove(copy + end);
      if (std::filesystem::exists(file() + end)) std::filesystem::copy_file(file() + end, copy + end);
    }
    Database database(copy);
    Statement check(database, "PRAGMA integrity_check");
    check.begin().step();
    return check.text(0);
  }
  // A batch is there whole or not at all; an acknowledged one is there.
  static void expect_whole(const std::set<std::string>& ids, const Post& post, bool acknowledged) {
    const auto there = std::ranges::count_if(post.ids, [&](const std::string& id) { return ids.contains(id); });
    EXPECT_TRUE(there == std::ssize(post.ids) || (there == 0 && !acknowledged))
        << post.key << ": " << there << " of " << post.ids.size();
  }
};

// When to kill: at any moment, right after an answer, right after a request went out, or while it starts.
enum Moment { any, answered, sent, starting };

// An answer kills from the thread that reads it: a server that acknowledged too early has no time to make it true.
void kill_at(Moment moment, Process& process, Progress& progress, std::minstd_rand& random) {
  const int more = 1 + static_cast<int>(random() % 12);
  const int requests = progress.sent + more;
  if (moment == answered) return;
  while (moment == sent && progress.sent < requests) std::this_thread::yield();
  const auto end = Steady::now() + microseconds(random() % (moment == sent ? 1000 : 12'000));
  while (Steady::now() < end) std::this_thread::yield();
  process.signal(SIGKILL);
}

// What a start has to read again, and so its time, is bounded: autocheckpoint at 1000 pages, and one transaction
// beyond: four batches of 32 records touch fewer than 1000 more.
constexpr std::uintmax_t kMostLog_bytes = 2000 * (4096 + 24) + 32;

class HundredKills : public Kill {
 protected:
  HundredKills() {
    for (int i = 0; i < 4; ++i) posters.emplace_back(progress, i);
  }
  // What the last server acknowledged is there, and of what it left unanswered all or nothing.
  void expect_nothing_lost() {
    const std::set<std::string> ids = stored();
    for (const Poster& poster : posters) {
      for (const Post& post : poster.acknowledged) expect_whole(ids, post, true);
      if (!poster.unanswered()) continue;
      expect_whole(ids, *poster.unanswered(), false);
      if (ids.contains(poster.unanswered()->ids[0])) ++committed_unanswered;
    }
  }
  void post_until_killed(Process& process, const std::string& url, Moment moment) {
    progress.server = process.id();
    progress.answers_until_kill = moment == answered ? 1 + static_cast<int>(random() % 12) : 0;
    std::vector<std::thread> threads;
    for (Poster& poster : posters) threads.emplace_back([&] { poster.post_to(url, 1'000'000); });
    kill_at(moment, process, progress, random);
    for (std::thread& thread : threads) thread.join();
    process.end();
  }
  void round(Moment moment) {
    const auto begin = Steady::now();
    Process process = start();
    if (moment == starting) {
      std::this_thread::sleep_for(microseconds(random() % 8000));
      return;  // which kills it
    }
    const std::string url = process.url();
    ASSERT_NE(url, "");
    slowest = std::max(slowest, Steady::now() - begin);
    expect_nothing_lost();
    post_until_killed(process, url, moment);
    EXPECT_LT(log_bytes(), kMostLog_bytes);
  }
  // Each client gets an answer to what it still asks.
  void settle() {
    Process process = start();
    const std::string url = process.url();
    for (Poster& poster : posters) poster.post_to(url, 1);
  }

  Progress progress;
  std::deque<Poster> posters;
  std::minstd_rand random{7};
  Steady::duration slowest{};
  int committed_unanswered = 0;
};

TEST_F(HundredKills, LoseAndDoubleNothing) {
  {
    Process first = start();
    ASSERT_TRUE(Client({first.url(), kServeKey}).add_device(device()));
  }
  for (int i = 0; i < 100; ++i) {
    round(Moment(i % 4));
    if (i % 10 == 1) {
      EXPECT_EQ(integrity(), "ok");
    }
    if (HasFailure()) FAIL() << "in round " << i;
  }
  settle();
  expect_nothing_lost();
  std::size_t posted = 0;
  for (const Poster& poster : posters) {
    EXPECT_FALSE(poster.unanswered());
    for (const Post& post : poster.acknowledged) posted += post.ids.size();
  }
  EXPECT_EQ(stored().size(), posted);
  EXPECT_EQ(integrity(), "ok");
  EXPECT_GT(committed_unanswered, 0);  // or the kills were never in between
  EXPECT_LT(slowest, std::chrono::seconds(5));
}

}  // namespace
}  // namespace packbench::hil::api::test
