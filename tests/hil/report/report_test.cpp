#include "hil/report/report.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "hil/report/output_file.h"
#include "hil/report/results_json.h"
#include "tests/hil/report/example_session.h"

namespace packbench::hil {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Reports : public testing::Test {
 protected:
  Reports() {
    std::string name = (std::filesystem::temp_directory_path() / "packbench-report-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~Reports() override { std::filesystem::remove_all(folder); }

  std::vector<std::string> names() const {
    std::vector<std::string> list;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) list.push_back(entry.path().filename());
    return list;
  }
  static std::string content(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
  std::filesystem::path folder;
};

TEST_F(Reports, AllThreeAndTheJunitFileAreWritten) {
  const auto junit = folder / "ci" / "unit.xml";
  EXPECT_EQ(write_reports(test::example_session(), folder / "a" / "b", junit), "");
  for (const char* name : {"results.json", "junit.xml", "report.html"})
    EXPECT_TRUE(std::filesystem::exists(folder / "a" / "b" / name));
  EXPECT_EQ(content(junit), content(folder / "a" / "b" / "junit.xml"));
}

TEST_F(Reports, WithoutAFolderOnlyTheJunitFileIsWritten) {
  EXPECT_EQ(write_reports(test::example_session(), {}, folder / "unit.xml"), "");
  EXPECT_THAT(names(), testing::ElementsAre("unit.xml"));
}

TEST_F(Reports, AFileInPlaceOfTheFolderIsNamed) {
  EXPECT_THAT(
      write_reports({}, "/dev/null/out", std::nullopt),
      AllOf(HasSubstr("The folder of a report could not be created: /dev/null/out"), HasSubstr("Not a directory")));
}

TEST_F(Reports, AFullDiskLeavesTheOldReportAndNothingElse) {
  ASSERT_EQ(write_whole_file(folder / "results.json", "old"), "");
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{100, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string error = write_whole_file(folder / "results.json", std::string(1000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(error, "The report could not be written: " + (folder / "results.json").string() + ": File too large.");
  EXPECT_THAT(names(), testing::ElementsAre("results.json"));
  EXPECT_EQ(content(folder / "results.json"), "old");
}

TEST_F(Reports, AFolderInPlaceOfTheFileIsNamed) {
  std::filesystem::create_directories(folder / "results.json" / "inside");
  EXPECT_THAT(write_reports({}, folder, std::nullopt),
              HasSubstr("The report could not be written: " + (folder / "results.json").string()));
  EXPECT_TRUE(std::filesystem::exists(folder / "report.html")) << "the others are written all the same";
  EXPECT_FALSE(std::filesystem::exists(folder / "results.json.partial"));
}

TEST(ResultsJson, NumbersThatAreNoneAreNullAndBytesThatAreNoTextAreReplaced) {
  SessionResult session;
  session.runs.resize(1);
  session.runs[0].checks.resize(1);
  session.runs[0].checks[0].measured = std::numeric_limits<double>::quiet_NaN();
  session.runs[0].notes = {"\xff"};
  const auto json = nlohmann::json::parse(results_text(session));
  EXPECT_TRUE(json["runs"][0]["checks"][0]["measured"].is_null());
  EXPECT_TRUE(json["runs"][0]["checks"][0]["margin"].is_null());
  EXPECT_EQ(json["runs"][0]["notes"][0], "\uFFFD");
  EXPECT_TRUE(json["runs"][0]["first_fault"].is_null());
}

TEST(ResultsJson, KeepsAllDigitsOfSeedAndNumbers) {
  SessionResult session;
  session.runs.resize(1);
  session.runs[0].seed = 18446744073709551615u;
  session.runs[0].sim_s = 0.1 + 0.2;
  const auto json = nlohmann::json::parse(results_text(session));
  EXPECT_EQ(json["runs"][0]["seed"].get<std::uint64_t>(), 18446744073709551615u);
  EXPECT_EQ(json["runs"][0]["sim_s"].get<double>(), 0.1 + 0.2);
}

}  // namespace
}  // namespace packbench::hil
