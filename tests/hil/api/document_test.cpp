// The given document's three examples come back, byte for byte outside white space, over a real socket.
#include "api_fixture.h"
#include "seed_document.h"

namespace packbench::hil::api::test {
namespace {

// The record of the document's first example, typed from its JSON by an independent parser.
Record record_of(const nlohmann::json& json) {
  const auto fixed = [](const nlohmann::json& number, double scale) {
    return std::llround(number.get<double>() * scale);
  };
  Record record;
  record.device_name = json["Device_id"];
  record.pack_dmV = fixed(json["pack_voltage"], 1e4);
  for (const auto& cell : json["cell_voltage"]) record.cell_dmV.push_back(fixed(cell, 1e4));
  record.temperature_mdegC = fixed(json["temperature"], 1e3);
  record.current_mA = fixed(json["pack_current"], 1e3);
  record.soc_pctpct = fixed(json["soc"], 1e2);
  record.ocv_soc_pctpct = fixed(json["ocv_soc"], 1e2);
  record.soh_pctpct = fixed(json["soh"], 1e2);
  record.bms_state = json["bms_state"];
  record.main_contactor = json["main_contactor_state"];
  record.charger_contactor = json["charger_contactor_state"];
  record.id = json["id"];
  record.arrived_s = json["_ts"];
  record.measured_ms = record.arrived_s * 1000;
  return record;
}

std::int64_t ms_of(const nlohmann::json& stamp) {
  return std::get<Stamp>(parse_stamp(stamp.get<std::string>())).floor_ms;
}

TEST(Document, TelemetryExampleComesBackEqual) {
  const std::string example = seed_responses().at(0);
  ApiServer api;
  api.clock.set(ms_of(nlohmann::json::parse(example)["meta"]["timestamp"]));
  api.add_device();
  api.insert(record_of(nlohmann::json::parse(example)["data"][0]));
  for (const char* query : {"?timeRange=latest", ""}) {
    const HttpResponse response = api.call("GET", "/v1/devices/STM32H753ZI/telemetry" + std::string(query));
    EXPECT_EQ(response.result_int(), 200u);
    EXPECT_EQ(response[http::field::content_type], "application/json");
    EXPECT_EQ(response.body(), squeezed(example));
  }
}

TEST(Document, DevicesExampleComesBackEqual) {
  const std::string example = seed_responses().at(1);
  const nlohmann::json row = nlohmann::json::parse(example)["data"][0];
  ApiServer api;
  Device device;
  device.device_id = row["DeviceId"];
  device.organization = row["OrganizationId"];
  device.name = row["Name"];
  device.model = row["Model"];
  device.location = row["Location"];
  device.status = row["Status"];
  device.last_connected_ms = ms_of(row["LastConnected"]);
  device.created_ms = ms_of(row["CreatedAt"]);
  device.updated_ms = ms_of(row["UpdatedAt"]);
  ASSERT_TRUE(api.store.add_device(device));
  EXPECT_EQ(api.call("GET", "/v1/devices").body(), squeezed(example));
}

TEST(Document, AddDeviceExampleComesBackEqual) {
  ApiServer api;
  const HttpResponse response = api.call("POST", "/v1/devices", seed_request());
  EXPECT_EQ(response.result_int(), 201u);
  EXPECT_EQ(response[http::field::location], "/v1/devices/DVC12345");
  EXPECT_EQ(response.body(), squeezed(seed_responses().at(2)));
  const auto rows = nlohmann::json::parse(api.call("GET", "/v1/devices").body())["data"];
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["Location"], "Delhi");
  EXPECT_EQ(rows[0]["LastConnected"], nullptr);
  EXPECT_EQ(rows[0]["CreatedAt"], "20250220T102405.103Z");
}

TEST(Document, HasExactlyThreeExamples) { EXPECT_EQ(seed_responses().size(), 3u); }

}  // namespace
}  // namespace packbench::hil::api::test
