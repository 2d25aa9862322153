// GET and POST /v1/devices, GET /v1/devices/{deviceId}.
#include <algorithm>

#include "hil/api/service/cursor.h"
#include "hil/api/service/route.h"
#include "hil/api/values/device_id.h"
#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

void append_text(std::string& out, std::string_view key, std::string_view value) {
  if (out.back() != '{') out.push_back(',');
  append_json_string(out, key);
  out.push_back(':');
  append_json_string(out, value);
}

void append_device(std::string& out, const Device& device, StampForm form) {
  out.push_back('{');
  append_text(out, "DeviceId", device.device_id);
  out += ",\"OrganizationId\":" + std::to_string(device.organization);
  append_text(out, "Name", device.name);
  append_text(out, "Model", device.model);
  append_text(out, "Location", device.location);
  if (device.last_connected_ms) {
    append_text(out, "LastConnected", stamp_text(*device.last_connected_ms, form));
  } else {
    out += ",\"LastConnected\":null";
  }
  append_text(out, "Status", device.status);
  append_text(out, "CreatedAt", stamp_text(device.created_ms, form));
  append_text(out, "UpdatedAt", stamp_text(device.updated_ms, form));
  out.push_back('}');
}

struct TextField {
  std::string_view key;
  std::string Device::*value;
  std::size_t longest;
};

constexpr TextField kTextFields[] = {{"deviceId", &Device::device_id, 128},
                                     {"name", &Device::name, 128},
                                     {"model", &Device::model, 128},
                                     {"location", &Device::location, 256}};

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

void read_text(const JsonValue& json, const TextField& field, Device& device, std::vector<FieldError>& errors) {
  const std::string pointer = "/" + std::string(field.key);
  const JsonValue* value = json.find(field.key);
  if (!value) {
    errors.push_back({pointer, "required", "is missing."});
  } else if (value->kind != JsonValue::Kind::string) {
    errors.push_back({pointer, "type", "must be a string."});
  } else if (is_blank(value->text) || utf8_length(value->text) > field.longest) {
    errors.push_back(
        {pointer, "length", "must have 1 to " + std::to_string(field.longest) + " characters and not be blank."});
  } else if (has_control(value->text)) {
    errors.push_back({pointer, "pattern", "must not hold control characters."});
  } else {
    device.*field.value = value->text;
  }
}

void read_cell_count(const JsonValue& json, Device& device, std::vector<FieldError>& errors) {
  const JsonValue* value = json.find("cellCount");
  if (!value) return;
  const auto cells = value->kind == JsonValue::Kind::number ? parse_whole(value->text) : std::nullopt;
  if (!cells || *cells < 1 || *cells > 24) {
    errors.push_back({"/cellCount", "range", "must be a whole number from 1 to 24."});
  } else {
    device.cell_count = static_cast<int>(*cells);
  }
}

FieldError unknown_member(const std::string& key) {
  return unknown_field(json_pointer("", key), key, "a new device",
                       {"deviceId", "name", "model", "location", "cellCount"},
                       "expected one of deviceId, name, model, location, cellCount.");
}

Device read_device(const JsonValue& json) {
  if (json.kind != JsonValue::Kind::object)
    throw invalid_content({{"", "type", "The body must be an object with deviceId, name, model and location."}});
  std::vector<FieldError> errors;
  Device device;
  for (const std::string& key : json.keys) {
    const bool known =
        key == "cellCount" || std::ranges::find(kTextFields, key, &TextField::key) != std::end(kTextFields);
    if (!known) errors.push_back(unknown_member(key));
  }
  for (const TextField& field : kTextFields) read_text(json, field, device, errors);
  read_cell_count(json, device, errors);
  if (!device.device_id.empty() && !is_device_id(device.device_id)) {
    errors.push_back(
        {"/deviceId", "pattern", "must begin with a letter or digit and hold nothing but letters, digits and ._:-."});
  }
  if (!errors.empty()) throw invalid_content(std::move(errors));
  return device;
}

Response created(const Device& device) {
  return {201, {{"Location", "/v1/devices/" + percent_encode(device.device_id)}}, "{\"success\":true}"};
}

}  // namespace

Reading list_devices(const Call& call) {
  check_parameters(call, {"limit", "cursor"});
  const std::int64_t limit = limit_parameter(call.target);
  const std::string list = "devices\n" + std::to_string(call.access.organization);
  const auto cursor = parameter(call.target, "cursor");
  const std::string after = cursor ? open_cursor(*cursor, list, "the list of devices") : "";
  if (cursor && !is_device_id(after)) refuse_cursor();
  std::vector<Device> devices = call.store.devices(call.access.organization, after, limit + 1);
  const bool more = std::ssize(devices) > limit;
  if (more) devices.pop_back();
  Response response{200, {}, "{\"success\":true,\"data\":["};
  for (const Device& device : devices) {
    if (response.body.back() != '[') response.body.push_back(',');
    append_device(response.body, device, call.options.stamps);
  }
  response.body += "]}";
  if (more) add_next_page(response, call, seal_cursor(list, devices.back().device_id));
  return response;
}

Reading get_device(const Call& call) {
  check_parameters(call, {});
  Response response{200, {}, "{\"success\":true,\"data\":"};
  append_device(response.body, device_of(call), call.options.stamps);
  response.body += "}";
  return response;
}

Writing add_device(const Call& call) {
  check_parameters(call, {});
  Device device = read_device(json_body(call.body()));
  device.organization = call.access.organization;
  device.created_ms = device.updated_ms = call.now_ms;
  return {device, [device](const Changed& changed) {
            if (changed.outcome != Outcome::exists) return created(device);
            throw simple_problem(409, "duplicate_device", "Conflict",
                                 "The device " + device.device_id + " exists already.");
          }};
}

}  // namespace packbench::hil::api
