#include "sim/language/yaml_node.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "sim/language/scenario_reader.h"

namespace packbench::sim {
namespace {

std::string first_problem(const std::string& text) {
  const auto read = parse_yaml(text, "f");
  const auto* problems = std::get_if<Problems>(&read);
  return problems == nullptr ? "no problem" : problems->front().text();
}

YamlNode tree(const std::string& text) { return std::get<YamlNode>(parse_yaml(text, "f")); }

std::string repeated(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

TEST(Yaml, EverythingKnowsItsPlace) {
  const YamlNode root = tree("a: 1\nb:\n  - x\n  - \"y z\"\n");
  EXPECT_EQ(root.find("b")->mark.line, 2);
  const YamlNode& quoted = root.find("b")->value.items[1];
  EXPECT_EQ(quoted.text, "y z");
  EXPECT_EQ(quoted.mark.line, 4);
  EXPECT_EQ(quoted.mark.column, 5);
  EXPECT_EQ(quoted.text_column, 6);
  EXPECT_EQ(mark_at(root, "b[1].c").line, 4);
}

TEST(Yaml, EmptyTildeAndNullAreNothingButQuotedIsText) {
  const YamlNode root = tree("a:\nb: ~\nc: null\nd: \"null\"\n");
  for (const char* key : {"a", "b", "c"}) EXPECT_EQ(root.find(key)->value.kind, YamlNode::Kind::null) << key;
  EXPECT_EQ(root.find("d")->value.text, "null");
}

TEST(Yaml, RefusesWhatHidesMeaning) {
  EXPECT_EQ(first_problem("a: 1\na: 2\n"), "f:2:1: duplicate key 'a' (expected it once; it stands already in line 1)");
  EXPECT_EQ(first_problem("a: !tag 1\n"), "f:1:4: the tag '!tag' is not allowed here (expected a plain value)");
  EXPECT_EQ(first_problem("a: 1\n---\nb: 2\n"),
            "f:3:1: a second document begins here (expected one document per file)");
  EXPECT_EQ(first_problem(""), "f:1:1: the file is empty (expected a YAML mapping)");
  EXPECT_EQ(first_problem("? [a, b]\n: 1\n"), "f:1:3: a key is a list (expected plain text)");
}

TEST(Yaml, DeepNestingIsAProblemAndNoCrash) {
  EXPECT_EQ(first_problem(repeated("[", 40) + repeated("]", 40)),
            "f: the file is nested too deeply (expected at most 32 levels)");
  for (const char* piece : {"[", "{a: ", "- ", "? ", "a:\n "})
    EXPECT_NE(first_problem(repeated(piece, 20000)), "no problem") << piece;
}

TEST(Override, ReplacesAndAddsValues) {
  YamlNode root = tree("pack: {soc: 10 %}\nphases:\n  - rest: 1 s\n");
  EXPECT_TRUE(apply_override(root, "pack.soc=80 %").empty());
  EXPECT_TRUE(apply_override(root, "phases[0].rest=2 s").empty());
  EXPECT_TRUE(apply_override(root, "bms.set.cell_uv.trip=2.5 V").empty());
  EXPECT_EQ(root.find("pack")->value.find("soc")->value.text, "80 %");
  EXPECT_EQ(root.find("phases")->value.items[0].find("rest")->value.text, "2 s");
  EXPECT_EQ(root.find("bms")->value.find("set")->value.find("cell_uv")->value.find("trip")->value.text, "2.5 V");
}

TEST(Override, SaysWhatIsWrong) {
  YamlNode root = tree("phases:\n  - rest: 1 s\n");
  EXPECT_EQ(apply_override(root, "pack.soc").front().text(),
            "--set pack.soc: this is no assignment (expected KEY=VALUE with a dotted key, such as pack.soc=80 %)");
  EXPECT_EQ(apply_override(root, "phases[3].rest=1 s").front().text(),
            "--set phases[3].rest=1 s: phases[3]: the list 'phases' has 1 items (expected an index from 0 to 0)");
}

// Bytes that look like scenarios: the pieces of the language in random order, and random bytes between them.
TEST(Yaml, RandomBytesNeverCrashTheReader) {
  static const std::vector<std::string> kPieces{"scenario: x\n",
                                                "phases:\n",
                                                "  - rest: 1 s\n",
                                                "  - charge: 0.5 C\n",
                                                "    for: 1 s\n",
                                                "    until: device.soc > 1 %\n",
                                                "pack: {soc: ",
                                                "}",
                                                "80 %",
                                                "[",
                                                "]",
                                                ": ",
                                                "\n",
                                                "  ",
                                                "- ",
                                                "expect:\n",
                                                "  - name: a\n",
                                                "    always: ",
                                                "max(",
                                                "truth.cell_voltage",
                                                ")",
                                                " > 3 V",
                                                "within: trip(",
                                                "cell_ov",
                                                "faults:\n",
                                                "\"",
                                                "'",
                                                "&a ",
                                                "*a",
                                                "|\n",
                                                "\xff",
                                                std::string(1, '\0')};
  EXPECT_TRUE(rc::check([] {
    std::string text;
    for (unsigned piece : *rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(0u, 64u)))
      text += piece < kPieces.size() ? kPieces[piece] : std::string(1, static_cast<char>(piece * 5));
    RC_ASSERT(read_scenario_text(text, "f.yaml", {}, SCENARIOS_DIR).index() < 2);
  }));
}

TEST(Yaml, EveryPrefixOfAScenarioIsReadOrRefused) {
  const std::string text =
      "scenario: x\npack: {soc: 80 %, spread: {seed: 7}}\nphases:\n  - charge: 0.5 C\n    until: device.soc > 90 %\n   "
      " limit: 1 h\n"
      "expect:\n  - name: a\n    when: max(sensed.cell_voltage) > bms.cell_ov.trip\n    then: device.soc > 1 %\n    "
      "within: trip(cell_ov)\n";
  for (std::size_t n = 0; n <= text.size(); n += 3)
    EXPECT_LT(read_scenario_text(text.substr(0, n), "f.yaml", {}, SCENARIOS_DIR).index(), 2u);
  EXPECT_TRUE(std::holds_alternative<Scenario>(read_scenario_text(text, "f.yaml", {}, SCENARIOS_DIR)));
}

}  // namespace
}  // namespace packbench::sim
