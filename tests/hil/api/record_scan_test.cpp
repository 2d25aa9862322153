// The fast way to read posted records says what the careful way says, or gives up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "hil/api/values/digest.h"
#include "hil/api/values/fixed_point.h"
#include "hil/api/values/record_scan.h"

namespace packbench::hil::api {
namespace {

constexpr const char* kWhole =
    R"({"deviceId":"D1","Device_id":"BMS","pack_voltage":41.2708,"cell_voltage":[2.759,null,-0,3.65],)"
    R"("temperature":-27.315,"pack_current":-0.5,"soc":21.02,"ocv_soc":21.82,"soh":0,"bms_state":"DISCHARGING",)"
    R"("main_contactor_state":true,"charger_contactor_state":false,"id":"one","ts":"2025-01-13T16:12:20.5Z","boot":1,)"
    R"("seq":20,"temperatures":[1,2.5],"balancing":[true,false],"faults":["CELL_UV"]})";
constexpr const char* kLeast =
    R"({"pack_voltage":1,"cell_voltage":[1],"temperature":1,"pack_current":0,"soc":1,"bms_state":"IDLE",)"
    R"("main_contactor_state":true,"charger_contactor_state":false})";

// The careful way; nothing where it refuses.
std::optional<std::vector<NewRecord>> judged(std::string_view body) {
  auto parsed = parse_json(body);
  const auto* const json = std::get_if<JsonValue>(&parsed);
  if (!json) return std::nullopt;
  const bool many = json->kind == JsonValue::Kind::array;
  std::vector<NewRecord> records;
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < (many ? json->items.size() : 1); ++i) {
    records.push_back(read_new_record(many ? json->items[i] : *json, "D1", "", errors));
  }
  return errors.empty() && !records.empty() ? std::optional(records) : std::nullopt;
}

// The fast way; nothing where it gives up.
std::optional<std::vector<NewRecord>> scan_records(std::string_view body, std::string_view device_id,
                                                   std::size_t most) {
  RecordScan scan(body, device_id, most);
  std::vector<NewRecord> records;
  while (!scan.whole()) {
    if (!scan.take(2, records)) return std::nullopt;
  }
  return records;
}

std::optional<std::int64_t> scan_fixed(std::string_view text, int digits) {
  TextScan scan(text);
  const auto number = scan.fixed(digits);
  return scan.at_end() ? number : std::nullopt;
}

bool same(const std::vector<NewRecord>& one, const std::vector<NewRecord>& other) {
  return std::ranges::equal(one, other, [](const NewRecord& a, const NewRecord& b) {
    return a.record == b.record && a.has_time == b.has_time;
  });
}

// Never more than the careful way takes, and never another record.
bool agrees(std::string_view body) {
  const auto scanned = scan_records(body, "D1", 1000);
  const auto careful = judged(body);
  return !scanned || (careful && same(*scanned, *careful));
}

TEST(RecordScan, TakesWhatGatewaysSend) {
  for (const std::string& body :
       {std::string(kWhole), std::string(kLeast), "[" + std::string(kWhole) + "," + kLeast + "]",
        " [ " + std::string(kLeast) + " ]\n"}) {
    const auto scanned = scan_records(body, "D1", 1000);
    ASSERT_TRUE(scanned) << body;
    EXPECT_TRUE(same(*scanned, judged(body).value())) << body;
  }
}

TEST(RecordScan, GivesUpWhereTheCarefulWayRefuses) {
  const std::string least(kLeast);
  const auto with = [&](const std::string& more) { return least.substr(0, least.size() - 1) + "," + more + "}"; };
  for (const std::string& body : {std::string(),
                                  std::string("[]"),
                                  std::string("{}"),
                                  std::string("[1]"),
                                  std::string("null"),
                                  least + "x",
                                  least + least,
                                  "[" + least + "]]",
                                  "[" + least,
                                  "[" + least + ",]",
                                  "[" + least + " " + least + "]",
                                  least.substr(0, least.size() - 1),
                                  with(R"("soc":2)"),
                                  with(R"("unknown":1)"),
                                  with(R"("boot":1)"),
                                  with(R"("boot":1,"seq":-1)"),
                                  with(R"("boot":1,"seq":01)"),
                                  with(R"("boot":1,"seq":1.5)"),
                                  with(R"("soh":1 2)"),
                                  with(R"("soh":0x1)"),
                                  with(R"("soh":.5)"),
                                  with(R"("soh":5.)"),
                                  with(R"("soh":+5)"),
                                  with(R"("soh":"5")"),
                                  with(R"("soh":111)"),
                                  with(R"("soh":[5])"),
                                  with(R"("ts":"yesterday")"),
                                  with(R"("ts":null)"),
                                  with(R"("deviceId":"D2")"),
                                  with(R"("id":"with blank")"),
                                  with(R"("id":"")"),
                                  with("\"id\":\"\xFF\""),
                                  with("\"id\":\"a\tb\""),
                                  with(R"("id":"open)"),
                                  with(R"("id":"word":1)"),
                                  with(R"("id":"word" :[1])"),
                                  with(R"("faults":["A":"B"])"),
                                  with(R"("faults":["a-b"])"),
                                  with(R"("faults":"a")"),
                                  with(R"("balancing":[1])"),
                                  with(R"("balancing":[true,true])"),
                                  with(R"("balancing":[true)"),
                                  with(R"("temperatures":[1,,2])"),
                                  with(R"("temperatures":[[1]])"),
                                  with(R"("temperatures":{"a":1})"),
                                  with(R"("balancing":[truex])")}) {
    EXPECT_EQ(scan_records(body, "D1", 1000), std::nullopt) << body;
    EXPECT_FALSE(judged(body)) << body;
  }
  EXPECT_EQ(scan_records("[" + least + "," + least + "]", "D1", 1), std::nullopt);
}

// Every byte of a body damaged in turn: dropped, doubled, or made another one that JSON knows.
TEST(RecordScan, NeverDisagreesOnADamagedBody) {
  const std::string body = "[" + std::string(kWhole) + "," + kLeast + "]";
  for (std::size_t at = 0; at < body.size(); ++at) {
    EXPECT_TRUE(agrees(body.substr(0, at) + body.substr(at + 1))) << at;
    EXPECT_TRUE(agrees(body.substr(0, at) + body[at] + body.substr(at))) << at;
    for (const char c : std::string_view("\"\\,:[]{}0-.e tn\x00\x80", 17)) {
      std::string damaged = body;
      damaged[at] = c;
      EXPECT_TRUE(agrees(damaged)) << at << " '" << c << "'";
    }
  }
}

RC_GTEST_PROP(RecordScan, RoundsAsFixedPointDoes, ()) {
  const auto digits = *rc::gen::inRange(0, 5);
  const auto count = *rc::gen::inRange(0, 9);
  std::string text = std::to_string(*rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000));
  if (count > 0) text += '.';
  for (int i = 0; i < count; ++i) text += static_cast<char>('0' + *rc::gen::inRange(0, 10));
  RC_ASSERT(scan_fixed(text, digits) == parse_fixed(text, digits));
}

TEST(RecordId, ComesInTheOrderOfBootAndSequence) {
  std::string last;
  for (const auto& [boot, sequence] : {std::pair(0, 0), {0, 1}, {0, 255}, {0, 256}, {0, 70'000}, {1, 0}, {2, 1}}) {
    const std::string id = record_uuid(7, "D1", boot, sequence);
    EXPECT_LT(last, id);
    last = id;
  }
}

TEST(RecordId, OfATimeComesInItsOrderAndIsAUuidOfVersion7) {
  EXPECT_LT(time_uuid(1'740'047'045'103), time_uuid(1'740'047'045'104));
  EXPECT_NE(time_uuid(5), time_uuid(5));
  EXPECT_THAT(time_uuid(1'740'047'045'103),
              testing::MatchesRegex("019522e2-d1ef-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

}  // namespace
}  // namespace packbench::hil::api
