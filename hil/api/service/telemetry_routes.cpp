// POST /v1/devices/{deviceId}/telemetry; GET is telemetry_reading.cpp.
#include <algorithm>

#include "hil/api/service/route.h"
#include "hil/api/values/device_id.h"
#include "hil/api/values/record_scan.h"

namespace packbench::hil::api {
namespace {

constexpr std::size_t kMaxBatch = 1000;

// Completes a posted record with what the server gives: name, id, time.
void complete(NewRecord& posted, const Device& device, std::int64_t arrival_ms) {
  Record& record = posted.record;
  if (!posted.has_time) record.measured_ms = arrival_ms;
  if (record.device_name.empty()) record.device_name = device.name.empty() ? device.device_id : device.name;
  if (record.id.empty()) {
    record.id =
        record.boot ? record_uuid(0, device.device_id, *record.boot, *record.sequence) : time_uuid(record.measured_ms);
  }
}

void check_cells(const Record& record, const Device& device, const std::string& at, std::vector<FieldError>& errors) {
  const auto cells = static_cast<int>(record.cell_dmV.size());
  if (device.cell_count && cells != *device.cell_count && cells > 0) {
    errors.push_back(
        {at + "/cell_voltage", "cell_count",
         "has " + std::to_string(cells) + " cells; the device has " + std::to_string(*device.cell_count) + "."});
  }
}

// Throws what is wrong with the body.
std::vector<NewRecord> judge_batch(const JsonValue& body, const Device& device) {
  const bool many = body.kind == JsonValue::Kind::array;
  if (many && (body.items.empty() || body.items.size() > kMaxBatch)) {
    throw invalid_content({{"", "batch_size", "The array must hold 1 to 1000 records."}});
  }
  std::vector<NewRecord> records;
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < (many ? body.items.size() : 1); ++i) {
    const std::string at = many ? "/" + std::to_string(i) : "";
    records.push_back(read_new_record(many ? body.items[i] : body, device.device_id, at, errors));
    check_cells(records.back().record, device, at, errors);
    if (errors.size() > 100) break;
  }
  if (!errors.empty()) throw invalid_content(std::move(errors));
  return records;
}

// The fast way where nothing is wrong.
std::optional<std::vector<NewRecord>> scan_batch(const Call& call, const Device& device) {
  auto posted = scan_records(call.body(), device.device_id, kMaxBatch);
  std::vector<FieldError> errors;
  if (posted) {
    for (const NewRecord& one : *posted) check_cells(one.record, device, "", errors);
  }
  return errors.empty() ? std::move(posted) : std::nullopt;
}

std::vector<Record> read_batch(const Call& call, const Device& device, std::int64_t arrival_ms) {
  auto posted = scan_batch(call, device);
  if (!posted) posted = judge_batch(json_body(call), device);
  std::vector<Record> records;
  records.reserve(posted->size());
  for (NewRecord& one : *posted) {
    complete(one, device, arrival_ms);
    records.push_back(std::move(one.record));
  }
  return records;
}

Response accepted(const Changed& changed) {
  return {200,
          {},
          "{\"success\":true,\"accepted\":" + std::to_string(changed.count.accepted) +
              ",\"duplicates\":" + std::to_string(changed.count.duplicates) + ",\"rejected\":[]}"};
}

}  // namespace

Device device_of(const Call& call) {
  const std::string& id = call.target.segments[2];
  if (!is_device_id(id)) {
    constexpr std::size_t kShown = 128;
    Problem problem =
        device_not_found(id.size() > kShown ? id.substr(0, kShown) + "..." : id, call.access.organization);
    problem.errors.push_back(
        {"/deviceId", "pattern",
         "is not the name of a device: 1 to 128 letters, digits and ._:-, a letter or digit first."});
    throw problem;
  }
  std::optional<Device> device = call.cache.find_device(call.access.organization, id);
  if (!device) throw device_not_found(id, call.access.organization);
  return *device;
}

Writing put_telemetry(const Call& call) {
  check_parameters(call, {});
  const Device device = device_of(call);
  const std::int64_t arrival_ms = std::max(call.now_ms, device.last_connected_ms.value_or(call.now_ms));
  return {Ingest{device.device_id, read_batch(call, device, arrival_ms)}, accepted};
}

}  // namespace packbench::hil::api
