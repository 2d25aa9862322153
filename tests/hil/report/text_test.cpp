#include "hil/report/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace packbench::hil {
namespace {

TEST(XmlEscaped, MarkupBecomesEntitiesAndLineEndsReferences) {
  EXPECT_EQ(xml_escaped("a<b>&\"'\n\t\r"), "a&lt;b&gt;&amp;&quot;&apos;&#10;&#9;&#13;");
}

TEST(XmlEscaped, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(xml_escaped("\u00b0C \u20ac \U0001f50b"), "\u00b0C \u20ac \U0001f50b");
  const std::string r = "\uFFFD";
  EXPECT_EQ(xml_escaped("a\xff"
                        "b"),
            "a" + r + "b");
  EXPECT_EQ(xml_escaped("\xc3"), r) << "cut short";
  EXPECT_EQ(xml_escaped("\xc0\xaf"), r + r) << "longer than needed";
  EXPECT_EQ(xml_escaped("\xed\xa0\x80"), r + r + r) << "a surrogate";
  EXPECT_EQ(xml_escaped("\xf4\x90\x80\x80"), r + r + r + r) << "beyond Unicode";
}

TEST(XmlEscaped, ReplacesControlsAndNonCharacters) {
  EXPECT_EQ(xml_escaped(std::string("\0\x01\x1f", 3)), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(xml_escaped("\xef\xbf\xbe"), "\uFFFD");
}

TEST(ScriptSafe, LeavesNoTagInIt) { EXPECT_EQ(script_safe("</script><!--"), "\\u003c/script>\\u003c!--"); }

TEST(Rounded, KeepsTheDigitsAskedForAndNoMore) {
  EXPECT_EQ(rounded(3.28712345, 6), "3.28712");
  EXPECT_EQ(rounded(0.1, 6), "0.1");
  EXPECT_EQ(rounded(1234567.8, 6), "1234570");
  EXPECT_EQ(rounded(-0.0, 6), "0");
  EXPECT_EQ(rounded(1.5e-9, 6), "1.5e-09");
  EXPECT_EQ(rounded(std::numeric_limits<double>::quiet_NaN(), 6), "null");
}

}  // namespace
}  // namespace packbench::hil
