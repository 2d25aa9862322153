// Health, readiness, metrics, and the contract that the server gives out.
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Family {
  std::string type;
  bool help = false;
  std::map<std::string, double> samples;  // by name and labels
};

// The text format of Prometheus, read strictly: HELP, then TYPE, then samples of that family, each once.
std::map<std::string, Family> families(const std::string& text) {
  std::map<std::string, Family> found;
  std::istringstream lines(text);
  const std::regex comment("# (HELP|TYPE) ([a-z_]+) (.+)");
  const std::regex sample("([a-z_]+)(\\{[a-z]+=\"[^\"\\\\\\n]*\"(,[a-z]+=\"[^\"\\\\\\n]*\")*\\})? ([-+0-9.e]+)");
  std::string current;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, comment)) {
      Family& family = found[match[2]];
      if (match[1] == "HELP") {
        EXPECT_FALSE(family.help) << line;
        family.help = true;
      } else {
        EXPECT_TRUE(family.help && family.type.empty()) << line;
        family.type = match[3];
        current = match[2];
      }
      continue;
    }
    EXPECT_TRUE(std::regex_match(line, match, sample)) << line;
    const std::string name = match[1];
    EXPECT_TRUE(name == current || (found[current].type == "histogram" && name.starts_with(current + "_"))) << line;
    EXPECT_TRUE(found[current].samples.emplace(name + match[2].str(), std::stod(match[4])).second) << line;
  }
  return found;
}

TEST(Metrics, AreWellFormedAndNamedByTheirKind) {
  PlainService api;
  api.get("/v1/devices"), api.get("/nowhere"), api.post("/v1/devices/D1/telemetry", kPostedRecord + std::string("}"));
  const Response response = api.get("/metrics");
  EXPECT_EQ(PlainService::field(response, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  ASSERT_TRUE(response.body.ends_with('\n'));
  const auto found = families(response.body);
  EXPECT_EQ(found.size(), 14u);
  for (const auto& [name, family] : found) {
    EXPECT_TRUE(family.help) << name;
    EXPECT_EQ(family.type == "counter", name.ends_with("_total")) << name;
    EXPECT_TRUE(family.type == "counter" || family.type == "gauge" || family.type == "histogram") << name;
  }
}

TEST(Metrics, CountWhatHappened) {
  PlainService api;
  api.get("/v1/devices"), api.get("/v1/devices"), api.get("/v1/devices/D1/telemetry?limit=0");
  api.get("/v1/devices", "wrong"), api.service.handle({"GET", "/v1/devices", {}, ""});
  api.service.handle({"BREW\"{", "/v1/devices", {}, ""});
  const std::string record = kPostedRecord + std::string(R"(,"id":"one"})");
  api.post("/v1/devices/D1/telemetry", record), api.post("/v1/devices/D1/telemetry", record);
  api.post("/v1/devices/D1/telemetry", "{}");
  const auto found = families(api.get("/metrics").body);
  const auto& requests = found.at("api_requests_total").samples;
  EXPECT_EQ(requests.at(R"(api_requests_total{route="/v1/devices",method="GET",code="200"})"), 2);
  EXPECT_EQ(requests.at(R"(api_requests_total{route="/v1/devices",method="GET",code="401"})"), 2);
  EXPECT_EQ(requests.at(R"(api_requests_total{route="/v1/devices",method="other",code="405"})"), 1);
  EXPECT_EQ(requests.at(R"(api_requests_total{route="/v1/devices/{deviceId}/telemetry",method="GET",code="400"})"), 1);
  const auto& failures = found.at("api_auth_failures_total").samples;
  EXPECT_EQ(failures.at(R"(api_auth_failures_total{reason="unknown"})"), 1);
  EXPECT_EQ(failures.at(R"(api_auth_failures_total{reason="missing"})"), 1);
  const auto& records = found.at("ingest_records_total").samples;
  EXPECT_EQ(records.at(R"(ingest_records_total{result="accepted"})"), 1);
  EXPECT_EQ(records.at(R"(ingest_records_total{result="duplicate"})"), 1);
  EXPECT_EQ(records.at(R"(ingest_records_total{result="rejected"})"), 1);
  EXPECT_EQ(found.at("store_records").samples.at("store_records"), 1);
  EXPECT_GT(found.at("store_bytes").samples.at("store_bytes"), 0);
}

TEST(Metrics, HistogramsAccumulateToTheirCount) {
  Metrics metrics;
  for (const double seconds : {0.0001, 0.0005, 0.003, 9.0}) metrics.wrote(seconds);
  const auto samples = families(metrics.text({})).at("store_write_seconds").samples;
  EXPECT_EQ(samples.at(R"(store_write_seconds_bucket{le="0.0005"})"), 2);
  EXPECT_EQ(samples.at(R"(store_write_seconds_bucket{le="0.005"})"), 3);
  EXPECT_EQ(samples.at(R"(store_write_seconds_bucket{le="2.5"})"), 3);
  EXPECT_EQ(samples.at(R"(store_write_seconds_bucket{le="+Inf"})"), 4);
  EXPECT_EQ(samples.at("store_write_seconds_count"), 4);
  EXPECT_NEAR(samples.at("store_write_seconds_sum"), 9.0036, 1e-9);
}

TEST(Metrics, NeverHoldAPathAsItWasSent) {
  PlainService api;
  for (int i = 0; i < 100; ++i) api.get("/secret" + std::to_string(i)), api.get("/v1/devices/X" + std::to_string(i));
  const std::string text = api.get("/metrics").body;
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, Not(HasSubstr("X1")));
  EXPECT_EQ(families(text).at("api_requests_total").samples.size(), 2u);  // no route, and that of one device
}

TEST(Operations, AreShownWhereTheListenerShowsThem) {
  PlainService api;
  const auto status = [&](const std::string& path, Surface surface) {
    return api.service.handle({"GET", path, {}, "", "", surface}).status;
  };
  for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
    EXPECT_EQ(status(path, {true, false}), 404) << path;
    EXPECT_EQ(status(path, {true, true}), 200) << path;
    EXPECT_EQ(status(path, {false, true}), 200) << path;
    EXPECT_EQ(api.service.handle({"POST", path, {}, "", "", {false, true}}).status, 405) << path;
  }
  EXPECT_EQ(status("/openapi.json", {true, false}), 200);
  EXPECT_EQ(status("/v1/devices", {false, true}), 404);
}

