// Keys of the store: how they are kept, what each may do, when they end.
#include <gmock/gmock.h>

#include "api_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

const std::string kTelemetry = "/v1/devices/STM32H753ZI/telemetry";

std::string with(const std::string& key) { return "ApiKey: " + key + "\r\n"; }

class Keys : public testing::Test {
 protected:
  void SetUp() override { api.add_device(); }
  std::string add(StoredKey wanted = {}) {
    const NewKey key = make_key(wanted);
    api.store.add_key(key.stored);
    return key.text;
  }
  unsigned get(const std::string& key) { return api.call("GET", "/v1/devices", "", with(key)).result_int(); }
  ApiServer api;
};

TEST_F(Keys, AKeyOfTheStoreOpensItsOrganization) {
  EXPECT_EQ(get(add()), 200u);
  const std::string other = add({.organization = 7});
  EXPECT_EQ(api.call("GET", "/v1/devices", "", with(other)).body(), R"({"success":true,"data":[]})");
  EXPECT_EQ(api.call("GET", kTelemetry, "", with(other)).result_int(), 404u);
}

TEST_F(Keys, EveryOtherTextIsRefusedAlike) {
  const std::string key = add(), id = key.substr(0, key.find('.')), secret = key.substr(key.find('.') + 1);
  std::string last_digit = key;
  last_digit.back() = key.back() == '0' ? '1' : '0';
  for (const std::string& wrong : {id, secret, id + ".", "." + secret, id + "." + id, secret + "." + id, key + "0",
                                   last_digit, id + ".%", std::string(300, 'x'), std::string(300, '.')}) {
    const HttpResponse response = api.call("GET", "/v1/devices", "", with(wrong));
    EXPECT_EQ(response.result_int(), 401u) << wrong;
    EXPECT_THAT(response.body(), HasSubstr("invalid subscription key"));
  }
}

TEST_F(Keys, TheStoreHoldsOnlyTheDigestOfTheSecret) {
  const NewKey key = make_key({.name = "gateway", .organization = 3, .scopes = 5, .created_ms = 1, .expires_ms = 2});
  api.store.add_key(key.stored);
  const std::string secret = key.text.substr(13);
  EXPECT_EQ(secret.size(), 64u);
  EXPECT_EQ(key.stored.secret_digest, sha256(secret));
  EXPECT_EQ(*api.store.find_key(key.stored.id), key.stored);
  EXPECT_EQ(api.store.keys(), std::vector<StoredKey>{key.stored});
  EXPECT_NE(make_key({}).text, make_key({}).text);
}

TEST_F(Keys, ARevokedKeyIsRefusedAtOnce) {
  const std::string key = add(), id = key.substr(0, 12);
  EXPECT_EQ(get(key), 200u);
  EXPECT_TRUE(api.store.revoke_key(id, kNow_ms));
  EXPECT_FALSE(api.store.revoke_key(id, kNow_ms));
  EXPECT_FALSE(api.store.revoke_key("unknown", kNow_ms));
  EXPECT_EQ(get(key), 401u);
  EXPECT_EQ(api.store.find_key(id)->revoked_ms, kNow_ms);
}

TEST_F(Keys, AKeyEndsAtItsExpiry) {
  const std::string key = add({.expires_ms = kNow_ms + 1});
  EXPECT_EQ(get(key), 200u);
  api.clock.set(kNow_ms + 1);
  EXPECT_EQ(get(key), 401u);
}

// Rows: scope; columns: the four operations, in the same order.
TEST_F(Keys, EachScopeAllowsItsOperationAndNoOther) {
  const char* const record =
      R"({"pack_voltage":1,"cell_voltage":[1],"temperature":1,"pack_current":0,"soc":1,"bms_state":"IDLE","main_contactor_state":true,"charger_contactor_state":false})";
  const char* const device = R"({"deviceId":"D1","name":"n","model":"m","location":"l"})";
  for (unsigned scope = 0; scope < 4; ++scope) {
    const std::string key = with(add({.scopes = 1u << scope}));
    const HttpResponse answers[] = {api.call("GET", "/v1/devices", "", key),
                                    api.call("POST", "/v1/devices", device, key), api.call("GET", kTelemetry, "", key),
                                    api.call("POST", kTelemetry, record, key)};
    for (unsigned operation = 0; operation < 4; ++operation) {
      const HttpResponse& answer = answers[operation];
      EXPECT_EQ(answer.result_int() == 403, operation != scope) << scope << operation << answer.body();
      if (operation == scope) continue;
      EXPECT_THAT(answer.body(), HasSubstr("needs the scope " + scope_name(static_cast<Scope>(1u << operation))));
      EXPECT_THAT(answer.body(), HasSubstr("\"code\":\"scope_missing\""));
    }
  }
}

TEST(KeyTexts, ScopesHaveNames) {
  for (unsigned scope = 1; scope < 16; scope <<= 1) {
    EXPECT_EQ(parse_scope(scope_name(static_cast<Scope>(scope))), static_cast<Scope>(scope));
  }
  EXPECT_EQ(scope_names(5), "devices:read telemetry:read");
  EXPECT_FALSE(parse_scope("devices"));
}

TEST(KeyTexts, ALogShowsFourAndThreeCharacters) {
  EXPECT_EQ(masked("f76d0123456789d2a"), "f76d***d2a");
  EXPECT_EQ(masked("short"), "***");
  EXPECT_EQ(masked(""), "***");
}

}  // namespace
}  // namespace packbench::hil::api::test
