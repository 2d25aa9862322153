// A Device API without sockets: requests as values, a clock and a steady clock that the test sets.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "hil/api/service/service.h"
#include "hil/api/store/sqlite_store.h"
#include "new_store.h"

namespace packbench::hil::api::test {

inline constexpr const char* kServiceKey = "f76d0123456789abcdef0123456789ad2a";
inline constexpr std::int64_t kServiceNow_ms = 1'740'047'045'103;  // 2025-02-20T10:24:05.103Z

struct PlainService {
  explicit PlainService(ServiceOptions options = {})
      : service(store, keys(), clock.reader(), with_steady(std::move(options))) {
    Device device;
    device.device_id = "D1", device.name = device.model = device.location = "x";
    store.add_device(device);
  }
  static KeyRing keys() {
    KeyRing ring;
    ring.add(kServiceKey);
    ring.add("the-key-of-somebody-else", {.organization = 2});
    return ring;
  }
  ServiceOptions with_steady(ServiceOptions options) {
    options.limits.steady = [this] { return steady_ms; };
    return options;
  }
  Response get(const std::string& target, const std::string& key = kServiceKey, const std::string& peer = "10.0.0.1") {
    return service.handle({"GET", target, {{"ApiKey", key}}, "", peer, {true, true}});
  }
  Response post(const std::string& target, const std::string& body) {
    return service.handle({"POST", target, {{"ApiKey", kServiceKey}, {"Content-Type", "application/json"}}, body});
  }
  static std::string field(const Response& response, const std::string& name) {
    for (const auto& [field, value] : response.fields) {
      if (field == name) return value;
    }
    return "";
  }

  std::int64_t steady_ms = 1'000'000;
  SettableClock clock{kServiceNow_ms};
  std::unique_ptr<Store> owned = new_store();
  Store& store = *owned;
  Service service;
};

inline Record plain_record(std::int64_t measured_ms, const std::string& id) {
  Record record;
  record.device_name = "N";
  record.cell_dmV.assign(15, 34'135);
  record.bms_state = "IDLE";
  record.id = id;
  record.measured_ms = measured_ms;
  return record;
}

inline constexpr const char* kPostedRecord =
    R"({"pack_voltage":1,"cell_voltage":[1],"temperature":1,"pack_current":0,"soc":1,"bms_state":"IDLE","main_contactor_state":true,"charger_contactor_state":false)";

}  // namespace packbench::hil::api::test
