#include "hil/api/service/latest.h"

#include "hil/api/http/content.h"
#include "hil/api/service/record_writer.h"

namespace packbench::hil::api {
namespace {

std::string name_of(const Call& call, const Device& device, const TelemetryQuery& query) {
  std::string name = std::to_string(device.organization);
  name.append("\n").append(device.device_id).append(query.extended ? "\nextended" : "\ndocument");
  if (call.options.stamps == StampForm::extended) name += ",extended stamps";
  if (call.media != Media::json) name.append(",").append(media_name(call.media));
  return name;
}

void append_meta(ReadCache::Body& body, const Device& device, const TelemetryQuery& query, bool any) {
  body.before_time += "],\"meta\":{\"organizationId\":" + std::to_string(device.organization) + ",\"deviceId\":";
  append_json_string(body.before_time, device.device_id);
  body.before_time += ",\"timeRange\":\"latest\",\"timestamp\":\"";
  body.after_time = "\"";
  if (query.extended) body.after_time += any ? ",\"count\":1" : ",\"count\":0";
  if (query.extended) body.after_time += ",\"hasMore\":false,\"nextCursor\":null";
  body.after_time += "}}";
}

ReadCache::Body make_body(const Call& call, const Device& device, const TelemetryQuery& query,
                          const std::string& name) {
  const std::optional<Record> newest = call.store.latest(device.organization, device.device_id);
  ReadCache::Body body{"", "", entity_tag(name + "\n" + (newest ? newest->id : ""))};
  RecordWriter writer(call.media, device, query.extended ? RecordForm::extended : RecordForm::document,
                      RecordWriter::Of::records);
  writer.begin(body.before_time);
  if (newest) writer.add(body.before_time, *newest);
  if (call.media == Media::json) append_meta(body, device, query, newest.has_value());
  return body;
}

}  // namespace

Response latest_response(const Call& call, const Device& device, const TelemetryQuery& query) {
  const std::string name = name_of(call, device, query);
  const ReadCache::Body* kept = call.cache.find_body(name);
  const ReadCache::Body& body = kept ? *kept : call.cache.keep_body(name, make_body(call, device, query, name));
  if (has_tag(call.request, body.tag)) return Response{304, {{"ETag", body.tag}}, ""};
  Response response{200, {{"ETag", body.tag}}, body.before_time};
  response.set("Content-Type", std::string(content_type(call.media)));
  if (call.media == Media::json) {
    response.body.append(stamp_text(call.now_ms, call.options.stamps)).append(body.after_time);
  }
  return response;
}

}  // namespace packbench::hil::api
