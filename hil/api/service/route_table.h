// The routes of the API: their names, what they allow, and who answers.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hil/api/service/route.h"

namespace packbench::hil::api {

struct Route {
  std::string_view name, allow;
  Reading (*get)(const Call&);
  Writing (*post)(const Call&);               // null where the route takes no POST
  Scope read, write;                          // that GET and POST need
  std::span<const Media> media = kJsonMedia;  // that GET can give
};

extern const Route kDevices, kDevice, kTelemetry, kLive;  // kLive has no handler: Service::follow

// Null for a path that is none.
const Route* find_route(const std::vector<std::string>& segments);

// 404, with what there is.
Problem route_not_found(const Target& target, Surface surface);

bool reads(const Request& request);                             // GET and HEAD
void check_method(const Route& route, const Request& request);  // throws 405
void check_reads(const Request& request);                       // throws 405 for all but GET and HEAD
void check_scope(const Access& access, Scope needed);           // throws 403

}  // namespace packbench::hil::api
