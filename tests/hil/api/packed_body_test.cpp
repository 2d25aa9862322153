// Bodies that come compressed: the same as plain ones, and never more than those may be.
#include <zlib.h>

#include "hil/api/http/content.h"
#include "hil/api/values/problem.h"
#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

std::string packed(const std::string& plain, int level = 9) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Response post(PlainService& api, const std::string& body, const std::string& coding = "gzip",
              const std::string& target = "/v1/devices/D1/telemetry") {
  return api.service.handle({"POST",
                             target,
                             {{"ApiKey", kServiceKey},
                              {"Content-Type", "application/json"},
                              {"Content-Encoding", coding},
                              {"Idempotency-Key", "once"}},
                             body});
}

Request packed_request(const std::string& body) { return {"POST", "/", {{"Content-Encoding", "gzip"}}, body}; }

int status_of(const std::string& body, std::size_t most) {
  try {
    unpacked_body(packed_request(body), most);
    return 200;
  } catch (const Problem& problem) {
    return problem.status;
  }
}

TEST(PackedBody, IsTheSameRequestAsThePlainOne) {
  PlainService api;
  const std::string record = std::string(kPostedRecord) + "}";
  EXPECT_THAT(post(api, packed(record)).body, HasSubstr("\"accepted\":1"));
  EXPECT_THAT(post(api, record, "identity").body, HasSubstr("\"accepted\":1"));  // the answer to the first, again
  EXPECT_THAT(post(api, packed(record, 1), "GZIP").body, HasSubstr("\"accepted\":1"));
  EXPECT_EQ(api.store.size().records, 1);
}

TEST(PackedBody, MayBeAsLargeUnpackedAsAPlainOne) {
  const std::string text(100'000, 'x');
  EXPECT_EQ(unpacked_body(packed_request(packed(text)), text.size()), text);
  EXPECT_EQ(unpacked_body(packed_request(packed("")), 0), "");
  EXPECT_EQ(status_of(packed(text), text.size() - 1), 413);
}

TEST(PackedBody, MayBeSeveralMembersOneBehindTheOther) {
  const std::string record = std::string(kPostedRecord) + "}";
  const std::string parts = packed(record.substr(0, 40)) + packed("") + packed(record.substr(40), 1);
  EXPECT_EQ(unpacked_body(packed_request(parts), record.size()), record);
  PlainService api;
  EXPECT_THAT(post(api, parts).body, HasSubstr("\"accepted\":1"));
}

TEST(PackedBody, OfSeveralMembersIsBoundedAsAWhole) {
  const std::string text(100'000, 'x'), one = packed(text);
  EXPECT_EQ(status_of(one + one, 2 * text.size()), 200);
  EXPECT_EQ(status_of(one + one, 2 * text.size() - 1), 413);
  for (std::size_t size = 1; size < one.size(); ++size) EXPECT_EQ(status_of(one + one.substr(0, size), 1'000'000), 400);
  EXPECT_EQ(status_of(one + one + std::string(1, '\0'), 1'000'000), 400);
}

// The last byte of the compressed data may have bits that mean nothing.
TEST(PackedBody, CutOrChangedAnywhereIsRefusedOrMeansTheSame) {
  const std::string plain = "{\"a\":[1,2,3,4,5,6,7,8,9]}", whole = packed(plain);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(status_of(whole.substr(0, size), 1000), 400) << size;
  for (std::size_t at = 10; at < whole.size(); ++at) {  // behind the header, where a file's name and time may stand
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    if (status_of(changed, 1000) != 400) {
      EXPECT_EQ(unpacked_body(packed_request(changed), 1000), plain) << at;
    }
  }
  EXPECT_EQ(status_of(whole + "x", 1000), 400);
}

// A thousandth of its size: 64 MB, and 8 MiB and a piece are the most that is ever held.
TEST(PackedBody, ABombIsRefusedBeforeItIsUnpacked) {
  PlainService api;
  const std::string bomb = packed(std::string(64'000'000, ' '));
  ASSERT_LT(bomb.size(), 100'000u);
  EXPECT_EQ(post(api, bomb).status, 413);
  EXPECT_EQ(post(api, bomb, "gzip", "/v1/devices").status, 413);
  EXPECT_EQ(post(api, packed(bomb)).status, 400);  // packed twice: no JSON inside
}

TEST(PackedBody, AnotherCodingIsToldWhichOneThereIs) {
  PlainService api;
  for (const char* coding : {"br", "deflate", "gzip, gzip", "zstd", "gzip;q=1"}) {
    const Response refused = post(api, "x", coding);
    EXPECT_EQ(refused.status, 415) << coding;
    EXPECT_EQ(PlainService::field(refused, "Accept-Encoding"), "gzip");
  }
}

TEST(PackedBody, IsNotLookedAtWithoutAKey) {
  PlainService api;
  EXPECT_EQ(api.service.handle({"POST", "/v1/devices", {{"Content-Encoding", "gzip"}}, "no gzip"}).status, 401);
}

}  // namespace
}  // namespace packbench::hil::api::test
