// GET /v1/devices/{deviceId}/telemetry: the latest record (latest.h), a page, a thinned range, or a whole range as a
// stream.
#include "hil/api/http/gzip.h"
#include "hil/api/service/latest.h"
#include "hil/api/service/record_stream.h"
#include "hil/api/service/record_writer.h"
#include "hil/api/service/route.h"
#include "hil/api/service/telemetry_query.h"

namespace packbench::hil::api {
namespace {

// Of a range that ended so long ago, what is still to come is rare, and may be missing for as long as an answer is
// kept.
constexpr std::int64_t kClosed_ms = 300'000;
constexpr const char* kKept = "private, max-age=60";

// The records of an answer as text, and what goes with them.
struct Page {
  Page(const Call& call, const Device& device, const TelemetryQuery& query)
      : writer(call.media, device, query.form(), query.of()), limit(query.range.limit) {
    writer.begin(body);
  }
  void add(const Record& record) {
    writer.add(body, record);
    if (++count == kMany) make_room();
  }
  // What is long already will be about as long as it may be: it is moved once more and no more.
  void make_room() {
    const std::size_t records = static_cast<std::size_t>(limit) + limit / 16;
    body.reserve(body.size() / static_cast<std::size_t>(kMany) * records);
  }

  static constexpr std::int64_t kMany = 256;
  RecordWriter writer;
  std::int64_t limit;
  std::string body;
  std::int64_t count = 0;
  std::optional<std::string> next;  // cursor
};

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
    out += ",\"count\":" + std::to_string(page.count);
    out += page.next ? ",\"hasMore\":true" : ",\"hasMore\":false,\"nextCursor\":null";
    if (page.next) append_member(out, "nextCursor", *page.next);
  }
  out.push_back('}');
}

Response open_response(const Call& call, const TelemetryQuery& query) {
  Response response;
  response.set("Content-Type", std::string(content_type(call.media)));
  const bool closed = query.range.to_ms + kClosed_ms <= call.now_ms;
  if (closed) response.set("Cache-Control", kKept);
  return response;
}

Response response_of(const Call& call, const Device& device, const TelemetryQuery& query, Page page) {
  Response response = open_response(call, query);
  if (call.media == Media::json) {
    page.body.push_back(']');
    append_meta(page.body, call, device, query, page);
    page.body.push_back('}');
  }
  response.body = std::move(page.body);
  if (page.next) add_next_page(response, call, *page.next);
  return response;
}

// One record more than the limit is looked at, to see whether there is a further page.
Response range_page(const Call& call, const Device& device, const TelemetryQuery& query) {
  Page page(call, device, query);
  RangeQuery range = query.range;
  range.fields = query.fields();
  ++range.limit;
  Cursor last;
  call.store.visit(device.organization, device.device_id, range, [&](const Record& record) {
    if (page.count == query.range.limit) return void(page.next = cursor_text(query, last));
    page.add(record);
    if (page.count == query.range.limit) last = {record.measured_ms, record.id};
  });
  return response_of(call, device, query, std::move(page));
}

// A thinned range on its way, with a copy of what asked for it.
struct Thinning {
  Thinning(const Call& by, Device the_device, const TelemetryQuery& the_query)
      : request(by.request),
        target(by.target),
        call{request, target, by.store, by.cache, by.options, by.access, by.now_ms, by.media, by.streams},
        device(std::move(the_device)),
        query(the_query),
        work(by.store, device.organization, device.device_id, rest_of(query), *query.thinned) {}

  std::optional<Response> step() {
    if (!work.work()) return std::nullopt;
    Page page(call, device, query);
    const std::vector<Record> records = work.take();
    for (const Record& record : records) page.add(record);
    if (work.more()) page.next = cursor_text(query, {records.back().measured_ms, records.back().id});
    return response_of(call, device, query, std::move(page));
  }

  Request request;
  Target target;
  Call call;
  Device device;
  TelemetryQuery query;
  Downsampler work;
};

Work thin(const Call& call, const Device& device, const TelemetryQuery& query) {
  const auto thinning = std::make_shared<Thinning>(call, device, query);
  return [thinning] { return thinning->step(); };
}

Response stream(const Call& call, const Device& device, const TelemetryQuery& query) {
  Response response = open_response(call, query);
  auto records = std::make_shared<RecordStream>(call, device, query);
  if (records->is_short()) {
    response.body = records->take_first();
    return response;
  }
  response.feed = std::move(records);
  if (!accepts_gzip(call.request)) return response;
  response.feed = compressed(std::move(response.feed));
  response.set("Content-Encoding", "gzip");
  return response;
}

}  // namespace

Reading get_telemetry(const Call& call) {
  const TelemetryQuery query = read_telemetry_query(call);
  const Device device = device_of(call);
  if (query.latest) return latest_response(call, device, query);
  if (call.media != Media::json && !query.limited) return stream(call, device, query);
  if (query.thinned) return thin(call, device, query);
  return range_page(call, device, query);
}

}  // namespace packbench::hil::api
