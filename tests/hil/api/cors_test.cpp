// Pages of other places: only those that are named may read answers, and only when told so.
#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

constexpr const char* kOrigin = "https://bench.example";

ServiceOptions open_to(std::vector<std::string> origins) {
  ServiceOptions options;
  options.cors = Cors(std::move(origins));
  return options;
}

Response ask(PlainService& api, const std::string& method, const std::string& origin, const std::string& target,
             std::vector<std::pair<std::string, std::string>> fields = {}) {
  fields.emplace_back("Origin", origin);
  return api.service.handle({method, target, std::move(fields), "", "10.0.0.1", {true, true}});
}

Response preflight(PlainService& api, const std::string& origin, const std::string& target = "/v1/devices") {
  return ask(api, "OPTIONS", origin, target, {{"Access-Control-Request-Method", "POST"}});
}

std::string allowed(const Response& response) { return PlainService::field(response, "Access-Control-Allow-Origin"); }

TEST(CrossOrigin, IsOffWhereNoOriginIsNamed) {
  PlainService api;
  EXPECT_EQ(preflight(api, kOrigin).status, 405);
  const Response read = ask(api, "GET", kOrigin, "/v1/devices", {{"ApiKey", kServiceKey}});
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(allowed(read), "");
  EXPECT_EQ(PlainService::field(read, "Vary"), "ApiKey, Accept, Accept-Encoding, Origin");  // it may be on tomorrow
}

TEST(CrossOrigin, APreflightNeedsNoKeyAndNamesMethodsAndFields) {
  PlainService api(open_to({"https://other.example:8443", kOrigin}));
  const Response answer = preflight(api, kOrigin);
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(allowed(answer), kOrigin);
  EXPECT_EQ(PlainService::field(answer, "Access-Control-Allow-Methods"), "GET, HEAD, POST");
  EXPECT_EQ(PlainService::field(answer, "Access-Control-Allow-Headers"),
            "ApiKey, Content-Type, If-None-Match, Idempotency-Key");
  EXPECT_EQ(PlainService::field(answer, "Vary"), "Origin");
  const Response live = preflight(api, kOrigin, "/v1/devices/D1/telemetry/live");
  EXPECT_EQ(PlainService::field(live, "Access-Control-Allow-Methods"), "GET, HEAD");
  EXPECT_EQ(preflight(api, kOrigin, "/v1/nowhere").status, 404);
  EXPECT_EQ(ask(api, "OPTIONS", kOrigin, "/v1/devices").status, 405);  // asks for nothing
}

TEST(CrossOrigin, EveryAnswerNamesTheOriginAndWhatItMayRead) {
  PlainService api(open_to({kOrigin}));
  for (const auto& [target, key, status] :
       {std::tuple("/v1/devices", kServiceKey, 200), {"/v1/devices", "wrong", 401}, {"/v1/nowhere", "", 404}}) {
    const Response answer = ask(api, "GET", kOrigin, target, {{"ApiKey", key}});
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(allowed(answer), kOrigin);
    EXPECT_THAT(PlainService::field(answer, "Access-Control-Expose-Headers"),
                HasSubstr("ETag, Link, Retry-After, RateLimit, RateLimit-Policy"));
    EXPECT_THAT(PlainService::field(answer, "Vary"), HasSubstr("Origin"));
    EXPECT_EQ(PlainService::field(answer, "Access-Control-Allow-Credentials"), "");
  }
}

TEST(CrossOrigin, AnAnswerNamesEachFieldOfVaryOnce) {
  PlainService api(open_to({kOrigin}));
  const Response read = ask(api, "GET", kOrigin, "/v1/devices", {{"ApiKey", kServiceKey}});
  EXPECT_EQ(PlainService::field(read, "Vary"), "ApiKey, Accept, Accept-Encoding, Origin");
}

TEST(CrossOrigin, OriginsAreComparedAsTheyAreWritten) {
  PlainService api(open_to({kOrigin}));
  for (const char* origin : {"https://bench.example.evil", "http://bench.example", "https://bench.example:443",
                             "https://evil-bench.example", "https://BENCH.example", "null", "*", ""}) {
    EXPECT_EQ(preflight(api, origin).status, 405) << origin;
    const Response read = ask(api, "GET", origin, "/v1/devices", {{"ApiKey", kServiceKey}});
    EXPECT_EQ(read.status, 200);
    EXPECT_EQ(allowed(read), "") << origin;
    EXPECT_THAT(PlainService::field(read, "Vary"), HasSubstr("Origin"));  // a cache must not mix them up
  }
}

TEST(CrossOrigin, WhatIsNoOriginIsRefused) {
  for (const char* text : {"*", "", "null", "bench.example", "https://", "https://bench.example/", "https://a b",
                           "https://Bench.example", "ftp://bench.example", "https://u@h"}) {
    EXPECT_THROW(Cors({text}), std::invalid_argument) << text;
  }
  EXPECT_NO_THROW(Cors({"http://localhost:5173", "http://[::1]:80"}));
}

}  // namespace
}  // namespace packbench::hil::api::test
