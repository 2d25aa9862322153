// Any body to the telemetry of a device, and any query: what is accepted comes back, and what comes back can be posted
// elsewhere and comes back the same. Input: a query, the end of its line, the body.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "tests/fuzz/api_under_fuzz.h"
#include "tests/fuzz/require.h"

namespace {

using nlohmann::json;
using packbench::fuzz::ApiUnderFuzz;
using packbench::fuzz::require;

const std::string kTelemetry = "/v1/devices/DVC1/telemetry";
// As far as the server lets a range reach; a record may be anywhere else, then it is not compared.
const std::string kRange = kTelemetry + "?start=2025-01-21T00:00:00Z&end=2025-02-21T00:00:00Z&limit=10000&extended=1";

json records(ApiUnderFuzz& api) {
  const auto response = api.get(kRange);
  require(response.status == 200);
  return json::parse(response.body)["data"];
}

void check_query(ApiUnderFuzz& api, const std::string& query) {
  const auto response = api.get(kTelemetry + "?" + query);
  const bool known = response.status == 200 || response.status == 400 || response.status == 406;
  require(known && (response.feed || json::accept(response.body)));
}

// Posts what `shown` has to another instance.
void check_the_way_back(json shown) {
  ApiUnderFuzz other;
  for (json& record : shown) {
    record.erase("_ts");
    require(other.post(kTelemetry, record.dump()).status == 200);
  }
  json again = records(other);
  for (json& record : again) record.erase("_ts");
  require(again == shown);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  ApiUnderFuzz api;
  const auto posted = api.post(kTelemetry, std::string(text.substr(std::min(end + 1, text.size()))));
  require(json::accept(posted.body));
  if (posted.status == 200) {
    check_the_way_back(records(api));
  } else {
    require(posted.status == 400 || posted.status == 409 || posted.status == 422);
    require(records(api).size() == 1);
  }
  check_query(api, std::string(text.substr(0, end)));
  return 0;
}