TEST(Operations, AServerIsReadyWithAStoreADiskAndAClock) {
  PlainService api;
  EXPECT_EQ(api.get("/readyz").body, R"({"ready":true,"troubles":[]})");
  api.clock.set(1000);
  const Response unset = api.get("/readyz");
  EXPECT_EQ(unset.status, 503);
  EXPECT_EQ(unset.body, R"({"ready":false,"troubles":["The clock of the server is not set."]})");
}

TEST(Operations, ADiskWithoutRoomIsNotReady) {
  ServiceOptions options;
  options.readiness.disk = "store.db";
  options.readiness.least_room_bytes = std::numeric_limits<std::int64_t>::max();
  PlainService api(options);
  EXPECT_THAT(api.get("/readyz").body, HasSubstr("The disk of the store is nearly full."));
  EXPECT_EQ(api.get("/healthz").status, 200);
}

class Contract : public testing::Test {
 protected:
  // The statuses that the document lists for an operation.
  std::set<int> documented(const std::string& path, const std::string& method) {
    std::set<int> codes;
    for (const auto& [code, ignored] : document["paths"][path][method]["responses"].items())
      codes.insert(std::stoi(code));
    return codes;
  }
  const nlohmann::json document = nlohmann::json::parse(openapi_json());
};

TEST_F(Contract, IsServedAsJsonOfOpenApi31) {
  PlainService api;
  const Response response = api.get("/openapi.json");
  EXPECT_EQ(response.body, openapi_json());
  EXPECT_EQ(PlainService::field(response, "Content-Type"), "application/json");
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_EQ(document["info"]["version"], "1.0.0");
  EXPECT_EQ(document["components"]["parameters"]["Limit"]["schema"]["maximum"], 10'000);
  EXPECT_EQ(document["components"]["schemas"]["Ok"]["properties"]["success"]["const"], true);
}

TEST_F(Contract, EveryReferenceLeadsSomewhere) {
  const std::function<void(const nlohmann::json&)> look = [&](const nlohmann::json& node) {
    if (node.is_object() && node.contains("$ref")) {
      const std::string to = node["$ref"];
      EXPECT_TRUE(document.contains(nlohmann::json::json_pointer(to.substr(1)))) << to;
    }
    if (node.is_structured()) std::ranges::for_each(node, look);
  };
  look(document);
}

TEST_F(Contract, EveryOperationListsTheAnswersOfAnyRequest) {
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      if (method != "get" && method != "post") continue;
      const auto codes = documented(path, method);
      for (const int code : {408, 414, 431, 500}) EXPECT_TRUE(codes.contains(code)) << path << method << code;
      if (!path.starts_with("/devices")) continue;
      for (const int code : {400, 401, 403, 405, 406, 429, 503})
        EXPECT_TRUE(codes.contains(code)) << path << method << code;
    }
  }
}

TEST_F(Contract, WhatIsAnsweredIsDocumented) {
  struct Asked {
    std::string path, method, target, body;
  };
  const std::string good = kPostedRecord + std::string("}");
  for (const Asked& asked :
       {Asked{"/devices", "get", "/v1/devices", ""},
        {"/devices", "get", "/v1/devices?x=1", ""},
        {"/devices", "post", "/v1/devices", "{"},
        {"/devices", "post", "/v1/devices", "{}"},
        {"/devices", "post", "/v1/devices", R"({"deviceId":"D1","name":"n","model":"m","location":"l"})"},
        {"/devices", "post", "/v1/devices", R"({"deviceId":"D2","name":"n","model":"m","location":"l"})"},
        {"/devices/{deviceId}/telemetry", "get", "/v1/devices/D1/telemetry", ""},
        {"/devices/{deviceId}/telemetry", "get", "/v1/devices/D9/telemetry", ""},
        {"/devices/{deviceId}/telemetry", "get", "/v1/devices/D1/telemetry?timeRange=last7days&every=1h&agg=max", ""},
        {"/devices/{deviceId}/telemetry/live", "get", "/v1/devices/D1/telemetry/live", ""},
        {"/devices/{deviceId}/telemetry/live", "get", "/v1/devices/D9/telemetry/live", ""},
        {"/devices/{deviceId}/telemetry/live", "get", "/v1/devices/D1/telemetry/live?limit=1", ""},
        {"/devices/{deviceId}/telemetry", "post", "/v1/devices/D1/telemetry", good},
        {"/devices/{deviceId}/telemetry", "post", "/v1/devices/D9/telemetry", good},
        {"/devices/{deviceId}/telemetry", "post", "/v1/devices/D1/telemetry", "[]"}}) {
    PlainService api;
    const Response response = asked.method == "get" ? api.get(asked.target) : api.post(asked.target, asked.body);
    EXPECT_TRUE(documented(asked.path, asked.method).contains(response.status)) << asked.target << response.body;
  }
}

}  // namespace
}  // namespace packbench::hil::api::test
