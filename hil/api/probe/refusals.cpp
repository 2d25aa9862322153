// What a wrong request gets, and a device that is registered.
#include "hil/api/probe/groups.h"
#include "hil/api/probe/json_read.h"
#include "hil/api/probe/window.h"
#include "hil/api/values/digest.h"

namespace packbench::hil::api::probe {

namespace {

// Refused, or nothing: what lies between is nothing. The start is two minutes ago, so that who ignores the end gives
// what a device says now, and who swaps them what it said before.
void judge_swapped(Session& session, Findings& findings, const std::string& device_id) {
  constexpr std::int64_t kTwoMinutes_ms = 120'000, kHour_ms = 3'600'000;
  const char* const check = "refusals.swapped";
  const std::int64_t start_ms = session.now_ms() - kTwoMinutes_ms;
  const std::string query =
      "start=" + stamp_text(start_ms, StampForm::basic) + "&end=" + stamp_text(start_ms - kHour_ms, StampForm::basic);
  const Got got = session.get(telemetry_target(device_id, query));
  if (got.status == 400) return findings.pass(check, "A start after its end is answered 400.");
  if (got.status == 0 || got.status >= 500)
    return findings.fail(check, "A start after its end: " + got.request + " " + got.problem + " (expected 400).");
  const JsonValue* data = got.good() ? member(got.json, "data", Kind::array) : nullptr;
  if (!data)
    return findings.warn(check, "A start after its end is answered " + std::to_string(got.status) +
                                    ", without a list of records (expected 400).");
  data->items.empty() ? findings.pass(check, "A start after its end gives no record.")
                      : findings.warn(check, "A start after its end gives " + std::to_string(data->items.size()) +
                                                 " records (expected 400, or none).");
}

}  // namespace

void judge_refusals(Session& session, Findings& findings, const std::string& device_id) {
  const auto judge = [&](const std::string& check, const std::string& what, const Got& got, int expected) {
    const std::string wanted = " (expected " + std::to_string(expected) + ").";
    if (got.status == expected) return findings.pass(check, what + " is answered " + std::to_string(expected) + ".");
    if (got.status == 0 || got.status >= 500)
      return findings.fail(check, what + ": " + got.request + " " + got.problem + wanted);
    findings.warn(check, what + " is answered " + std::to_string(got.status) + wanted);
  };
  judge("refusals.unknown_device", "A device that does not exist",
        session.get(telemetry_target("packbench-probe-" + random_hex(8), "timeRange=latest")), 404);
  judge("refusals.unknown_range", "A timeRange that does not exist",
        session.get(telemetry_target(device_id, "timeRange=last5minutes")), 400);
  judge("refusals.no_time", "A start that is no time",
        session.get(telemetry_target(device_id, "start=yesterday&end=now")), 400);
  judge_swapped(session, findings, device_id);
  const Got open = session.get(telemetry_target(device_id, "timeRange=latest"), Key::none);
  if (open.ok())
    return findings.fail("auth.telemetry", "Telemetry is given without a key: the data are open to everybody.");
  open.status == 401 ? findings.pass("auth.telemetry", "Telemetry without a key is answered 401.")
                     : findings.warn("auth.telemetry", "Telemetry without a key is answered " +
                                                           std::to_string(open.status) + " (expected 401).");
}

void judge_writing(Session& session, Findings& findings) {
  const std::string id = "packbench-probe-" + random_hex(8);
  const std::string body =
      "{\"deviceId\":\"" + id + "\",\"name\":\"packbench probe\",\"model\":\"none\",\"location\":\"none\"}";
  const Got made = session.post("/devices", body);
  const JsonValue* success = made.good() ? member(made.json, "success", Kind::boolean) : nullptr;
  if (!success || !success->boolean)
    return findings.fail("write.add_device",
                         made.request + " " + (made.good() ? "has no \"success\": true" : made.problem) + ".");
  findings.pass("write.add_device",
                "The device " + id + " was registered with " + std::to_string(made.status) + "; it stays.");
  const Got fetched = session.get(telemetry_target(id, "timeRange=latest"));
  const JsonValue* data = fetched.good() ? member(fetched.json, "data", Kind::array) : nullptr;
  data && data->items.empty()
      ? findings.pass("write.known", "The new device is there, without records.")
      : findings.fail("write.known", "The new device: " + fetched.request + " " +
                                         (fetched.good() ? "does not give an empty list" : fetched.problem) + ".");
  const Got again = session.post("/devices", body);
  again.status == 409 ? findings.pass("write.twice", "The same device again is answered 409.")
                      : findings.warn("write.twice", "The same device again is answered " +
                                                         std::to_string(again.status) + " (expected 409).");
}

}  // namespace packbench::hil::api::probe
