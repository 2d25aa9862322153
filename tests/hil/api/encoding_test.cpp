// Answers that a client has already (ETag), and answers in fewer bytes (gzip).
#include <zlib.h>

#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

struct Encoding : testing::Test {
  Response get(const std::string& target, std::vector<std::pair<std::string, std::string>> fields) {
    fields.emplace_back("ApiKey", kServiceKey);
    return api.service.handle({"GET", target, std::move(fields), ""});
  }
  Response latest(const std::string& known, const std::string& query = "") {
    return get("/v1/devices/D1/telemetry" + query, {{"If-None-Match", known}});
  }
  void insert(std::int64_t measured_ms, const std::string& id) {
    const Record record = plain_record(measured_ms, id);
    api.store.insert(1, "D1", std::span(&record, 1), measured_ms);
  }
  static std::string tag(const Response& response) { return PlainService::field(response, "ETag"); }
  static std::string unpacked(std::string packed) {
    std::string out(1 << 20, '\0');
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
  }
  PlainService api;
};

TEST_F(Encoding, TheLatestRecordIs304UntilThereIsANewerOne) {
  insert(1000, "one");
  const std::string one = tag(api.get("/v1/devices/D1/telemetry"));
  EXPECT_THAT(one, testing::MatchesRegex("\"[0-9a-f]+\""));
  api.clock.set(kServiceNow_ms + 5000);  // the answer's own time does not count
  const Response same = latest(one);
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(tag(same), one);
  EXPECT_EQ(PlainService::field(same, "Content-Type"), "");
  EXPECT_EQ(PlainService::field(same, "Vary"), "ApiKey, Accept, Accept-Encoding, Origin");
  insert(500, "late");  // the latest is the same
  EXPECT_EQ(latest(one).status, 304);
  insert(2000, "two");
  EXPECT_EQ(latest(one).status, 200);
  EXPECT_NE(tag(latest(one)), one);
}

TEST_F(Encoding, TagsAreListedWeakOrAny) {
  insert(1000, "one");
  const std::string one = tag(latest(""));
  for (const std::string& known : {"\"x\", " + one, "W/" + one, std::string("*")}) EXPECT_EQ(latest(known).status, 304);
  for (const std::string& other : {std::string("\"x\""), one.substr(0, 9), std::string()})
    EXPECT_EQ(latest(other).status, 200) << other;
}

TEST_F(Encoding, AnotherDeviceOrFormIsAnotherAnswer) {
  EXPECT_NE(tag(latest("")), tag(latest("", "?extended=1")));  // also before there is a record
  Device second;
  second.device_id = "D2", second.name = second.model = second.location = "x";
  api.store.add_device(second);
  EXPECT_NE(tag(latest("")), tag(get("/v1/devices/D2/telemetry", {})));
  EXPECT_EQ(tag(get("/v1/devices/D1/telemetry?timeRange=last1hour", {})), "");
}

TEST_F(Encoding, BodiesOver1KiBAreCompressedWhereThatIsAccepted) {
  for (int i = 0; i < 20; ++i) insert(kServiceNow_ms - i, "r" + std::to_string(i));
  const std::string target = "/v1/devices/D1/telemetry?timeRange=last5mins";
  const std::string plain = get(target, {}).body;
  ASSERT_GT(plain.size(), 1024u);
  for (const char* accept : {"gzip", "br, gzip;q=0.5", "GZIP"}) {
    const Response packed = get(target, {{"Accept-Encoding", accept}});
    EXPECT_EQ(PlainService::field(packed, "Content-Encoding"), "gzip") << accept;
    EXPECT_LT(packed.body.size(), plain.size() / 2);
    EXPECT_EQ(unpacked(packed.body), plain);
  }
  for (const char* accept : {"", "br", "gzip;q=0", "identity"}) {
    const Response as_it_is = get(target, {{"Accept-Encoding", accept}});
    EXPECT_EQ(PlainService::field(as_it_is, "Content-Encoding"), "") << accept;
    EXPECT_EQ(as_it_is.body, plain);
  }
  const Response small = get("/v1/devices", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(PlainService::field(small, "Content-Encoding"), "");
}

TEST_F(Encoding, ACompressedAnswerHasATagOfItsOwnThatIsKnownAgain) {
  Record record = plain_record(1000, std::string(64, 'i'));
  record.device_name = std::string(700, 'n');  // so that one record is worth it
  api.store.insert(1, "D1", std::span(&record, 1), 1000);
  const Response packed = get("/v1/devices/D1/telemetry", {{"Accept-Encoding", "gzip"}});
  ASSERT_EQ(PlainService::field(packed, "Content-Encoding"), "gzip");
  EXPECT_NE(tag(packed), tag(latest("")));
  EXPECT_EQ(latest(tag(packed)).status, 304);
}

}  // namespace
}  // namespace packbench::hil::api::test
