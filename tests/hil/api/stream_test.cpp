// A whole range in one answer: NDJSON and CSV over real sockets.
#include <gmock/gmock.h>

#include <atomic>
#include <set>
#include <thread>

#include "csv_table.h"
#include "hil/api/client/client.h"
#include "hil/api/service/streams.h"
#include "resident_memory.h"
#include "stream_client.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

constexpr int kLong = 2000;  // records of a range of several slices
const std::string kNdjson = "Accept: application/x-ndjson\r\n", kCsv = "Accept: text/csv\r\n";

struct Streaming : testing::Test {
  void SetUp() override { api.add_device(); }
  static ServerOptions shown() {
    ServerOptions options;
    options.show_operations = true;
    return options;
  }
  static Record record_at(int i) {
    Record record = simple_record(kNow_ms - 10'000'000 + i * 1000, "id" + std::to_string(100'000 + i));
    record.cell_dmV[static_cast<std::size_t>(i % 15)] = i % 3 > 0 ? 30'000 + i : kNoReading;
    record.current_mA = i % 2 > 0 ? -i : kNoReading;
    record.boot = 1, record.sequence = i;
    record.temperatures_mdegC.assign(static_cast<std::size_t>(i % 4), 25'000 + i);
    record.balancing.assign(15, i % 2);
    if (i % 3 > 0) record.faults.emplace(static_cast<std::size_t>(i % 3 - 1), "cell_ov");
    return record;
  }
  void insert(int from, int to) {
    std::vector<Record> records;
    for (int i = from; i < to; ++i) records.push_back(record_at(i));
    api.store.insert(1, kDevice, records, kNow_ms);
  }
  // The records of all pages, as they are printed.
  std::vector<std::string> pages(const std::string& query) {
    std::vector<std::string> lines;
    std::string cursor;
    do {
      const auto response = api.call("GET", path(query + "&limit=300" + (cursor.empty() ? "" : "&cursor=" + cursor)));
      const std::string& body = response.body();
      const std::size_t begin = body.find('[') + 1, end = body.rfind("],\"meta\"");
      for (std::size_t at = begin; at < end;) {
        const std::size_t next = std::min(body.find(",{\"deviceId\"", at), end);
        lines.push_back(body.substr(at, next - at) + "\n");
        at = next + 1;
      }
      cursor = std::string(response["X-Next-Cursor"]);
    } while (!cursor.empty());
    return lines;
  }
  static std::string path(const std::string& query) { return "/v1/devices/STM32H753ZI/telemetry" + query; }
  static std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line;
    return text;
  }
  HttpResponse get(const std::string& query, const std::string& fields) {
    return api.call("GET", path(query), "", std::string("ApiKey: ") + kKey + "\r\n" + fields);
  }
  std::string metrics() { return api.call("GET", "/metrics").body(); }
  std::string all = "?start=2025-02-01T00:00:00Z&end=2025-02-21T00:00:00Z";
  ApiServer api{shown()};
};

TEST_F(Streaming, NdjsonIsWhatAllPagesHoldLineByLine) {
  insert(0, kLong);
  for (const char* more : {"", "&order=desc", "&extended=1", "&every=60s", "&every=60s&agg=avg&extended=1",
                           "&every=5s&agg=max&order=desc"}) {
    const std::vector<std::string> lines = pages(all + more);
    const HttpResponse response = get(all + more, kNdjson);
    EXPECT_EQ(response["Content-Type"], "application/x-ndjson");
    EXPECT_EQ(response["Vary"], "ApiKey, Accept, Accept-Encoding, Origin");
    EXPECT_TRUE(response.body() == joined(lines)) << more;
    EXPECT_GE(lines.size(), 33u);
  }
}

// The values of a JSON record, as CSV prints them.
void expect_same(const nlohmann::json& json, const std::map<std::string, std::string>& row) {
  std::set<std::string> left;
  for (const auto& [column, cell] : row) {
    if (!cell.empty()) left.insert(column);
  }
  const auto expect = [&](const std::string& column, const nlohmann::json& value) {
    ASSERT_TRUE(row.contains(column)) << column;
    const std::string text = value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump();
    EXPECT_EQ(row.at(column), text) << column;
    left.erase(column);
  };
  const std::map<std::string, std::string> lists{
      {"cell_voltage", "cell_voltage_"}, {"temperatures", "temperature_"}, {"balancing", "balancing_"}};
  for (const auto& [key, value] : json.items()) {
    if (lists.contains(key)) {
      for (std::size_t i = 0; i < value.size(); ++i) expect(lists.at(key) + std::to_string(i + 1), value[i]);
    } else if (value.is_array()) {
      std::string words;
      for (const auto& word : value) words += (words.empty() ? "" : " ") + word.get<std::string>();
      expect(key, value.empty() ? "-" : words);
    } else {
      expect(key, value);
    }
  }
  EXPECT_THAT(left, testing::IsEmpty());
}

TEST_F(Streaming, CsvHoldsTheValuesOfTheJsonRecords) {
  insert(0, kLong);
  for (const char* more : {"", "&extended=1&order=desc", "&extended=1&every=60s&agg=min"}) {
    const HttpResponse response = get(all + more, kCsv);
    EXPECT_EQ(response["Content-Type"], "text/csv; charset=utf-8; header=present");
    const CsvTable table(response.body());
    const std::vector<std::string> lines = pages(all + more);
    ASSERT_EQ(table.rows.size(), lines.size());
    for (std::size_t i = 0; i < lines.size(); i += 7) expect_same(nlohmann::json::parse(lines[i]), table.rows[i]);
  }
}

TEST_F(Streaming, CsvHasAColumnForEachCellOfTheDeviceWhateverItsRecordsHave) {
  Device device;
  device.device_id = "two", device.name = device.model = device.location = "x", device.cell_count = 2;
  api.store.add_device(device);
  const std::string fields = std::string("ApiKey: ") + kKey + "\r\n" + kCsv;
  EXPECT_EQ(api.call("GET", "/v1/devices/two/telemetry?timeRange=last7days", "", fields).body(),
            "deviceId,Device_id,pack_voltage,cell_voltage_1,cell_voltage_2,temperature,pack_current,soc,ocv_soc,soh,"
            "bms_state,main_contactor_state,charger_contactor_state,id,_ts\r\n");
  EXPECT_THAT(get("?timeRange=last7days", kCsv).body(), HasSubstr(",cell_voltage_24,temperature,"));
}

TEST_F(Streaming, TextThatIsCsvItselfStaysInItsCell) {
  for (const char* name : {"a,b", "say \"a\"", "two\r\nlines", "\"", ",", "\n", "=1+1", " blank ", "grüße"}) {
    Record record = simple_record(kNow_ms - 1000, "i,d\"" + std::string(1, name[0]) + std::to_string(strlen(name)));
    std::erase_if(record.id, [](char c) { return c <= ' '; });
    record.device_name = name;
    api.insert(record);
  }
  const CsvTable table(get("?timeRange=last5mins", kCsv).body());
  const auto body = api.telemetry("?timeRange=last5mins");
  ASSERT_EQ(table.rows.size(), 9u);
  for (std::size_t i = 0; i < table.rows.size(); ++i) expect_same(body["data"][i], table.rows[i]);
}

TEST_F(Streaming, ALimitMakesPagesInTheseFormsAndACursorTheRest) {
  insert(0, kLong);
  const std::string every = joined(pages(all));
  const HttpResponse page = get(all + "&limit=700", kNdjson);
  const std::string cursor(page["X-Next-Cursor"]);
  EXPECT_THAT(std::string(page["Link"]), HasSubstr("cursor="));
  const HttpResponse rest = get(all + "&cursor=" + cursor, kNdjson);
  EXPECT_TRUE(page.body() + rest.body() == every);
  EXPECT_EQ(rest["X-Next-Cursor"], "");
  const HttpResponse table = get(all + "&limit=700&cursor=" + cursor, kCsv);
  EXPECT_EQ(CsvTable(table.body()).rows.size(), 700u);
  EXPECT_NE(table["X-Next-Cursor"], "");
}

TEST_F(Streaming, TheLatestRecordHasTheseFormsTooEachWithItsTag) {
  insert(0, 3);
  const HttpResponse line = get("", kNdjson), table = get("", kCsv), json = get("", "");
  EXPECT_THAT(line.body(), testing::EndsWith("\n"));
  EXPECT_EQ(nlohmann::json::parse(line.body()), nlohmann::json::parse(json.body())["data"][0]);
  EXPECT_EQ(CsvTable(table.body()).rows.size(), 1u);
  EXPECT_EQ((std::set{std::string(line["ETag"]), std::string(table["ETag"]), std::string(json["ETag"])}.size()), 3u);
  EXPECT_EQ(get("", kCsv + "If-None-Match: " + std::string(table["ETag"]) + "\r\n").result_int(), 304u);
}

TEST_F(Streaming, RecordsThatArriveMeanwhileAreInItWhenTheirPlaceIsStillToCome) {
  constexpr int kMany = 20'000, kLater = 10;
  insert(0, kMany);
  StreamClient client(api.server.port(), path(all), kNdjson);
  std::vector<std::string> ids{nlohmann::json::parse(client.line())["id"]};
  Client device({api.server.url(), kKey});
  for (int i = kMany; i < kMany + kLater; ++i) ASSERT_TRUE(device.post(kDevice, record_at(i)));
  Record early = record_at(0);
  early.measured_ms -= 1, early.id = "early", early.boot.reset(), early.sequence.reset();
  ASSERT_TRUE(device.post(kDevice, early));
  for (std::string line = client.line(); !line.empty(); line = client.line()) {
    ids.push_back(nlohmann::json::parse(line)["id"]);
  }
  ASSERT_TRUE(client.whole());
  ASSERT_EQ(ids.size(), kMany + kLater);
  for (int i = 0; i < kMany + kLater; ++i) ASSERT_EQ(ids[static_cast<std::size_t>(i)], record_at(i).id);
}

TEST_F(Streaming, HeadHasTheFieldsOfGetAndTheConnectionGoesOnAfterTheLastChunk) {
  insert(0, kLong);
  RawSocket socket(api.server.port());
  const std::string fields = std::string("ApiKey: ") + kKey + "\r\n" + kNdjson;
  socket.send(ApiServer::text("HEAD", path(all), "", fields) + ApiServer::text("GET", path(all), "", fields) +
              ApiServer::text("GET", "/v1/devices"));
  const HttpResponse head = socket.receive(true), get = socket.receive();
  EXPECT_EQ(head[http::field::transfer_encoding], "chunked");
  EXPECT_EQ(get[http::field::transfer_encoding], "chunked");
  EXPECT_EQ(head["Content-Type"], get["Content-Type"]);
  EXPECT_TRUE(get.body() == joined(pages(all)));
  EXPECT_EQ(socket.receive().result_int(), 200u);
}

TEST_F(Streaming, AShortRangeHasALength) {
  insert(0, 10);
  const HttpResponse response = get(all, kNdjson);
  EXPECT_EQ(response[http::field::content_length], std::to_string(response.body().size()));
  EXPECT_EQ(get("?timeRange=last5mins", kNdjson).body(), "");
}

TEST_F(Streaming, IsCompressedWhereThatIsAccepted) {
  insert(0, kLong);
  const HttpResponse packed = get(all, kNdjson + "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(packed["Content-Encoding"], "gzip");
  EXPECT_EQ(packed[http::field::transfer_encoding], "chunked");
  EXPECT_TRUE(unpacked(packed.body()) == joined(pages(all)));
  EXPECT_LT(packed.body().size(), 100'000u);
}

TEST_F(Streaming, OtherFormsAreRefused) {
  for (const char* accept : {"text/html", "text/csv;q=0", "application/xml, image/*", "application/x-ndjson;q=0.0"}) {
    EXPECT_EQ(get(all, std::string("Accept: ") + accept + "\r\n").result_int(), 406u) << accept;
  }
  const std::string fields = std::string("ApiKey: ") + kKey + "\r\n" + kCsv;
  EXPECT_EQ(api.call("GET", "/v1/devices", "", fields).result_int(), 406u);
}

TEST_F(Streaming, OnlyARangeThatEndedLongAgoIsKept) {
  insert(0, 10);
  const auto kept = [&](const std::string& query, const std::string& fields) {
    return std::string(get(query, fields)["Cache-Control"]);
  };
  for (const std::string& form : {std::string(), kNdjson, kCsv}) {
    EXPECT_EQ(kept("?start=2025-02-20T09:00:00Z&end=2025-02-20T10:19:05.103Z", form), "private, max-age=60");
    EXPECT_EQ(kept("?start=2025-02-20T09:00:00Z&end=2025-02-20T10:19:05.104Z", form), "private, no-cache");
    EXPECT_EQ(kept("?timeRange=last7days", form), "private, no-cache");
    EXPECT_EQ(kept("", form), "private, no-cache");
  }
  EXPECT_EQ(kept("?start=2025-02-19T09:00:00Z&end=2025-02-20T00:00:00Z&every=60s", ""), "private, max-age=60");
}

TEST_F(Streaming, AnswersOfHttp10EndWithTheConnection) {
  insert(0, kLong);
  StreamClient client(api.server.port(), path(all), kNdjson, "1.0");
  EXPECT_THAT(client.header, Not(HasSubstr("chunked")));
  EXPECT_TRUE(client.rest() == joined(pages(all)));
  EXPECT_TRUE(client.whole());
}

// The client reads a little; then the key ends. What it gets then is no whole answer, in both versions of HTTP.
TEST_F(Streaming, WhatEndsInTheMiddleIsSeenToBeIncomplete) {
  insert(0, 20'000);
  StoredKey key;
  key.id = "short-lived", key.secret_digest = sha256("secret"), key.expires_ms = kNow_ms + 1000;
  key.scopes = static_cast<unsigned>(Scope::telemetry_read);
  api.store.add_key(key);
  for (const char* version : {"1.1", "1.0"}) {
    api.clock.set(kNow_ms);
    StreamClient client(api.server.port(), path(all), kNdjson, version, "short-lived.secret");
    EXPECT_THAT(client.line(), StartsWith("{\"deviceId\""));
    api.clock.set(kNow_ms + 2000);
    EXPECT_LT(client.rest().size(), 8'000'000u);
    EXPECT_FALSE(client.whole()) << version;
  }
  api.clock.set(kNow_ms);
  EXPECT_THAT(metrics(), HasSubstr("api_streams_total{form=\"ndjson\",result=\"failed\"} 2"));
}

TEST_F(Streaming, TheEndOfTheServerIsSeenToBeIncomplete) {
  ServerOptions options;
  options.drain_timeout = 10ms;
  for (const char* version : {"1.1", "1.0"}) {
    auto own = std::make_unique<ApiServer>(options);
    own->add_device();
    std::vector<Record> records;
    for (int i = 0; i < 20'000; ++i) records.push_back(record_at(i));
    own->store.insert(1, kDevice, records, kNow_ms);
    StreamClient client(own->server.port(), path(all), kNdjson, version);
    client.line();
    own.reset();
    client.rest();
    EXPECT_FALSE(client.whole()) << version;
  }
}

// Clients that read nothing: others are served while they wait, what is made for each is bounded by the socket's
// buffer, and further ones are refused. That buffer has 512 KiB as the kernel counts it, less than 1,500 records with
// the slice that waits for it, of 20,000.
TEST_F(Streaming, NothingWaitsForClientsThatDoNotRead) {
  insert(0, 20'000);
  std::vector<std::unique_ptr<StreamClient>> deaf;
  for (std::size_t i = 0; i < kMostStreams; ++i) {
    deaf.push_back(std::make_unique<StreamClient>(api.server.port(), path(all), kNdjson));
    ASSERT_THAT(deaf.back()->header, StartsWith("HTTP/1.1 200"));
  }
  const HttpResponse refused = get(all, kNdjson);
  EXPECT_EQ(refused.result_int(), 503u);
  EXPECT_EQ(refused["Retry-After"], "5");
  EXPECT_EQ(get(all + "&limit=10", kNdjson).result_int(), 200u);
  const std::string text = metrics(), name = "\napi_streamed_records_total ";
  EXPECT_THAT(text, HasSubstr("\napi_streams " + std::to_string(kMostStreams) + "\n"));
  EXPECT_LT(std::stoul(text.substr(text.find(name) + name.size())), kMostStreams * 1500);
}

TEST(StreamingToTheDeaf, EndsAfterATimeWithoutProgress) {
  ServerOptions options;
  options.show_operations = true;
  options.request_timeout = 200ms;
  ApiServer api(options);
  api.add_device();
  std::vector<Record> records;
  for (int i = 0; i < 20'000; ++i) records.push_back(Streaming::record_at(i));
  api.store.insert(1, kDevice, records, kNow_ms);
  const std::string path = "/v1/devices/STM32H753ZI/telemetry?start=2025-02-01T00:00:00Z&end=2025-02-21T00:00:00Z";
  StreamClient deaf(api.server.port(), path, kNdjson);
  std::string text;
  do text = api.call("GET", "/metrics").body();  // the test's own time limit ends this
  while (text.find("\napi_streams 0\n") == std::string::npos);
  EXPECT_THAT(text, HasSubstr("api_streams_total{form=\"ndjson\",result=\"left\"} 1\n"));
  deaf.rest();
  EXPECT_FALSE(deaf.whole());
}

// A store with seven days of a device at 1 Hz that takes no time to fill.
class SevenDays : public SqliteStore {
 public:
  SevenDays() : SqliteStore(":memory:") {}
  void visit(std::int64_t, const std::string&, const RangeQuery& query,
             const std::function<void(const Record&)>& visitor) override {
    std::int64_t second = query.after ? (query.after->measured_ms - query.from_ms) / 1000 + 1 : 0;
    Record record = simple_record(0, "an id");
    for (std::int64_t count = 0; count < query.limit && query.from_ms + second * 1000 < query.to_ms; ++count) {
      record.measured_ms = query.from_ms + second++ * 1000;
      visitor(record);
    }
  }
};

struct ReadingSevenDays : testing::Test {
  void SetUp() override {
    Device device;
    device.device_id = kDevice, device.name = device.model = device.location = "x";
    store.add_device(device);
  }
  SettableClock clock{kNow_ms};
  SevenDays store;
  Service service{store, ApiServer::keys(), clock.reader()};
  Server server{service, ServerOptions{}};
  const std::string path = "/v1/devices/STM32H753ZI/telemetry?start=2025-02-01T00:00:00Z&end=2025-02-08T00:00:00Z";
};

TEST_F(ReadingSevenDays, AnAnswerLeavesNoMemoryToItsConnection) {
  constexpr int kConnections = 40;
  std::vector<std::unique_ptr<StreamClient>> open;
  std::size_t bytes = 0;
  const long before_kB = resident_kB();
  for (int i = 0; i < kConnections; ++i) {
    open.push_back(std::make_unique<StreamClient>(server.port(), path + "&limit=10000", "", "1.1", kKey, 1 << 20));
    bytes += open.back()->skip_body();
  }
  EXPECT_GT(bytes, kConnections * 3'000'000u);
  EXPECT_LT(resident_kB() - before_kB, static_cast<long>(bytes / 1000 / 4));
}

TEST_F(ReadingSevenDays, AsAStreamTakesNoMemoryAndOthersAreServedMeanwhile) {
  std::atomic<std::int64_t> lines = -1;
  const long before_kB = resident_kB();
  std::thread reader([&] {
    StreamClient client(server.port(), path, kNdjson, "1.1", kKey, 1 << 20);
    lines = client.lines();
    EXPECT_TRUE(client.whole());
  });
  int served = 0;
  long most_kB = 0;
  RawSocket other(server.port());
  while (lines < 0) {
    other.send(ApiServer::text("GET", "/v1/devices"));
    served += other.receive().result_int() == 200u && lines < 0;
    most_kB = std::max(most_kB, resident_kB());
  }
  reader.join();
  EXPECT_EQ(lines, 604'800);  // 280 MB
#ifndef PACKBENCH_SANITIZED   // sanitizers hold freed memory back
  EXPECT_LT(most_kB - before_kB, 16'000);
#endif
  EXPECT_GE(served, 20);  // of 1,182 slices, between which each can be
}

}  // namespace
}  // namespace packbench::hil::api::test
