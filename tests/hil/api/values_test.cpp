#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <cstdlib>

#include "hil/api/http/uri.h"
#include "hil/api/service/key_ring.h"
#include "hil/api/values/digest.h"
#include "hil/api/values/fixed_point.h"
#include "hil/api/values/json_value.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api {
namespace {

std::int64_t ms_of(const std::string& text) { return std::get<Stamp>(parse_stamp(text)).floor_ms; }
std::string error_of(const std::string& text) {
  const auto parsed = parse_stamp(text);
  const auto* why = std::get_if<std::string>(&parsed);
  return why ? *why : "";
}

TEST(FixedPoint, PrintsTheDocumentsNumbers) {
  EXPECT_EQ(fixed_text(412708, 4), "41.2708");
  EXPECT_EQ(fixed_text(27430, 4), "2.743");
  EXPECT_EQ(fixed_text(27315, 3), "27.315");
  EXPECT_EQ(fixed_text(0, 3), "0");
  EXPECT_EQ(fixed_text(2102, 2), "21.02");
  EXPECT_EQ(fixed_text(-1, 3), "-0.001");
  EXPECT_EQ(fixed_text(-120000, 3), "-120");
  EXPECT_EQ(fixed_text(100, 0), "100");
}

TEST(FixedPoint, TextAndBackIsTheSameNumber) {
  EXPECT_TRUE(rc::check([] {
    const auto digits = *rc::gen::inRange(0, 7);
    const auto value = *rc::gen::inRange<std::int64_t>(-999'999'999'999, 999'999'999'999);
    const std::string text = fixed_text(value, digits);
    RC_ASSERT(parse_fixed(text, digits) == value);
    RC_ASSERT(text.find('.') == std::string::npos || text.back() != '0');
  }));
}

// Digits of the whole number with a point between, zeros and point cut off: the slow way.
std::string printed(std::int64_t value, int digits) {
  std::string text = std::to_string(value < 0 ? -value : value);
  text.insert(0, static_cast<std::size_t>(std::max(0, digits + 1 - static_cast<int>(text.size()))), '0');
  text.insert(text.size() - static_cast<std::size_t>(digits), ".");
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return value < 0 ? "-" + text : text;
}

TEST(FixedPoint, EveryNumberIsItsDigitsWithThePointBetween) {
  const auto same = [](std::int64_t value) {
    for (int digits = 0; digits <= 6; ++digits) {
      if (fixed_text(value, digits) != printed(value, digits)) return false;
      if (fixed_text(-value, digits) != printed(-value, digits)) return false;
    }
    return true;
  };
  for (std::int64_t value = 0; value < 120'000; ++value) ASSERT_TRUE(same(value)) << value;
  for (std::int64_t power = 1; power < 1'000'000'000'000'000'000; power *= 10) {
    for (const std::int64_t factor : {1, 4, 9}) {
      for (std::int64_t value = factor * power - 2; value <= factor * power + 2; ++value) {
        ASSERT_TRUE(value < 0 || same(value)) << value;
      }
    }
  }
}

TEST(FixedPoint, AnyDoubleOfTheWireComesBackExactly) {
  EXPECT_TRUE(rc::check([] {
    const auto value = *rc::gen::inRange<std::int64_t>(0, 20'000'000);
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", static_cast<double>(value) * 1e-4);
    RC_ASSERT(parse_fixed(text, 4) == value);
  }));
}

TEST(FixedPoint, HalvesRoundAwayFromZeroAndExponentsCount) {
  EXPECT_EQ(parse_fixed("0.00005", 4), 1);
  EXPECT_EQ(parse_fixed("-0.00005", 4), -1);
  EXPECT_EQ(parse_fixed("0.000049999", 4), 0);
  EXPECT_EQ(parse_fixed("0.000005", 4), 0);
  EXPECT_EQ(parse_fixed("4.12708e1", 4), 412708);
  EXPECT_EQ(parse_fixed("412708E-4", 4), 412708);
  EXPECT_EQ(parse_fixed("-0", 4), 0);
  EXPECT_EQ(parse_fixed("1e-1001", 4), 0);
  EXPECT_EQ(parse_fixed("7e-99999999999999999999", 4), 0);
  EXPECT_EQ(parse_fixed("0." + std::string(1500, '0') + "15e1501", 4), 15'000);
}

TEST(FixedPoint, AWholeNumberIsOneHoweverItIsWritten) {
  for (const char* text : {"70", "70.0", "7e1", "700e-1", "7.0E+1", "0.7e2"}) EXPECT_EQ(parse_whole(text), 70) << text;
  for (const char* text : {"0", "-0", "0.0", "0e-5"}) EXPECT_EQ(parse_whole(text), 0) << text;
  for (const char* text : {"0.5", "70.01", "7e-1", "1e-99999999999", "", "x", "1e18"})
    EXPECT_EQ(parse_whole(text), std::nullopt) << text;
}

TEST(FixedPoint, WhatIsNoNumberOrTooLargeIsNothing) {
  for (const char* text : {"", "-", "1.", ".5", "1e", "1x", "0x10", "NaN", "1e400", "12345678901234567890"}) {
    EXPECT_EQ(parse_fixed(text, 4), std::nullopt) << text;
  }
}

TEST(TimeStamp, BothFormsAndOffsetsMeanTheSameInstant) {
  const std::int64_t instant = ms_of("2025-02-20T10:24:05.103Z");
  EXPECT_EQ(instant, 1'740'047'045'103);
  for (const char* text : {"20250220T102405.103Z", "2025-02-20t15:54:05.103+05:30", "20250220T155405.103+0530",
                           "2025-02-20T09:24:05.103000000-01:00"}) {
    EXPECT_EQ(ms_of(text), instant) << text;
  }
  EXPECT_EQ(ms_of("2025-02-20"), ms_of("20250220T000000Z"));
}

TEST(TimeStamp, FractionsBelowAMillisecondRoundUpForBounds) {
  const Stamp stamp = std::get<Stamp>(parse_stamp("20250220T102405.103000001Z"));
  EXPECT_EQ(stamp.ceil_ms(), stamp.floor_ms + 1);
  EXPECT_EQ(std::get<Stamp>(parse_stamp("20250220T102405.103Z")).ceil_ms(), ms_of("20250220T102405.103Z"));
}

TEST(TimeStamp, WhatIsWrongIsSaid) {
  EXPECT_THAT(error_of("2025-02-20T10:24:05"), testing::HasSubstr("no offset"));
  EXPECT_THAT(error_of("2025-02-20T10:24:05 05:30"), testing::HasSubstr("blank where the offset starts"));
  EXPECT_THAT(error_of("1736784740"), testing::HasSubstr("epoch"));
  EXPECT_THAT(error_of("1736784740000"), testing::HasSubstr("epoch"));
  EXPECT_THAT(error_of("2025-02-30T00:00:00Z"), testing::HasSubstr("does not exist"));
  EXPECT_THAT(error_of("2025-02-20T24:00:00Z"), testing::HasSubstr("does not exist"));
  EXPECT_THAT(error_of("2025-02-20T10:24:05.Z"), testing::HasSubstr("digits"));
  EXPECT_THAT(error_of("2025-02-20T10:24:05.1234567890Z"), testing::HasSubstr("digits"));
  EXPECT_THAT(error_of("yesterday"), testing::HasSubstr("expected"));
  EXPECT_THAT(error_of("0000-01-01T00:00:00+00:01"), testing::HasSubstr("years 0 to 9999"));
  EXPECT_THAT(error_of("9999-12-31T23:59:59.999999999-00:01"), testing::HasSubstr("years 0 to 9999"));
  EXPECT_NE(error_of("2025-02-20T10:24:05ZZ"), "");
  EXPECT_NE(error_of(""), "");
}

TEST(TimeStamp, WrittenStampsReadBack) {
  EXPECT_EQ(stamp_text(1'740'047'045'103, StampForm::basic), "20250220T102405.103Z");
  EXPECT_EQ(stamp_text(1'740'047'045'103, StampForm::extended), "2025-02-20T10:24:05.103Z");
  EXPECT_EQ(http_date(1'740'047'045'103), "Thu, 20 Feb 2025 10:24:05 GMT");
  EXPECT_TRUE(rc::check([] {
    const auto ms = *rc::gen::inRange<std::int64_t>(-62'000'000'000'000, 250'000'000'000'000);
    RC_ASSERT(ms_of(stamp_text(ms, StampForm::basic)) == ms);
    RC_ASSERT(ms_of(stamp_text(ms, StampForm::extended)) == ms);
  }));
}

TEST(StrictJson, NumbersKeepTheirDigits) {
  const auto value = std::get<JsonValue>(parse_json(R"({"a":[41.2708,0,-3,1e2],"b":null,"c":true})"));
  EXPECT_EQ(value.find("a")->items[0].text, "41.2708");
  EXPECT_EQ(value.find("a")->items[3].text, "1e2");
  EXPECT_EQ(value.find("b")->kind, JsonValue::Kind::null);
  EXPECT_TRUE(value.find("c")->boolean);
  EXPECT_EQ(value.find("d"), nullptr);
}

TEST(StrictJson, RefusesWhatHidesOrOverwhelms) {
  const auto kind = [](const std::string& text) { return std::get<JsonProblem>(parse_json(text)).kind; };
  EXPECT_EQ(kind(R"({"a":1,"a":2})"), JsonProblem::Kind::duplicate_key);
  EXPECT_EQ(kind(std::string(10'000, '[')), JsonProblem::Kind::too_deep);
  EXPECT_EQ(kind("1e999"), JsonProblem::Kind::number_overflow);
  for (const char* word : {"NaN", "-NaN", "nan", "Infinity", "-Infinity", "-inf", "+Inf"}) {
    EXPECT_EQ(kind(std::string("[1,{\"a\":") + word + "}]"), JsonProblem::Kind::no_number) << word;
    EXPECT_EQ(kind(word), JsonProblem::Kind::no_number) << word;
  }
  for (const char* text : {"[nanx]", "[NaN1]", "[\"\\Infinity\"]", "{inf}x", "[i]", "\"inf\x01\""})
    EXPECT_EQ(kind(text), JsonProblem::Kind::malformed) << text;
  EXPECT_EQ(kind("\"\xff\""), JsonProblem::Kind::malformed);
  EXPECT_EQ(kind("{} {}"), JsonProblem::Kind::malformed);
  EXPECT_EQ(kind(""), JsonProblem::Kind::malformed);
  std::string many = "{";
  for (int i = 0; i < 257; ++i) many += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
  EXPECT_EQ(kind(many + "}"), JsonProblem::Kind::too_many_members);
  EXPECT_TRUE(std::holds_alternative<JsonValue>(parse_json(std::string(32, '[') + std::string(32, ']'))));
}

TEST(StrictJson, WhatIsRefusedIsPointedAt) {
  const auto at = [](const std::string& text) { return std::get<JsonProblem>(parse_json(text)).at; };
  EXPECT_EQ(at(R"([{"a":1},{"b":[0,{"c/d":1,"c/d":2}]}])"), "/1/b/1/c~1d");
  EXPECT_EQ(at(R"([{"a":1},{"b":[0,[],1e999]}])"), "/1/b/2");
  EXPECT_EQ(at(R"({"a":{"x":0},"b":{"c":NaN}})"), "/b/c");
  EXPECT_EQ(at("[[],[[]],Infinity]"), "/2");
  EXPECT_EQ(at("1e999"), "");
}

TEST(StrictJson, WhatIsMalformedIsQuotedWithItsPlace) {
  const auto what = [](std::string_view text) { return std::get<JsonProblem>(parse_json(text)).what; };
  EXPECT_EQ(what("{\"a\":True}"), "The body is not valid JSON at byte 6: 'True' was not expected there.");
  EXPECT_EQ(what("{\n\"a\": 1,\n}"), "The body is not valid JSON at byte 11 (line 3): '}' was not expected there.");
  EXPECT_EQ(what("\"\xff\""), "The body is not valid JSON at byte 2: 0xFF was not expected there.");
  EXPECT_EQ(what(std::string_view("[\0]", 3)), "The body is not valid JSON at byte 2: 0x00 was not expected there.");
  EXPECT_EQ(what("{\"a\":"), "The body is not valid JSON: it ends too early.");
  EXPECT_EQ(what(" \r\n"), "The body is empty, which is not valid JSON.");
  EXPECT_LT(what("[" + std::string(100'000, 'x') + "]").size(), 100u);
}

TEST(StrictJson, StringsAreEscapedAndMadeUtf8) {
  std::string out;
  append_json_string(out, "a\"b\\\n");
  append_json_string(out, "\xff");
  EXPECT_EQ(out, "\"a\\\"b\\\\\\n\"\"\xEF\xBF\xBD\"");
}

TEST(Uri, EncodingAndDecodingIsTheIdentity) {
  EXPECT_TRUE(rc::check([](const std::string& text) {
    RC_PRE(text.find('\0') == std::string::npos);
    RC_ASSERT(percent_decode(percent_encode(text)) == text);
  }));
  EXPECT_EQ(percent_decode("%4"), std::nullopt);
  EXPECT_EQ(percent_decode("%zz"), std::nullopt);
  EXPECT_EQ(percent_decode("%00"), std::nullopt);
}

TEST(Uri, ATargetIsDecodedOncePieceByPiece) {
  const Target target = *parse_target("/v1/devices/a%2Fb/telemetry?start=20250220T00%2B01&x=a+b&&y");
  EXPECT_THAT(target.segments, testing::ElementsAre("v1", "devices", "a/b", "telemetry"));
  using Pair = std::pair<std::string, std::string>;
  EXPECT_THAT(target.parameters,
              testing::ElementsAre(Pair("start", "20250220T00+01"), Pair("x", "a b"), Pair("y", "")));
  EXPECT_EQ(parse_target("/v1?a=%"), std::nullopt);
  EXPECT_EQ(parse_target("http://host/v1"), std::nullopt);
  EXPECT_EQ(parse_target("/v1#part"), std::nullopt);
}

// Frozen: a change here changes the ids of every record.
TEST(Uri, TheOriginFormLeavesOutSchemeAndHostAndNothingElse) {
  for (const auto& [target, origin] : {std::pair("/v1?a=http://x", "/v1?a=http://x"),
                                       {"http://h:80/v1?a", "/v1?a"},
                                       {"https://h", "/"},
                                       {"http://h?a=/", "/?a=/"},
                                       {"*", "*"},
                                       {"h:80", "h:80"},
                                       {"", ""},
                                       {"ftp://h/v1", "ftp://h/v1"}}) {
    EXPECT_EQ(origin_form(target), origin) << target;
  }
}

TEST(RecordId, IsAStableUuidOfVersion8) {
  const std::string id = record_uuid(7, "STM32H753ZI", 1, 12);
  EXPECT_THAT(id, testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(id, "00010000-000c-8c40-8531-b2c9fb7a5415");
  EXPECT_NE(id, record_uuid(8, "STM32H753ZI", 1, 12));
  EXPECT_NE(id, record_uuid(7, "STM32H753Z", 1, 12));
  EXPECT_NE(id, record_uuid(7, "STM32H753ZI", 2, 12));
  EXPECT_NE(id, record_uuid(7, "STM32H753ZI", 1, 13));
}

TEST(KeyRing, FindsOnlyWholeKeys) {
  KeyRing keys;
  keys.add("secret", {7});
  EXPECT_EQ(keys.find("secret")->organization, 7);
  for (const char* key : {"", "secre", "secrett", "Secret"}) EXPECT_FALSE(keys.find(key)) << key;
  EXPECT_THROW(keys.add(""), std::invalid_argument);
  EXPECT_THROW(keys.add("two words"), std::invalid_argument);
  EXPECT_THROW(keys.add(std::string(257, 'k')), std::invalid_argument);
}

}  // namespace
}  // namespace packbench::hil::api
