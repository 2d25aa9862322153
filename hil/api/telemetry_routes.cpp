// GET and POST /v1/devices/{deviceId}/telemetry.
#include <algorithm>

#include "hil/api/device_id.h"
#include "hil/api/latest.h"
#include "hil/api/record_json.h"
#include "hil/api/route.h"
#include "hil/api/telemetry_query.h"

namespace packbench::hil::api {
namespace {

constexpr std::size_t kMaxBatch = 1000;

struct Page {
  std::vector<Record> records;
  std::optional<std::string> next;
};

Page read_page(const Call& call, const Device& device, const TelemetryQuery& query) {
  Page page;
  RangeQuery range = query.range;
  ++range.limit;
  page.records = call.store.range(device.organization, device.device_id, range);
  if (std::ssize(page.records) == range.limit) {
    page.records.pop_back();
    page.next = cursor_text(query, page.records.back());
  }
  return page;
}

void append_member(std::string& out, std::string_view key, std::string_view value) {
  out.append(",\"").append(key).append("\":");
  append_json_string(out, value);
}

void append_meta(std::string& out, const Call& call, const Device& device, const TelemetryQuery& query,
                 const Page& page) {
  out += ",\"meta\":{\"organizationId\":" + std::to_string(device.organization);
  append_member(out, "deviceId", device.device_id);
  append_member(out, "timeRange", query.time_range);
  append_member(out, "timestamp", stamp_text(call.now_ms, call.options.stamps));
  if (query.extended) {
    append_member(out, "start", stamp_text(query.range.from_ms, StampForm::extended));
    append_member(out, "end", stamp_text(query.range.to_ms, StampForm::extended));
    if (query.thinned) {
      out += ",\"everySeconds\":" + std::to_string(query.thinned->every_ms / 1000);
      append_member(out, "agg", aggregate_name(query.thinned->agg));
    }
    out += ",\"count\":" + std::to_string(page.records.size());
    out += page.next ? ",\"hasMore\":true" : ",\"hasMore\":false,\"nextCursor\":null";
    if (page.next) append_member(out, "nextCursor", *page.next);
  }
  out.push_back('}');
}

// Completes a posted record with what the server gives: name, id, time.
void complete(NewRecord& posted, const Device& device, std::int64_t arrival_ms) {
  Record& record = posted.record;
  if (!posted.has_time) record.measured_ms = arrival_ms;
  if (record.device_name.empty()) record.device_name = device.name.empty() ? device.device_id : device.name;
  if (record.id.empty()) {
    record.id = record.boot ? record_uuid(0, device.device_id, *record.boot, *record.sequence) : random_uuid();
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

std::vector<Record> read_batch(const JsonValue& body, const Device& device, std::int64_t arrival_ms) {
  const bool many = body.kind == JsonValue::Kind::array;
  if (many && (body.items.empty() || body.items.size() > kMaxBatch)) {
    throw invalid_content({{"", "batch_size", "The array must hold 1 to 1000 records."}});
  }
  std::vector<Record> records;
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < (many ? body.items.size() : 1); ++i) {
    const std::string at = many ? "/" + std::to_string(i) : "";
    NewRecord posted = read_new_record(many ? body.items[i] : body, device.device_id, at, errors);
    check_cells(posted.record, device, at, errors);
    complete(posted, device, arrival_ms);
    records.push_back(std::move(posted.record));
    if (errors.size() > 100) break;
  }
  if (!errors.empty()) throw invalid_content(std::move(errors));
  return records;
}

Response accepted(const Changed& changed) {
  return {200,
          {},
          "{\"success\":true,\"accepted\":" + std::to_string(changed.count.accepted) +
              ",\"duplicates\":" + std::to_string(changed.count.duplicates) + ",\"rejected\":[]}"};
}

Response telemetry_response(const Call& call, const Device& device, const TelemetryQuery& query, const Page& page) {
  const RecordForm form = query.extended ? RecordForm::extended : RecordForm::document;
  Response response{200, {}, "{\"success\":true,\"data\":["};
  for (const Record& record : page.records) {
    if (response.body.back() != '[') response.body.push_back(',');
    append_record(response.body, device.device_id, record, form);
  }
  response.body.push_back(']');
  append_meta(response.body, call, device, query, page);
  response.body.push_back('}');
  if (page.next) add_next_page(response, call, *page.next);
  return response;
}

// A thinned range on its way, with a copy of what asked for it.
struct Thinning {
  Thinning(const Call& by, Device the_device, const TelemetryQuery& the_query, const RangeQuery& range)
      : request(by.request),
        target(by.target),
        call{request, target, by.store, by.cache, by.options, by.access, by.now_ms},
        device(std::move(the_device)),
        query(the_query),
        work(by.store, device.organization, device.device_id, range, *query.thinned) {}

  std::optional<Response> step() {
    if (!work.work()) return std::nullopt;
    Page page{work.records(), std::nullopt};
    if (work.more()) page.next = cursor_text(query, page.records.back());
    return telemetry_response(call, device, query, page);
  }

  Request request;
  Target target;
  Call call;
  Device device;
  TelemetryQuery query;
  Downsampler work;
};

Work thin(const Call& call, const Device& device, const TelemetryQuery& query) {
  RangeQuery range = query.range;
  if (range.after) range = behind_bucket(range, range.after->measured_ms, query.thinned->every_ms);
  range.after.reset();
  const auto thinning = std::make_shared<Thinning>(call, device, query, range);
  return [thinning] { return thinning->step(); };
}

}  // namespace

Device device_of(const Call& call) {
  const std::string& id = call.target.segments[2];
  if (!is_device_id(id)) {
    Problem problem = device_not_found(id, call.access.organization);
    problem.errors.push_back({"/deviceId", "pattern", "is not the name of a device."});
    throw problem;
  }
  std::optional<Device> device = call.cache.find_device(call.access.organization, id);
  if (!device) throw device_not_found(id, call.access.organization);
  return *device;
}

Reading get_telemetry(const Call& call) {
  const TelemetryQuery query = read_telemetry_query(call);
  const Device device = device_of(call);
  if (query.thinned) return thin(call, device, query);
  if (query.latest) return latest_response(call, device, query);
  return telemetry_response(call, device, query, read_page(call, device, query));
}

Writing put_telemetry(const Call& call) {
  check_parameters(call, {});
  const Device device = device_of(call);
  const std::int64_t arrival_ms = std::max(call.now_ms, device.last_connected_ms.value_or(call.now_ms));
  return {Ingest{device.device_id, read_batch(json_body(call), device, arrival_ms)}, accepted};
}

}  // namespace packbench::hil::api
