#include "hil/api/service/route_table.h"

#include <algorithm>

namespace packbench::hil::api {
namespace {

void check_allowed(bool allowed, std::string_view allow) {
  if (allowed) return;
  Problem problem =
      simple_problem(405, "method_not_allowed", "Method not allowed", "This route allows " + std::string(allow) + ".");
  problem.fields = {{"Allow", std::string(allow)}};
  throw problem;
}

}  // namespace

const Route kDevices{"/v1/devices",       "GET, HEAD, POST",    list_devices, add_device,
                     Scope::devices_read, Scope::devices_write, kJsonMedia};
const Route kDevice{"/v1/devices/{deviceId}", "GET, HEAD",          get_device, nullptr,
                    Scope::devices_read,      Scope::devices_write, kJsonMedia};
const Route kTelemetry{"/v1/devices/{deviceId}/telemetry",
                       "GET, HEAD, POST",
                       get_telemetry,
                       put_telemetry,
                       Scope::telemetry_read,
                       Scope::telemetry_write,
                       kRecordMedia};
const Route kLive{"/v1/devices/{deviceId}/telemetry/live",
                  "GET, HEAD",
                  nullptr,
                  nullptr,
                  Scope::telemetry_read,
                  Scope::telemetry_write,
                  kEventMedia};

const Route* find_route(const std::vector<std::string>& segments) {
  if (segments.size() < 2 || segments[0] != "v1" || segments[1] != "devices") return nullptr;
  if (segments.size() == 2) return &kDevices;
  if (segments.size() == 3 && !segments[2].empty()) return &kDevice;
  if (segments.size() == 4 && segments[3] == "telemetry") return &kTelemetry;
  if (segments.size() == 5 && segments[3] == "telemetry" && segments[4] == "live") return &kLive;
  return nullptr;
}

Problem route_not_found(const Target& target, Surface surface) {
  std::string detail = "There is no such route; ";
  const bool gaps = std::ranges::find(target.segments, "") != target.segments.end();
  if (!surface.api) {
    detail += "this listener has /healthz, /readyz, /metrics and /openapi.json.";
  } else if (gaps) {
    detail += "a route has no doubled slash and no slash at its end: /v1/devices.";
  } else {
    detail += "expected " + std::string(kDevices.name) + " or " + std::string(kTelemetry.name) + ", see /openapi.json.";
  }
  return simple_problem(404, "route_not_found", "Not found", detail);
}

bool reads(const Request& request) { return request.method == "GET" || request.method == "HEAD"; }

void check_method(const Route& route, const Request& request) {
  check_allowed(reads(request) || (request.method == "POST" && route.post), route.allow);
}

void check_reads(const Request& request) { check_allowed(reads(request), "GET, HEAD"); }

void check_scope(const Access& access, Scope needed) {
  if (access.may(needed)) return;
  throw simple_problem(403, "scope_missing", "Forbidden",
                       "This key may not do that; the request needs the scope " + scope_name(needed) + ".");
}

}  // namespace packbench::hil::api
