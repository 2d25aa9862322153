// What happens when the disk does not take the trace.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <system_error>

#include "sim/trace/csv_writer.h"
#include "tests/sim/trace/example_trace.h"

namespace packbench::sim {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// No file of this process may grow beyond `bytes`: a full disk for each file, without one.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*old_handler_)(int);
};

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "no std::system_error";
}

TEST(TraceOnABadDisk, WhereverItFillsUpTheErrorNamesTheFileAndNothingRemains) {
  const SignalLayout layout(15, 4);
  Trace reference(layout, {}, "run", {});
  test::append_example(reference, layout, 600);
  reference.finish();
  bool complete = false;
  int failures = 0;
  for (rlim_t bytes = 0; !complete; bytes = bytes + bytes / 4 + 3000) {
    const test::TemporaryFolder folder;
    const FileSizeLimit limit(bytes);
    const std::string message = message_of([&] {
      Trace trace(layout, folder.path(), "run", {});
      test::append_example(trace, layout, 600);
      const std::string error = message_of([&] { trace.finish(); });
      EXPECT_EQ(trace.hash(), reference.hash()) << "the run goes on without files";
      complete = error == "no std::system_error";
      if (!complete) throw std::system_error(EFBIG, std::generic_category(), error);
    });
    if (complete) break;
    ++failures;
    EXPECT_THAT(message, AllOf(HasSubstr("The trace file could not be"), HasSubstr((folder.path() / "run.").string()),
                               HasSubstr("File too large")));
    EXPECT_TRUE(folder.empty()) << "with files of at most " << bytes << " bytes";
  }
  EXPECT_GT(failures, 10);
}

TEST(TraceOnABadDisk, ACsvFileThatFillsItUpIsNamed) {
  const SignalLayout layout(15, 4);
  for (const rlim_t bytes : {0, 1000, 300'000, 500'000}) {
    const test::TemporaryFolder folder;
    const FileSizeLimit limit(bytes);
    EXPECT_THAT(
        message_of([&] {
          CsvWriter csv(layout, folder.path() / "run.csv");
          Chunk chunk(static_cast<std::size_t>(layout.size()), 500);
          for (int row = 0; row < 500; ++row) chunk.append(row * test::kStep, test::example_row(layout, row));
          csv.append(chunk);
          csv.close();
        }),
        AllOf(HasSubstr("The trace file could not be written"), HasSubstr("run.csv"), HasSubstr("File too large")));
    EXPECT_TRUE(folder.empty());
  }
}

TEST(TraceOnABadDisk, AFolderThatCannotBeMadeIsNamed) {
  const SignalLayout layout(2, 1);
  EXPECT_THAT(message_of([&] { Trace(layout, "/dev/null/folder", "run", {}); }),
              AllOf(HasSubstr("The folder for traces could not be created"), HasSubstr("/dev/null/folder"),
                    HasSubstr("Not a directory")));
}

TEST(TraceOnABadDisk, ANameThatIsTakenByAFolderIsAnErrorAndBothFilesGo) {
  const test::TemporaryFolder folder;
  const SignalLayout layout(2, 1);
  Trace trace(layout, folder.path(), "run", {});
  test::append_example(trace, layout, 3);
  std::filesystem::create_directories(folder.path() / "run.csv" / "inside");
  EXPECT_THAT(message_of([&] { trace.finish(); }), HasSubstr("run.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "run.h5"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "run.csv.partial"));
  EXPECT_TRUE(trace.h5_file().empty());
}

TEST(TraceOnABadDisk, PlacesThatCannotHoldTheFileAreNamed) {
  const test::TemporaryFolder folder;
  const SignalLayout layout(2, 1);
  std::filesystem::create_directories(folder.path() / "a.csv.partial");
  std::filesystem::create_directories(folder.path() / "b.h5.partial");
  EXPECT_THAT(message_of([&] { Trace(layout, folder.path(), "a", {}); }),
              AllOf(HasSubstr("The trace file could not be created"), HasSubstr("a.csv"), HasSubstr("Is a directory")));
  EXPECT_THAT(message_of([&] { Trace(layout, folder.path(), "b", {}); }),
              AllOf(HasSubstr("The trace file could not be created"), HasSubstr("b.h5"), HasSubstr("Is a directory")));
}

}  // namespace
}  // namespace packbench::sim
