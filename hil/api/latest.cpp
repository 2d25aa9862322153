#include "hil/api/latest.h"

#include "hil/api/content.h"
#include "hil/api/record_json.h"

namespace packbench::hil::api {
namespace {

std::string name_of(const Call& call, const Device& device, const TelemetryQuery& query) {
  std::string name = std::to_string(device.organization);
  name.append("\n").append(device.device_id).append(query.extended ? "\nextended" : "\ndocument");
  return name.append(call.options.stamps == StampForm::basic ? "" : ",extended stamps");
}

ReadCache::Body make_body(const Call& call, const Device& device, const TelemetryQuery& query,
                          const std::string& name) {
  const std::optional<Record> newest = call.store.latest(device.organization, device.device_id);
  const RecordForm form = query.extended ? RecordForm::extended : RecordForm::document;
  ReadCache::Body body{"{\"success\":true,\"data\":[", "\"", entity_tag(name + "\n" + (newest ? newest->id : ""))};
  if (newest) append_record(body.before_time, device.device_id, *newest, form);
  body.before_time += "],\"meta\":{\"organizationId\":" + std::to_string(device.organization) + ",\"deviceId\":";
  append_json_string(body.before_time, device.device_id);
  body.before_time += ",\"timeRange\":\"latest\",\"timestamp\":\"";
  if (query.extended) body.after_time += newest ? ",\"count\":1" : ",\"count\":0";
  if (query.extended) body.after_time += ",\"hasMore\":false,\"nextCursor\":null";
  body.after_time += "}}";
  return body;
}

}  // namespace

Response latest_response(const Call& call, const Device& device, const TelemetryQuery& query) {
  const std::string name = name_of(call, device, query);
  const ReadCache::Body* kept = call.cache.find_body(name);
  const ReadCache::Body& body = kept ? *kept : call.cache.keep_body(name, make_body(call, device, query, name));
  if (has_tag(call.request, body.tag)) return Response{304, {{"ETag", body.tag}}, ""};
  return {200, {{"ETag", body.tag}}, body.before_time + stamp_text(call.now_ms, call.options.stamps) + body.after_time};
}

}  // namespace packbench::hil::api
