// GET /v1/devices/{deviceId}: one entry of the list of devices, under the address that registering it gives.
#include <nlohmann/json.hpp>

#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using Json = nlohmann::ordered_json;

TEST(OneDevice, IsTheEntryOfTheListWhereItsRegistrationSaysItIs) {
  PlainService api;
  for (const char* id : {"D2", "a:b._-"}) {
    const Json wanted{{"deviceId", id}, {"name", "n"}, {"model", "m"}, {"location", "l"}};
    const Response created = api.post("/v1/devices", wanted.dump());
    ASSERT_EQ(created.status, 201) << created.body;
    const Response one = api.get(PlainService::field(created, "Location"));
    EXPECT_EQ(one.status, 200) << one.body;
    EXPECT_EQ(PlainService::field(one, "Cache-Control"), "private, no-cache");
    EXPECT_EQ(Json::parse(one.body)["data"]["DeviceId"], id);
    const Json list = Json::parse(api.get("/v1/devices").body)["data"];
    EXPECT_NE(std::find(list.begin(), list.end(), Json::parse(one.body)["data"]), list.end());
  }
}

TEST(OneDevice, ShowsItsLastConnectionAtOnce) {
  PlainService api;
  const auto last = [&api] { return Json::parse(api.get("/v1/devices/D1").body)["data"]["LastConnected"]; };
  EXPECT_EQ(last(), nullptr);
  api.post("/v1/devices/D1/telemetry", std::string(kPostedRecord) + "}");
  EXPECT_EQ(last(), "20250220T102405.103Z");
}

TEST(OneDevice, IsUnknownToOtherOrganizationsAsIfItWereNot) {
  PlainService api;
  for (const Response& response : {api.get("/v1/devices/D1", "the-key-of-somebody-else"), api.get("/v1/devices/NONE"),
                                   api.get("/v1/devices/a%20b"), api.get("/v1/devices/..")}) {
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(Json::parse(response.body)["code"], "device_not_found");
  }
}

TEST(OneDevice, CanBeReadAndNothingElse) {
  PlainService api;
  const Response head = api.service.handle({"HEAD", "/v1/devices/D1", {{"ApiKey", kServiceKey}}, ""});
  EXPECT_EQ(head.status, 200);
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    const Response refused = api.service.handle({method, "/v1/devices/D1", {{"ApiKey", kServiceKey}}, "{}"});
    EXPECT_EQ(refused.status, 405) << method;
    EXPECT_EQ(PlainService::field(refused, "Allow"), "GET, HEAD");
  }
}

}  // namespace
}  // namespace packbench::hil::api::test
