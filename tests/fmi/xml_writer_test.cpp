#include "fmi/xml_writer.h"

#include <gtest/gtest.h>

#include "fmi/model_description.h"

namespace packbench::fmi {
namespace {

TEST(XmlWriter, IndentsAndCloses) {
  XmlWriter xml;
  xml.open("a", {{"one", "1"}});
  xml.empty("b");
  xml.close();
  EXPECT_EQ(xml.take(), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a one=\"1\">\n  <b/>\n</a>\n");
}

TEST(XmlWriter, EscapesWhatAnAttributeCannotHold) {
  EXPECT_EQ(xml_escaped("<a & \"b\" 'c'>\n\t\r"), "&lt;a &amp; &quot;b&quot; &apos;c&apos;&gt;&#10;&#9;&#13;");
}

TEST(ModelDescription, EscapesTheNameOfAPack) {
  const std::string xml = model_description({"6 < \"7\" & 8", "", "t", "1", {}, {}});
  EXPECT_NE(xml.find("modelName=\"6 &lt; &quot;7&quot; &amp; 8\""), std::string::npos);
}

TEST(ModelDescription, StartValuesHaveTheirShortestExactDigits) {
  const std::string xml = model_description({"p", "", "t", "1", {}, {0.1, 298.15, 18446744073709551615u}});
  EXPECT_NE(xml.find("start=\"0.1\""), std::string::npos);
  EXPECT_NE(xml.find("start=\"298.15\""), std::string::npos);
  EXPECT_NE(xml.find("start=\"18446744073709551615\""), std::string::npos);
}

}  // namespace
}  // namespace packbench::fmi
