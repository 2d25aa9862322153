// Every profile bad_profiles/NAME.yaml gives exactly the problems in bad_profiles/NAME.expected, all of them, in order.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "sim/language/profile_set.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;

std::string without_folder(std::string text) {
  const std::string folder = std::string(BAD_PROFILES_DIR) + "/";
  for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) text.erase(at, folder.size());
  return text;
}

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(BadProfiles, EachSaysAllItsProblemsExactly) {
  const auto profiles = find_profiles({BAD_PROFILES_DIR});
  EXPECT_GE(profiles.size(), 7u);
  for (const ProfileEntry& profile : profiles) {
    std::string out;
    for (const Problem& problem : problems_of(profile)) out += problem.text() + "\n";
    EXPECT_EQ(without_folder(out), content(fs::path(profile.file).replace_extension(".expected"))) << profile.file;
  }
}

TEST(ProfileSet, EveryProfileOfTheLibraryIsGood) {
  const auto profiles = find_profiles({SCENARIOS_DIR});
  EXPECT_GE(profiles.size(), 11u);
  for (const ProfileEntry& profile : profiles)
    for (const Problem& problem : problems_of(profile)) ADD_FAILURE() << problem.text();
}

}  // namespace
}  // namespace packbench::sim
