// How often a key may ask, and how often an address may fail.
#include "hil/api/service/known_callers.h"
#include "hil/api/service/rate_limit.h"
#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

// n callers on m places leave m (1 - exp(-n/m)) of them known: 2,589 of 4,096 on as many places, and 1,771 on half of
// them. Six standard deviations are less than 200.
TEST(KnownCallers, TakeEveryPlace) {
  constexpr int kCallers = 4096;
  KnownCallers known;
  for (int i = 0; i < kCallers; ++i) known.add("192.0.2.1", std::to_string(i));
  int kept = 0;
  for (int i = 0; i < kCallers; ++i) kept += known.has("192.0.2.1", std::to_string(i)) ? 1 : 0;
  EXPECT_GT(kept, 2389);
}

TEST(RateLimiter, GivesABurstAndThenItsRate) {
  RateLimiter limiter({.per_minute = 60, .burst = 3});
  for (int left = 2; left >= 0; --left) EXPECT_EQ(limiter.take("a", 0).left, left);
  const auto refused = limiter.take("a", 0);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.wait_s, 1);
  EXPECT_FALSE(limiter.take("a", 999).allowed);
  EXPECT_TRUE(limiter.take("a", 1000).allowed);
  EXPECT_FALSE(limiter.take("a", 1000).allowed);
}

// Over any time, at most burst + rate * time, and no less when asked all the time.
TEST(RateLimiter, ServesItsRateOverAnHour) {
  RateLimiter limiter({.per_minute = 600, .burst = 60});
  int allowed = 0;
  for (std::int64_t ms = 0; ms <= 3'600'000; ms += 7) allowed += limiter.take("a", ms).allowed;
  EXPECT_NEAR(allowed, 60 + 36'000, 1);
}

TEST(RateLimiter, ABucketIsFullAgainAfterAPauseAndNeverFuller) {
  RateLimiter limiter({.per_minute = 60, .burst = 2});
  limiter.take("a", 0), limiter.take("a", 0);
  EXPECT_EQ(limiter.take("a", 100'000'000).left, 1);
}

TEST(RateLimiter, EveryoneHasABucketOfTheirOwn) {
  RateLimiter limiter({.per_minute = 60, .burst = 1});
  EXPECT_TRUE(limiter.take("a", 0).allowed);
  EXPECT_FALSE(limiter.take("a", 0).allowed);
  EXPECT_TRUE(limiter.take("b", 0).allowed);
}

TEST(RateLimiter, WithoutARateNobodyWaits) {
  RateLimiter limiter({});
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter.take("a", 0).allowed);
  EXPECT_EQ(limiter.buckets(), 0u);
}

TEST(RateLimiter, HoldsNoMoreBucketsThanItMay) {
  RateLimiter limiter({.per_minute = 60, .burst = 2}, 100);
  for (int i = 0; i < 1000; ++i) limiter.take(std::to_string(i), i * 10);
  EXPECT_LE(limiter.buckets(), 100u);
}

TEST(RateLimiter, AClockThatStandsOrGoesBackGivesNothing) {
  RateLimiter limiter({.per_minute = 60, .burst = 1});
  EXPECT_TRUE(limiter.take("a", 5000).allowed);
  EXPECT_FALSE(limiter.take("a", 0).allowed);
}

ServiceOptions limited() {
  ServiceOptions options;
  options.limits.per_key = {.per_minute = 600, .burst = 3};
  options.limits.failures_per_peer = {.per_minute = 20, .burst = 2};
  return options;
}

TEST(Limits, AKeyThatAsksTooOftenIsTold) {
  PlainService api(limited());
  const Response first = api.get("/v1/devices");
  EXPECT_EQ(PlainService::field(first, "RateLimit-Policy"), "\"key\";q=600;w=60");
  EXPECT_EQ(PlainService::field(first, "RateLimit"), "\"key\";r=2;t=1");
  api.get("/v1/devices"), api.get("/v1/devices");
  const Response refused = api.get("/v1/devices");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(PlainService::field(refused, "Retry-After"), "1");
  EXPECT_EQ(PlainService::field(refused, "RateLimit"), "\"key\";r=0;t=1");
  EXPECT_THAT(refused.body, HasSubstr("\"code\":\"too_many_requests\""));
  EXPECT_EQ(api.get("/v1/devices", "the-key-of-somebody-else").status, 200);
  api.steady_ms += 100;  // one token
  EXPECT_EQ(api.get("/v1/devices").status, 200);
  EXPECT_EQ(api.get("/v1/devices").status, 429);
}

TEST(Limits, AnErrorOfTheRequestCountsAndSaysWhatIsLeft) {
  PlainService api(limited());
  const Response wrong = api.get("/v1/devices?colour=red");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(PlainService::field(wrong, "RateLimit"), "\"key\";r=2;t=1");
}

TEST(Limits, AnAddressThatGuessesIsTurnedAwayEvenWithTheRightKeyUntilItWaits) {
  PlainService api(limited());
  EXPECT_EQ(api.get("/v1/devices", "guess").status, 401);
  EXPECT_EQ(api.get("/v1/devices", "guess").status, 401);
  const Response away = api.get("/v1/devices", "guess");
  EXPECT_EQ(away.status, 429);
  EXPECT_EQ(PlainService::field(away, "Retry-After"), "3");  // 20 a minute
  EXPECT_EQ(api.get("/v1/devices", kServiceKey).status, 429);
  EXPECT_FALSE(api.service.would_admit(kServiceKey, "10.0.0.1"));  // the body of a right guess is not read either
  EXPECT_EQ(api.get("/v1/devices", kServiceKey, "10.0.0.2").status, 200);
  api.steady_ms += 3000;
  EXPECT_EQ(api.get("/v1/devices", kServiceKey).status, 200);
}

TEST(Limits, WhoIsKnownBehindAnAddressIsNotShutOutByOthersThere) {
  PlainService api(limited());
  EXPECT_EQ(api.get("/v1/devices", kServiceKey).status, 200);
  for (int i = 0; i < 10; ++i) api.get("/v1/devices", "guess");
  EXPECT_EQ(api.get("/v1/devices", "guess").status, 429);
  EXPECT_EQ(api.get("/v1/devices", kServiceKey).status, 200);
  EXPECT_TRUE(api.service.would_admit(kServiceKey, "10.0.0.1"));
  EXPECT_EQ(api.get("/v1/devices", "the-key-of-somebody-else").status, 429);  // right, but never seen there
}

TEST(Limits, RightKeysAreNoFailures) {
  PlainService api(limited());
  for (int i = 0; i < 50; ++i) {
    api.steady_ms += 100;
    EXPECT_EQ(api.get("/v1/devices").status, 200);
  }
}

TEST(Limits, OperationsAreNotLimited) {
  PlainService api(limited());
  for (int i = 0; i < 50; ++i) EXPECT_EQ(api.get("/healthz", "none").status, 200);
}

}  // namespace
}  // namespace packbench::hil::api::test
