// A Device API in memory with one device and one record, the same for every input.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "hil/api/service/service.h"
#include "hil/api/store/sqlite_store.h"

namespace packbench::fuzz {

inline constexpr const char* kApiKey = "key";
inline constexpr std::int64_t kApiNow_ms = 1'740'047'045'103;  // 2025-02-20T10:24:05.103Z

class ApiUnderFuzz {
 public:
  ApiUnderFuzz() : store_(":memory:"), service(store_, keys(), [] { return kApiNow_ms; }) {
    hil::api::Device device;
    device.device_id = "DVC1";
    device.name = "BMS_DEVICE_1";
    store_.add_device(device);
    hil::api::Record record;
    record.cell_dmV.assign(15, 34135);
    record.id = "first";
    record.measured_ms = kApiNow_ms - 1000;
    store_.insert(device.organization, device.device_id, std::span(&record, 1), kApiNow_ms);
  }
  hil::api::Response get(const std::string& target) {
    return service.handle({"GET", target, {{"ApiKey", kApiKey}}, {}});
  }
  hil::api::Response post(const std::string& target, std::string body) {
    return service.handle(
        {"POST", target, {{"ApiKey", kApiKey}, {"Content-Type", "application/json"}}, std::move(body)});
  }

 private:
  static hil::api::KeyRing keys() {
    hil::api::KeyRing keys;
    keys.add(kApiKey);
    return keys;
  }
  hil::api::SqliteStore store_;

 public:
  hil::api::Service service;
};

}  // namespace packbench::fuzz
