// Requests that are none, or that two readers could cut in different places: one answer, and the connection closes.
#include <gmock/gmock.h>

#include "api_fixture.h"
#include "hil/api/server/framing.h"

namespace packbench::hil::api::test {
namespace {

// Behind a request whose end two readers see in different places: it must not be taken for a request.
const std::string kSmuggled = ApiServer::text("GET", "/v1/devices");

struct Broken {
  std::string name, bytes;
  unsigned status;
};

std::string flood(int fields) {
  std::string text;
  for (int i = 0; i < fields; ++i) text += "X-" + std::to_string(i) + ": 1\r\n";
  return text;
}

std::vector<Broken> broken_requests() {
  const std::string start = "POST /v1/devices HTTP/1.1\r\nHost: h\r\n", key = std::string("ApiKey: ") + kKey + "\r\n";
  const std::string chunked = start + key + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  return {
      {"garbage", "\x16\x03\x01 hello\r\n\r\n", 400},
      {"no_version", "GET /v1/devices\r\n\r\n", 400},
      {"no_host", "GET /v1/devices HTTP/1.1\r\n" + key + "\r\n", 400},
      {"length_and_chunked", start + key + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400},
      {"chunked_and_length", start + key + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"two_lengths", start + key + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400},
      {"bad_length", start + key + "Content-Length: -2\r\n\r\n", 400},
      {"bad_chunk", start + key + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"bare_newline_in_header", start + "X: a\nb\r\n\r\n", 400},
      {"long_target", "GET /v1/devices?" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414},
      {"endless_target", "GET /" + std::string(60'000, 'a'), 414},
      {"long_header", "GET /v1/devices HTTP/1.1\r\nHost: h\r\nX: " + std::string(17'000, 'a') + "\r\n\r\n", 431},
      {"endless_header", "GET /v1/devices HTTP/1.1\r\nHost: h\r\nX: " + std::string(60'000, 'a'), 431},
      {"flood_of_headers", "GET /v1/devices HTTP/1.1\r\nHost: h\r\n" + flood(2'000) + "\r\n", 431},
      {"endless_flood_of_headers", "GET /v1/devices HTTP/1.1\r\nHost: h\r\n" + flood(20'000), 431},
      {"two_hosts", "GET /v1/devices HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"folded_header", start + "X: a\r\n b: c\r\nContent-Length: x\r\n\r\n", 400},
      {"space_before_colon", start + key + "Content-Length : 2\r\n\r\n{}", 400},
      {"zero_in_header", start + std::string("X: a\0b\r\n\r\n", 10), 400},
      {"plus_length", start + key + "Content-Length: +2\r\n\r\n{}", 400},
      {"length_beyond_64_bits", start + key + "Content-Length: 99999999999999999999999\r\n\r\n", 400},
      {"list_of_lengths", start + key + "Content-Length: 2, 3\r\n\r\n{}", 400},
      {"space_in_target", "GET /v1/devices x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"two_equal_lengths", start + key + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"list_of_equal_lengths", start + key + "Content-Length: 2, 2\r\n\r\n{}", 400},
      {"length_in_hex", start + key + "Content-Length: 0x2\r\n\r\n{}", 400},
      {"unknown_coding", start + key + "Transfer-Encoding: xchunked\r\n\r\n" + kSmuggled, 400},
      {"identity", start + key + "Transfer-Encoding: identity\r\n\r\n" + kSmuggled, 400},
      {"chunked_not_last", start + key + "Transfer-Encoding: chunked, identity\r\n\r\n" + kSmuggled, 400},
      {"chunked_twice", start + key + "Transfer-Encoding: chunked, chunked\r\n\r\n" + kSmuggled, 400},
      {"quoted_coding", start + key + "Transfer-Encoding: \"chunked\"\r\n\r\n" + kSmuggled, 400},
      {"empty_coding", start + key + "Transfer-Encoding: \r\n\r\n" + kSmuggled, 400},
      {"two_codings", start + key + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + kSmuggled,
       400},
      {"coding_before_chunked", start + key + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
      {"tab_before_colon", start + key + "Transfer-Encoding\t: chunked\r\n\r\n" + kSmuggled, 400},
      {"coding_in_a_folded_line", start + key + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
      {"folded_by_a_tab", start + key + "X: a\r\n\tb\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"blank_before_first_field", "GET /v1/devices HTTP/1.1\r\n Host: h\r\n\r\n", 400},
      {"chunked_in_http_1_0", "POST /v1/devices HTTP/1.0\r\n" + key + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"chunk_with_a_sign", chunked + "+2\r\n{}\r\n0\r\n\r\n", 400},
      {"chunk_beyond_64_bits", chunked + "fffffffffffffffff\r\n", 400},
      {"chunk_longer_than_it_says", chunked + "2\r\n{}  \r\n0\r\n\r\n", 400},
      {"field_after_the_body", chunked + "2\r\n{}\r\n0\r\n" + key + "\r\n", 400},
      {"length_after_the_body", chunked + "2\r\n{}\r\n0\r\nContent-Length: 2\r\n\r\n", 400},
      {"endless_chunk_extension", chunked + "2;a=" + std::string(100'000, 'b'), 400},
      {"endless_chunk_size", chunked + std::string(100'000, '0'), 400},
      {"endless_trailer", chunked + "2\r\n{}\r\n0\r\nX: " + std::string(100'000, 'b'), 400},
      {"two_keys", start + key + "ApiKey: other\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"two_content_types",
       start + key + "Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"no_host_in_host", "GET /v1/devices HTTP/1.1\r\nHost: a/b@c\r\n\r\n", 400},
      {"bare_return_in_header", start + "X: a\rb\r\n\r\n", 400},
      {"version_0_9", "GET /v1/devices HTTP/0.9\r\n\r\n", 400},
      {"version_3_7", "GET /v1/devices HTTP/3.7\r\nHost: h\r\n\r\n", 400},
      {"announced_body", start + key + "Content-Type: application/json\r\nContent-Length: 1048577\r\n\r\n", 413},
      {"chunked_body",
       start + key + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n" +
           std::string(0x100001, ' '),
       413},
  };
}

class BrokenRequest : public testing::TestWithParam<Broken> {};

TEST_P(BrokenRequest, IsAnsweredAndTheConnectionClosed) {
  ApiServer api;
  RawSocket socket(api.server.port());
  socket.send(GetParam().bytes);
  const HttpResponse response = socket.receive();
  EXPECT_EQ(response.result_int(), GetParam().status) << response.body();
  EXPECT_EQ(nlohmann::json::parse(response.body())["statusCode"], GetParam().status);
  EXPECT_TRUE(socket.closed());
  EXPECT_EQ(api.call("GET", "/v1/devices").result_int(), 200u);
}
INSTANTIATE_TEST_SUITE_P(All, BrokenRequest, testing::ValuesIn(broken_requests()),
                         [](const auto& one) { return one.param.name; });

TEST(Framing, ARefusalAfterHeadHasItsBody) {
  ApiServer api;
  RawSocket socket(api.server.port());
  socket.send(ApiServer::text("HEAD", "/v1/devices") + "garbage\r\n\r\n");
  socket.receive(true);
  EXPECT_EQ(nlohmann::json::parse(socket.receive().body())["statusCode"], 400);
}

TEST(Framing, OptionsOfTheServerAsAWholeIsAnsweredAndTheConnectionStays) {
  ApiServer api;
  RawSocket socket(api.server.port());
  socket.send("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n" + ApiServer::text("GET", "/v1/devices"));
  const HttpResponse response = socket.receive();
  EXPECT_EQ(response.result_int(), 204u);
  EXPECT_EQ(response[http::field::allow], "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(response.count(http::field::content_length), 0u);
  EXPECT_EQ(socket.receive().result_int(), 200u);
}

TEST(Framing, WhatGoodClientsSendPasses) {
  ApiServer api;
  const std::string key = std::string("ApiKey: ") + kKey + "\r\n";
  for (const std::string& request :
       {"GET /v1/devices HTTP/1.1\r\nHost: [::1]:8080\r\n" + key + "\r\n",
        "GET /v1/devices HTTP/1.1\r\nHost:\r\n" + key + "X-Text: caf\xc3\xa9\tand more\r\n\r\n",
        "GET http://proxied:80/v1/devices HTTP/1.1\r\nHost: proxied:80\r\n" + key + "\r\n",
        "GET /v1/devices HTTP/1.0\r\n" + key + "\r\n"}) {
    RawSocket socket(api.server.port());
    socket.send(request);
    EXPECT_EQ(socket.receive().result_int(), 200u) << request;
  }
  RawSocket socket(api.server.port());
  socket.send(ApiServer::text("GET", "/v1/devices", "",
                              key + "Content-Type: application/json\r\nTransfer-Encoding: Chunked\r\n") +
              "1;name=value;other=\"a b\"\r\n{\r\n01\r\n}\r\n0\r\n\r\n" + ApiServer::text("GET", "/v1/devices"));
  EXPECT_EQ(socket.receive().result_int(), 200u);
  EXPECT_EQ(socket.receive().result_int(), 200u);
}

TEST(Framing, AFoldedLineIsSeenWhereverTheBytesAreCutAndOnlyInTheHeader) {
  const std::string folded = "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", plain = "GET / HTTP/1.1\r\nX: a\r\n\r\n b\r\n c";
  const std::size_t blank = folded.find("\r\n b") + 3;
  for (std::size_t size = 0; size <= folded.size(); ++size)
    EXPECT_EQ(has_folded_line(std::string_view(folded).substr(0, size)), size >= blank) << size;
  for (std::size_t size = 0; size <= plain.size(); ++size)
    EXPECT_FALSE(has_folded_line(std::string_view(plain).substr(0, size))) << size;
}

}  // namespace
}  // namespace packbench::hil::api::test
