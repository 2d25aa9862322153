// Pages beside the API: given out without a key, and closed against everything that is not theirs.
#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Asset kAssets[] = {{"/", "text/html; charset=utf-8", "<!doctype html><title>t</title>"},
                             {"/page.js", "text/javascript; charset=utf-8", "'use strict';"}};

struct Assets : testing::Test {
  static ServiceOptions options() {
    ServiceOptions options;
    options.assets = kAssets;
    return options;
  }
  Response get(const std::string& target, std::vector<std::pair<std::string, std::string>> fields = {}) {
    return api.service.handle({"GET", target, std::move(fields), ""});
  }
  PlainService api{options()};
};

TEST_F(Assets, NeedNoKeyAndLeaveTheApiLocked) {
  EXPECT_EQ(get("/").body, kAssets[0].content);
  EXPECT_EQ(get("/?x=1").body, kAssets[0].content);
  EXPECT_EQ(PlainService::field(get("/page.js"), "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(get("/v1/devices").status, 401);
  for (const char* path : {"/page.js/", "/page.css", "//", "/../page.js", "/%70age.js"})
    EXPECT_EQ(get(path).status, 404) << path;
  EXPECT_EQ(api.service.handle({"POST", "/", {}, ""}).status, 405);
}

TEST_F(Assets, AreNotOfAServerThatHasNone) {
  PlainService bare;
  EXPECT_EQ(bare.service.handle({"GET", "/", {}, ""}).status, 404);
  EXPECT_EQ(api.service.handle({"GET", "/", {}, "", "", {.api = false, .operations = true}}).status, 404);
}

TEST_F(Assets, MayLoadAndRunNothingButTheirOwn) {
  const Response page = get("/");
  const std::string policy = PlainService::field(page, "Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("script-src 'self'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  EXPECT_EQ(PlainService::field(page, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(PlainService::field(page, "Referrer-Policy"), "no-referrer");
}

TEST_F(Assets, AreNotSentAgainUnchanged) {
  const std::string tag = PlainService::field(get("/"), "ETag");
  EXPECT_EQ(get("/", {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(get("/page.js", {{"If-None-Match", tag}}).status, 200);
}

}  // namespace
}  // namespace packbench::hil::api::test
