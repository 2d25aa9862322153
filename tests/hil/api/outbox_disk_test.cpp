// The buffer of a gateway on a disk that is full to its last page: what the API has can go, and then there is room.
#include <sys/wait.h>

#include "buffered.h"
#include "hil/api/store/sqlite.h"
#include "small_disk.h"

namespace packbench::hil::api::test {
namespace {

// What a process may find; each is its exit code.
enum Found { all_well, no_small_disk, took_little, kept_delivered, took_nothing_again, lost_some, surprised };

class BufferOnSmallDisk : public Buffered, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    Buffered::SetUp();
    std::filesystem::create_directory(disk());
  }
  std::filesystem::path disk() const { return folder / "disk"; }
  OutboxOptions on_disk() const { return {(disk() / "buffer.db").string(), kDevice, 100'000}; }
  // Runs in a process with a disk of its own, whose exit code says what was found.
  template <typename Body>
  void expect_all_well(const Body& body) const {
    const pid_t child = fork();
    if (child == 0) {
      if (!enter_small_disk(disk(), GetParam())) _exit(no_small_disk);
      try {
        _exit(body());
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        _exit(surprised);
      }
    }
    int status = 0;
    waitpid(child, &status, 0);
    const int found = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (found == no_small_disk) GTEST_SKIP() << "This machine gives no name space with a file system of its own.";
    EXPECT_EQ(found, all_well);
  }
  // Puts until the disk takes no more; how many were accepted.
  static std::int64_t put_all(Outbox& outbox, std::int64_t most = 100'000) {
    std::int64_t accepted = 0;
    try {
      while (accepted < most && outbox.put(reported(kNow_ms + accepted))) ++accepted;
    } catch (const SqliteError&) {
    }
    return accepted;
  }
  static std::int64_t last(Outbox& outbox) { return outbox.front(-1, 100'000).back().sequence; }
};

TEST_P(BufferOnSmallDisk, IsFullAndEmptyAgainAsOftenAsItIsDelivered) {
  expect_all_well([&]() -> int {
    Outbox outbox(on_disk());
    const std::int64_t first = put_all(outbox);
    if (first < 30) return took_little;
    for (int round = 0; round < 5; ++round) {
      fill_up(disk() / "filler");
      if (std::ssize(outbox.front(-1, 100'000)) != outbox.counts().waiting) return lost_some;
      outbox.delivered_through(last(outbox));
      if (outbox.counts().waiting != 0) return kept_delivered;
      // Freed pages are used again; a tenth for what splits of pages leave empty (ours; none was seen).
      if (put_all(outbox) < first * 9 / 10) return took_nothing_again;
    }
    return all_well;
  });
}

// Whoever filled it, and whatever the program that wrote the buffer came to.
TEST_P(BufferOnSmallDisk, LetsGoOfRecordsWhereAnotherProgramTookAllRoom) {
  expect_all_well([&]() -> int {
    for (int round = 0; round < 3; ++round) {
      const pid_t writer = fork();
      if (writer == 0) {
        Outbox outbox(on_disk());
        if (put_all(outbox, 40) < 20) _exit(took_little);
        fill_up(disk() / "filler");
        kill(getpid(), SIGKILL);
      }
      int status = 0;
      waitpid(writer, &status, 0);
      if (!WIFSIGNALED(status)) return took_little;
      Outbox outbox(on_disk());
      if (outbox.counts().waiting < 20) return lost_some;
      for (const Waiting& one : outbox.front(-1, 3)) outbox.set_aside(one.sequence, "no");
      outbox.delivered_through(last(outbox));
      if (outbox.counts().waiting != 0) return kept_delivered;
      if (put_all(outbox, 10) != 10) return took_nothing_again;
      outbox.delivered_through(last(outbox));
    }
    return all_well;
  });
}

INSTANTIATE_TEST_SUITE_P(Sizes, BufferOnSmallDisk, testing::Values("300k", "1m", "6m"),
                         [](const auto& size) { return std::string("of_") + size.param; });

}  // namespace
}  // namespace packbench::hil::api::test
