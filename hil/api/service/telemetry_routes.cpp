// POST /v1/devices/{deviceId}/telemetry; GET is telemetry_reading.cpp.
#include "hil/api/service/posted_records.h"
#include "hil/api/values/device_id.h"

namespace packbench::hil::api {
namespace {

Response accepted(const Changed& changed) {
  return {200,
          {},
          "{\"success\":true,\"accepted\":" + std::to_string(changed.count.accepted) +
              ",\"duplicates\":" + std::to_string(changed.count.duplicates) + ",\"rejected\":[]}"};
}

void read_into(RecordFlow& flow, PostedRecords& posted) noexcept {
  try {
    while (!posted.whole()) flow.put(posted.slice());
    flow.end();
  } catch (...) {
    flow.fail(std::current_exception());
  }
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
  const auto posted = std::make_shared<PostedRecords>(call, device);
  Ingest ingest{device.device_id, posted->slice()};
  if (posted->whole()) return {std::move(ingest), accepted};
  const auto flow = ingest.rest = std::make_shared<RecordFlow>();
  return {std::move(ingest), accepted, [posted, flow] { read_into(*flow, *posted); }};
}

}  // namespace packbench::hil::api
