// `packbench serve` on a disk that is full, read-only, forbidden, or loses the store's file: errors that say so, reads
// that go on, and no acknowledgement of what is not kept.
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <random>

#include "hil/api/client/connection.h"
#include "hil/api/values/record_json.h"
#include "serve_process.h"
#include "small_disk.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kStart_ms = 1'740'047'045'103;
constexpr const char* kId = "STM32H753ZI";

class Disk : public Serve {
 protected:
  Process start(const std::function<bool()>& prepare = {}) { return {on_free_port(), kServeKey, prepare}; }
  // A store with a device and records 0 ... 9, left by a server that ended.
  void make_store() {
    Process process = start();
    Client client({process.url(), kServeKey});
    ASSERT_TRUE(client.add_device(device()));
    ASSERT_TRUE(post(client, 0, 10));
    process.signal(SIGTERM);
    ASSERT_EQ(process.end().code, 0);
  }
  static Answer<Posted> post(Client& client, int from, int count) {
    std::string array = "[";
    for (int i = from; i < from + count; ++i) {
      if (i > from) array.push_back(',');
      append_record(array, kId, serve_record(kStart_ms + i, "id" + std::to_string(i)), RecordForm::ingest);
    }
    return client.post_batch(kId, array + "]", "batch " + std::to_string(from));
  }
  // Posts batches until one is refused; the number of records that were acknowledged.
  static int fill(Client& client, int from, Answer<Posted>& refusal) {
    int next = from;
    do {
      refusal = post(client, next, 10);
      if (refusal) next += 10;
    } while (refusal && next < from + 20'000);
    return next;
  }
  // Records 0 ... count - 1 and no other.
  static void expect_stored(Client& client, int count) {
    const auto records = client.range(kId, kStart_ms, kStart_ms + 100'000);
    ASSERT_TRUE(records) << records.error;
    ASSERT_EQ(std::ssize(*records.value), count);
    for (int i = 0; i < count; ++i)
      EXPECT_EQ((*records.value)[static_cast<std::size_t>(i)].id, "id" + std::to_string(i));
  }
  static Response ready(const std::string& url) {
    Connection connection(parse_endpoint(url.substr(0, url.rfind('/'))), {});
    return connection.exchange({"GET", "/readyz", {}, ""}).response;
  }
  std::string file() const { return store.substr(store.find(':') + 1); }
};

bool limit_files(const Process& process, rlim_t bytes) {
  const rlimit limit{bytes, RLIM_INFINITY};
  return prlimit(process.id(), RLIMIT_FSIZE, &limit, nullptr) == 0;
}

TEST_F(Disk, AFileThatMayNotGrowIsAnswered503UntilItMay) {
  make_store();
  Process process = start();
  const std::string url = process.url();
  Client client({url, kServeKey});
  ASSERT_TRUE(limit_files(process, 192 * 1024));
  Answer<Posted> refusal;
  const int count = fill(client, 10, refusal);
  EXPECT_EQ(refusal.status, 503);
  EXPECT_EQ(refusal.retry_after_ms, 1000);
  expect_stored(client, count);  // nothing of the batch that was refused
  ASSERT_TRUE(limit_files(process, 1));
  EXPECT_EQ(post(client, count, 10).status, 503);
  EXPECT_EQ(ready(url).status, 503);
  EXPECT_THAT(ready(url).body, HasSubstr("The store cannot be written."));
  EXPECT_TRUE(*client.latest(kId).value);
  ASSERT_TRUE(limit_files(process, RLIM_INFINITY));
  EXPECT_EQ(ready(url).status, 200);
  const auto repeated = post(client, count, 10);
  ASSERT_TRUE(repeated) << repeated.error;
  EXPECT_EQ(repeated.value->accepted, 10);
  expect_stored(client, count + 10);
}

class SmallDisk : public Disk {
 protected:
  void SetUp() override {
    Disk::SetUp();
    std::filesystem::create_directory(disk());
    kept = folder / "kept.db";
    store = "sqlite:" + kept.string();
    make_store();
    store = "sqlite:" + (disk() / "store.db").string();
    Process attempt({"keys", "list", "--store", store}, nullptr, [&] { return enter_small_disk(disk(), "1m"); });
    if (attempt.end().code == 127) GTEST_SKIP() << "This machine gives no name space with a file system of its own.";
  }
  std::filesystem::path disk() const { return folder / "disk"; }
  // In the new process: a disk with the store that was made before.
  bool enter(const char* size = "1m") const {
    return enter_small_disk(disk(), size) && std::filesystem::copy_file(kept, file());
  }
  // A path on the disk of a process, from outside.
  std::string within(const Process& process, const std::string& name) const {
    return "/proc/" + std::to_string(process.id()) + "/root" + (disk() / name).string();
  }
  std::filesystem::path kept;
};

TEST_F(SmallDisk, AFullOneIsAnswered503UntilThereIsRoom) {
  Process process = start([&] { return enter(); });
  const std::string url = process.url();
  Client client({url, kServeKey});
  std::ofstream(within(process, "filler")) << std::string(500 * 1024, 'x');
  Answer<Posted> refusal;
  const int count = fill(client, 10, refusal);
  EXPECT_EQ(refusal.status, 503);
  EXPECT_EQ(refusal.retry_after_ms, 1000);
  EXPECT_EQ(ready(url).status, 503);
  EXPECT_THAT(ready(url).body, HasSubstr("The disk of the store is nearly full."));
  expect_stored(client, count);
  std::filesystem::remove(within(process, "filler"));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(post(client, count + 10 * i, 10));
  expect_stored(client, count + 50);
}

TEST_F(SmallDisk, AServerThatMeetsAFullOneSaysSoAndLeavesTheStoreAsItIs) {
  Process process = start([&] { return enter() && (fill_up(disk() / "filler"), true); });
  const Ended ended = process.end();
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(ended.out, HasSubstr("The store " + file() + " cannot be opened for writing: "));
}

TEST_F(SmallDisk, AReadOnlyOneIsSaidAtTheStart) {
  Process process = start([&] { return enter() && mount("", disk().c_str(), "", MS_REMOUNT | MS_RDONLY, "") == 0; });
  const Ended ended = process.end();
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(ended.out, HasSubstr("The store " + file() + " cannot be opened for writing: "));
}

// Not even root may write there without the capability to override permissions, which the program is not to get back.
bool obey_permissions() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
  if (syscall(SYS_capget, &header, data) != 0) return false;
  for (auto& half : data) half.inheritable = 0;
  return syscall(SYS_capset, &header, data) == 0;
}

TEST_F(Disk, AForbiddenFolderOrFileIsSaidAtTheStart) {
  namespace fs = std::filesystem;
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
  store = "sqlite:" + (folder / "closed/store.db").string();
  const Ended folder_closed = start(obey_permissions).end();
  EXPECT_EQ(folder_closed.code, 4);
  EXPECT_THAT(folder_closed.out, HasSubstr("closed/store.db cannot be opened for writing: unable to open"));
  fs::permissions(folder / "closed", fs::perms::owner_all);
  make_store();
  fs::permissions(file(), fs::perms::owner_read);
  const Ended file_closed = start(obey_permissions).end();
  EXPECT_EQ(file_closed.code, 4);
  EXPECT_THAT(file_closed.out, HasSubstr("closed/store.db cannot be opened for writing: it may only be read."));
}

// SQLite would go on writing into a file that has no name any more.
TEST_F(Disk, WhatGoesToAFileThatIsGoneIsNotAcknowledged) {
  namespace fs = std::filesystem;
  const std::function<void()> losses[] = {
      [&] { fs::remove(file()); },
      [&] { fs::remove(file() + "-wal"); },
      [&] { fs::copy_file(file(), folder / "other.db"), fs::rename(folder / "other.db", file()); },
      [&] { fs::rename(file(), folder / "moved.db"); },
  };
  for (const auto& lose : losses) {
    for (const auto& entry : fs::directory_iterator(folder)) fs::remove(entry);
    make_store();
    Process process = start();
    const std::string url = process.url();
    Client client({url, kServeKey});
    ASSERT_TRUE(post(client, 10, 10));
    lose();
    EXPECT_EQ(post(client, 20, 10).status, 503);
    EXPECT_EQ(ready(url).status, 503);
    EXPECT_TRUE(client.latest(kId));
    process.signal(SIGTERM);
    const Ended ended = process.end();
    EXPECT_EQ(ended.code, 0);
    EXPECT_THAT(ended.out, HasSubstr("its file was deleted or replaced while it is open; start anew"));
  }
}

// SQLite notices damage to the structure of its file; then it is said, at the start or as 503, and the server stays.
TEST_F(Disk, ADamagedStoreIsSaidAndEndsNoServer) {
  make_store();
  {
    Process process = start();
    Client client({process.url(), kServeKey});
    for (int i = 10; i < 500; i += 70) ASSERT_TRUE(post(client, i, 70));
    process.signal(SIGTERM);
    ASSERT_EQ(process.end().code, 0);
  }
  std::filesystem::rename(file(), folder / "whole.db");
  const auto size = std::filesystem::file_size(folder / "whole.db");
  std::minstd_rand random{3};
  int said = 0;
  for (int i = 0; i < 20; ++i) {
    std::filesystem::remove(file() + "-wal");
    std::filesystem::copy_file(folder / "whole.db", file(), std::filesystem::copy_options::overwrite_existing);
    std::fstream bytes(file(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(random() % (size - 2000)));
    for (int j = 0; j < 2000; ++j) bytes.put(static_cast<char>(random()));
    bytes.close();
    Process process = start();
    const std::string first = process.line();
    if (first.find("http") == std::string::npos) {
      EXPECT_EQ(process.end().code, 4);
      EXPECT_THAT(first, HasSubstr("packbench serve: The store " + file() + " cannot be opened for writing: "));
      ++said;
      continue;
    }
    const std::string url = first.substr(first.find("http"));
    Client client({url, kServeKey});
    const int read = client.range(kId, kStart_ms, kStart_ms + 100'000).status;
    const int written = post(client, 500, 10).status;
    for (const int status : {read, written}) {
      EXPECT_TRUE(status == 200 || status == 503 || status == 404) << status;  // 404: the device is what was damaged
      if (status != 200) ++said;
    }
    process.signal(SIGTERM);
    EXPECT_EQ(process.end().code, 0);
  }
  EXPECT_GT(said, 5);
}

}  // namespace
}  // namespace packbench::hil::api::test
