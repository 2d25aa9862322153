// What a route's handler gets, and the handlers. A handler returns the answer or throws a Problem.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>

#include "hil/api/http/accept.h"
#include "hil/api/http/uri.h"
#include "hil/api/service/live.h"
#include "hil/api/service/service.h"
#include "hil/api/service/streams.h"
#include "hil/api/values/json_value.h"
#include "hil/api/values/problem.h"

namespace packbench::hil::api {

struct Call {
  const Request& request;
  const Target& target;
  Store& store;
  ReadCache& cache;
  const ServiceOptions& options;
  Access access;
  std::int64_t now_ms;  // the server's clock, sampled once
  Media media;          // that the answer shall have
  Streams& streams;
  std::shared_ptr<const std::string> unpacked{};  // the body of the request, where that came compressed

  const std::string& body() const { return unpacked ? *unpacked : request.body; }
};

// An answer that takes longer than others should wait for: called again and again, with others served in between, until
// it gives the answer.
using Work = std::function<std::optional<Response>()>;
using Reading = std::variant<Response, Work>;

// What a POST wants to be written, and the answer once it is.
struct Writing {
  std::variant<Device, Ingest> what;
  std::function<Response(const Changed&)> answer;
  // Reads what is still missing of `what`, while that is being written or before; must not throw. Called once, in the
  // thread and during the call of Service::handle().
  std::function<void()> read_rest{};
};

Reading list_devices(const Call& call);
Reading get_device(const Call& call);
Writing add_device(const Call& call);
Reading get_telemetry(const Call& call);
Writing put_telemetry(const Call& call);
// The newest record now and whenever there is a newer one, as server-sent events (live.h), for as long as `allowed`.
Response open_live(const Call& call, Live& live, std::function<bool()> allowed);

// The device of the path. Throws 404.
Device device_of(const Call& call);

// The parameter's value, or nothing. Throws where it is given twice.
std::optional<std::string> parameter(const Target& target, std::string_view name);
// Throws 400 for a parameter that is repeated, or unknown and not tolerated.
void check_parameters(const Call& call, std::initializer_list<std::string_view> known);
std::int64_t limit_parameter(const Target& target);  // 1..10000, default 1000
Order order_parameter(const Target& target);
bool flag_parameter(const Target& target, std::string_view name);  // absent or 0: false; 1: true

// The request's Idempotency-Key, bound to its path and body, so that it serves this request only. Throws 400 for a key
// that is none.
std::optional<Once> once_of(const Call& call);

// The body as JSON; 400 when malformed, 422 for content that is refused.
JsonValue json_body(std::string_view body);
// Adds X-Next-Cursor and Link of the next page: this target with its cursor replaced.
void add_next_page(Response& response, const Call& call, const std::string& cursor);

}  // namespace packbench::hil::api
