#include "hil/report/html.h"

#include <gmock/gmock.h>

#include "tests/hil/report/example_session.h"

namespace packbench::hil {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Html, NamesTheVerdictEvenWithoutScripts) {
  const std::string page = html_text(test::example_session());
  EXPECT_THAT(page, HasSubstr("<title>fail \u00b7 packbench report</title>"));
  EXPECT_THAT(page, HasSubstr("<noscript><h1>fail</h1>"));
}

TEST(Html, NoTextOfARunCanCloseAScript) {
  const std::string page = html_text(test::example_session());
  EXPECT_EQ(occurrences(page, "<script"), occurrences(page, "</script>"));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
}

TEST(Html, PointsNowhereOutside) {
  const std::string page = html_text(SessionResult{});
  for (const char* reference : {"src=\"", "url(", "@import", "href=\"http", "fetch(", "XMLHttpRequest"})
    EXPECT_THAT(page, Not(HasSubstr(reference)));
}

}  // namespace
}  // namespace packbench::hil
