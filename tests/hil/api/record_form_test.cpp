// Which form of an answer a client gets, and that what is written fits the room that is made for it.
#include <rapidcheck.h>

#include "hil/api/http/accept.h"
#include "hil/api/values/pen.h"
#include "hil/api/values/record_csv.h"
#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

// "json", "ndjson", "csv", or "" where none is acceptable.
std::string chosen(const std::vector<std::string>& accept) {
  Request request;
  for (const std::string& value : accept) request.fields.emplace_back("accept", value);
  try {
    return std::string(media_name(negotiate(request, kRecordMedia)));
  } catch (const Problem& problem) {
    return problem.status == 406 ? "" : "?";
  }
}

TEST(Accepted, IsWhatHasTheGreatestQThenTheExactestNameThenTheFirst) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{}, "json"},
      {{""}, "json"},
      {{"*/*"}, "json"},
      {{"text/csv"}, "csv"},
      {{"Text/CSV; header=present"}, "csv"},
      {{"text/*"}, "csv"},
      {{"application/*"}, "json"},
      {{"application/x-ndjson"}, "ndjson"},
      {{"text/csv, */*"}, "csv"},
      {{"*/*, text/csv"}, "csv"},
      {{"text/csv;q=0.5, */*;q=0.6"}, "json"},
      {{"text/csv;q=0.5", "application/x-ndjson;q=0.7"}, "ndjson"},
      {{"text/csv, application/x-ndjson"}, "csv"},
      {{"application/x-ndjson, text/csv"}, "ndjson"},
      {{"application/json;q=0, */*"}, "ndjson"},
      {{"application/json;q=0, application/*;q=0.1"}, "ndjson"},
      {{"text/csv ; q=0.001"}, "csv"},
      {{"application/problem+json"}, "json"},
      {{"application/problem+json, text/csv;q=0.9"}, "json"},
      {{"text/csv;q=0"}, ""},
      {{"text/html, image/*"}, ""},
      {{"*/*;q=0"}, ""},
      {{"*/*;q=0, text/csv"}, "csv"},
      {{"text/csv;q=x"}, "csv"},
  };
  for (const auto& [accept, expected] : cases) EXPECT_EQ(chosen(accept), expected) << testing::PrintToString(accept);
}

TEST(Accepted, GzipIsWantedAtLeastAsMuchAsThePlainAnswer) {
  const auto gzip = [](const std::string& value) {
    return accepts_gzip({"GET", "/", {{"Accept-Encoding", value}}, ""});
  };
  for (const char* yes : {"gzip", "GZIP;q=0.5", "br, gzip", "gzip, identity", "identity;q=0.5, gzip"})
    EXPECT_TRUE(gzip(yes));
  for (const char* no : {"", "br", "gzip;q=0", "identity", "gzip;q=0.2, identity;q=0.8"}) EXPECT_FALSE(gzip(no)) << no;
}

// At most as many as a record may have of faults, of states and of faults of a bucket, each of the longest.
std::vector<std::string> words() {
  const std::string longest(64, *rc::gen::element('\x01', '"', '\xFF'));
  return std::vector<std::string>(*rc::gen::element<std::size_t>(0, 1, 64), longest);
}

// The longest legal texts, of bytes that grow most, and numbers of the most digits.
Record longest_record() {
  const auto text = [](std::size_t longest, char worst) {
    return std::string(*rc::gen::inRange<std::size_t>(longest - 1, longest + 1), worst);
  };
  const auto numbers = [] {
    constexpr std::int64_t kMost = std::int64_t{1} << 62;
    return std::vector<std::int64_t>(*rc::gen::inRange<std::size_t>(0, 25),
                                     *rc::gen::element(-kMost, kNoReading, kMost, -kMost + 1));
  };
  Record record;
  record.device_name = text(128, *rc::gen::element('\x01', '"', '\xFF', '\n'));
  record.bms_state = text(64, *rc::gen::element('\x01', '"', 'A'));
  record.id = text(64, *rc::gen::element('"', '\\', ','));
  for (auto* list : {&record.cell_dmV, &record.temperatures_mdegC, &record.balancing}) *list = numbers();
  for (auto* number : {&record.pack_dmV, &record.temperature_mdegC, &record.current_mA, &record.soc_pctpct,
                       &record.ocv_soc_pctpct, &record.soh_pctpct}) {
    *number = *rc::gen::element(-(std::int64_t{1} << 62), kNoReading);
  }
  record.arrived_s = -(std::int64_t{1} << 62);
  record.boot = record.sequence = std::numeric_limits<std::int64_t>::max();
  record.measured_ms = *rc::gen::element<std::int64_t>(-100'000'000'000'000, 250'000'000'000'000);
  if (*rc::gen::arbitrary<bool>()) record.faults = words();
  if (*rc::gen::arbitrary<bool>()) record.seen = Seen{words(), words()};
  return record;
}

TEST(RecordText, FitsTheRoomThatIsMadeForIt) {
  EXPECT_TRUE(rc::check([] {
    const Record record = longest_record();
    const std::string device(128, 'd');
    std::string json, csv;
    append_record(json, device, record, RecordForm::extended);
    append_csv(csv, device, record, {24, true, true});
    RC_ASSERT(json.front() == '{' && json.back() == '}');
    RC_ASSERT(csv.starts_with(device) && csv.ends_with("\r\n"));
  }));
}

std::string json_string(const std::string& text) {
  std::string written;
  append_with(written, Pen::kLongestEscape * text.size() + 2, [&](Pen& pen) { pen.json_string(text); });
  return written;
}

// The pen and the slower way print the same text.
TEST(RecordText, EscapesAsEveryOtherText) {
  const auto same = [](const std::string& text) {
    std::string expected;
    append_json_string(expected, text);
    return json_string(text) == expected;
  };
  EXPECT_TRUE(rc::check([&same](const std::string& text) { RC_ASSERT(same(text)); }));
  for (std::size_t length = 1; length < 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 'x');
        text[at] = static_cast<char>(byte);
        ASSERT_TRUE(same(text)) << byte << " at " << at << " of " << length;
      }
    }
  }
}

TEST(RecordText, OnlyWhatWouldEndAFieldIsQuoted) {
  for (std::size_t length = 1; length < 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 'x'), written;
        text[at] = static_cast<char>(byte);
        append_with(written, 2 * length + 2, [&](Pen& pen) { pen.csv_field(text); });
        const bool ends = std::string_view(",\"\r\n").find(text[at]) != std::string_view::npos;
        if (byte == '"') text.insert(at, 1, '"');
        ASSERT_EQ(written, ends ? '"' + text + '"' : text);
      }
    }
  }
}

}  // namespace
}  // namespace packbench::hil::api::test
