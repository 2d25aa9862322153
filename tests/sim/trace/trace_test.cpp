#include "sim/trace/trace.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "tests/sim/trace/example_trace.h"

namespace packbench::sim {
namespace {

using test::TemporaryFolder;

// A child process that holds every descriptor of this one until it is let go.
class Heir {
 public:
  Heir() {
    if (::pipe(pipe_.data()) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ != 0) return;
    ::close(pipe_[1]);
    char byte = 0;
    ::_exit(::read(pipe_[0], &byte, 1) == 0 ? 0 : 1);
  }
  ~Heir() {
    ::close(pipe_[1]);
    ::close(pipe_[0]);
    ::waitpid(child_, nullptr, 0);
  }
  Heir(const Heir&) = delete;
  Heir& operator=(const Heir&) = delete;

 private:
  std::array<int, 2> pipe_{};
  ::pid_t child_ = -1;
};

TEST(Trace, FinishesWhileAChildStartedMeanwhileHoldsTheDescriptorsOfItsFiles) {
  const TemporaryFolder folder;
  const SignalLayout layout(15, 4);
  Trace trace(layout, folder.path(), "run", {});
  test::append_example(trace, layout, 10);
  const Heir heir;
  EXPECT_NO_THROW(trace.finish());
}

TEST(Trace, WritesBothFilesUnderTheirNamesAtFinish) {
  const TemporaryFolder folder;
  const SignalLayout layout(15, 4);
  Trace trace(layout, folder.path() / "new" / "folder", "run", {});
  test::append_example(trace, layout, 10);
  EXPECT_FALSE(std::filesystem::exists(trace.h5_file()));
  EXPECT_FALSE(std::filesystem::exists(trace.csv_file()));
  trace.finish();
  EXPECT_TRUE(std::filesystem::exists(trace.h5_file()));
  EXPECT_TRUE(std::filesystem::exists(trace.csv_file()));
  const auto folder_entries = std::filesystem::directory_iterator(folder.path() / "new" / "folder");
  EXPECT_EQ(std::distance(begin(folder_entries), end(folder_entries)), 2) << "nothing but the two files";
}

TEST(Trace, LeavesNothingBehindWhenItIsNotFinished) {
  const TemporaryFolder folder;
  const SignalLayout layout(15, 4);
  {
    Trace trace(layout, folder.path(), "run", {});
    test::append_example(trace, layout, 1000);
    EXPECT_FALSE(folder.empty());
  }
  EXPECT_TRUE(folder.empty());
}

TEST(Trace, KeepsNothingOnDiskWithoutAFolder) {
  const SignalLayout layout(2, 1);
  Trace trace(layout, {}, "run", {});
  test::append_example(trace, layout, 600);
  trace.finish();
  EXPECT_TRUE(trace.h5_file().empty());
  EXPECT_EQ(trace.rows(), 600);
  EXPECT_EQ(trace.hash().size(), 64u);
}

TEST(Trace, RefusesAnythingThatIsNotAFileNameOrARow) {
  const TemporaryFolder folder;
  const SignalLayout layout(2, 1);
  EXPECT_THROW(Trace(layout, folder.path(), "../run", {}), std::invalid_argument);
  EXPECT_THROW(Trace(layout, folder.path(), "", {}), std::invalid_argument);
  Trace trace(layout, {}, "run", {});
  EXPECT_THROW(trace.append(0, std::vector<double>(3)), std::logic_error);
  EXPECT_THROW(trace.hash(), std::logic_error);
  trace.finish();
  EXPECT_THROW(test::append_example(trace, layout, 1), std::logic_error);
}

TEST(Trace, AnEmptyRunIsACompleteTrace) {
  const TemporaryFolder folder;
  const SignalLayout layout(15, 0);
  Trace trace(layout, folder.path(), "run", {});
  trace.finish();
  trace.finish();
  EXPECT_TRUE(std::filesystem::exists(trace.h5_file()));
  EXPECT_TRUE(trace.plot().front().time_s.empty());
}

TEST(Trace, PlotsExactlyWhatItRecordedWhileThePointsLast) {
  const SignalLayout layout(3, 1);
  Trace trace(layout, {}, "run", {});
  test::append_example(trace, layout, 300);
  trace.finish();
  for (const PlotSeries& series : trace.plot()) {
    if (series.signal != Signal::truth_pack_voltage) continue;
    ASSERT_EQ(series.time_s.size(), 300u);
    EXPECT_DOUBLE_EQ(series.time_s[7], 0.7);
    EXPECT_EQ(series.value[7], test::example_row(layout, 7)[static_cast<std::size_t>(layout.offset(series.signal))]);
  }
}

TEST(Trace, PlotsStayWithinThePointsAskedFor) {
  const SignalLayout layout(15, 4);
  Trace trace(layout, {}, "run", {});
  test::append_example(trace, layout, 20'000);
  trace.finish();
  for (const PlotSeries& series : trace.plot(500)) {
    if (spec_of(series.signal).kind != SignalKind::number) continue;
    EXPECT_LE(series.time_s.size(), 500u) << spec_of(series.signal).full_name();
    EXPECT_GE(series.time_s.size(), 60u) << spec_of(series.signal).full_name();
    EXPECT_EQ(series.time_s.back(), 1999.9);
  }
}

}  // namespace
}  // namespace packbench::sim
