#include "hil/api/client/client.h"

#include <algorithm>

#include "hil/api/client/connection.h"
#include "hil/api/http/uri.h"
#include "hil/api/values/fixed_point.h"
#include "hil/api/values/json_value.h"
#include "hil/api/values/key.h"
#include "hil/api/values/record_json.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api {
namespace {

constexpr std::int64_t kMaxWindow_ms = 31LL * 24 * 3600 * 1000;  // that a server answers at once
constexpr std::size_t kMaxPages = 100'000;

// The body of a good answer, or a sentence.
struct Body {
  JsonValue json;
  std::string error;
  int status = 0;
  std::string next_cursor;
  std::optional<std::int64_t> retry_after_ms, date_ms;
  bool explained = false;

  // Without a value: what went wrong.
  template <class Value>
  Answer<Value> failure() {
    return {std::nullopt, std::move(error), status, retry_after_ms, date_ms, explained};
  }
  template <class Value>
  Answer<Value> answer(Value value) {
    return {std::move(value), "", status, std::nullopt, date_ms};
  }
};

// Foreign text for people: control characters as '?', and without the key, which somebody in between may repeat.
std::string shown(std::string text, const std::string& key) {
  for (char& c : text) c = has_control({&c, 1}) ? '?' : c;
  hide_key(text, key);
  return text;
}

// "message" of an error answer, in either of the forms that services give; empty when it has none.
std::string message_of(const Response& response) {
  const auto parsed = parse_json(response.body);
  const auto* json = std::get_if<JsonValue>(&parsed);
  const JsonValue* message = json ? json->find("message") : nullptr;
  return message && message->kind == JsonValue::Kind::string ? message->text : "";
}

// "/v1" and its like at the end of an address's path.
bool ends_in_version(std::string_view path) {
  const std::string_view last = path.substr(std::min(path.rfind('/') + 1, path.size()));
  return last.size() > 1 && last[0] == 'v' && last.find_first_not_of("0123456789", 1) == last.npos;
}

Answer<Posted> read_posted(Body& body) {
  const auto number = [&body](std::string_view key) -> std::optional<std::int64_t> {
    const JsonValue* value = body.json.find(key);
    return value && value->kind == JsonValue::Kind::number ? parse_fixed(value->text, 0) : std::nullopt;
  };
  if (!body.error.empty()) return body.failure<Posted>();
  const auto accepted = number("accepted"), duplicates = number("duplicates");
  if (accepted && duplicates) return body.answer(Posted{*accepted, *duplicates});
  body.error =
      "The Device API answered " + std::to_string(body.status) + " without saying how many records it accepted.";
  return body.failure<Posted>();
}

std::string device_json(const Device& device) {
  std::string body = "{\"deviceId\":";
  append_json_string(body, device.device_id);
  for (const auto& [key, value] :
       {std::pair("name", &device.name), {"model", &device.model}, {"location", &device.location}}) {
    body.append(",\"").append(key).append("\":");
    append_json_string(body, *value);
  }
  if (device.cell_count) body += ",\"cellCount\":" + std::to_string(*device.cell_count);
  return body + "}";
}

// The records of an answer's `data`; an error sentence for the first that is not one.
std::string read_records(const JsonValue& json, std::vector<Record>& records) {
  const JsonValue* data = json.find("data");
  if (!data || data->kind != JsonValue::Kind::array) return "has no array \"data\"";
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < data->items.size(); ++i) {
    records.push_back(read_answer_record(data->items[i], "/data/" + std::to_string(i), errors));
    if (!errors.empty()) return "is not the document's: " + errors.front().pointer + " " + errors.front().detail;
  }
  return {};
}

}  // namespace

struct Client::Data {
  explicit Data(ClientOptions chosen)
      : options(std::move(chosen)),
        connection(parse_endpoint(options.url),
                   {.timeout = options.timeout, .verify = options.verify, .ca_file = options.ca_file}) {}

  Body call(std::string method, std::string target, std::string content, const std::string& once = "") {
    Request request{std::move(method),
                    std::move(target),
                    {{"ApiKey", options.key}, {"Accept", "application/json"}},
                    std::move(content)};
    if (request.method == "POST") request.fields.emplace_back("Content-Type", "application/json");
    if (!once.empty()) request.fields.emplace_back("Idempotency-Key", once);
    Reply reply = connection.exchange(request);
    Body body;
    body.error = shown(std::move(reply.error), options.key);
    if (!body.error.empty()) return body;
    body.status = reply.response.status;
    body.date_ms = parse_http_date(reply.response.text_of("Date"));
    body.retry_after_ms = parse_retry_after(reply.response.text_of("Retry-After"), body.date_ms);
    const std::string where = request.method + " " + options.url + request.target;
    if (body.status < 200 || body.status > 299) {
      const std::string message = shown(message_of(reply.response), options.key);
      body.explained = !message.empty();
      body.error = "The Device API answered " + where + " with " + std::to_string(body.status) + ": " +
                   (body.explained ? message : "no message in the answer");
      if (!body.error.ends_with('.')) body.error += '.';
      return body;
    }
    auto parsed = parse_json(reply.response.body);
    if (auto* problem = std::get_if<JsonProblem>(&parsed)) {
      body.error = "The answer of the Device API to " + where + " cannot be read: " + shown(problem->what, options.key);
      return body;
    }
    body.json = std::move(std::get<JsonValue>(parsed));
    body.next_cursor = reply.response.text_of("X-Next-Cursor");
    return body;
  }

  Body fetch(const std::string& device_id, const std::string& query, std::vector<Record>& records) {
    const std::string target = "/devices/" + percent_encode(device_id) + "/telemetry?" + query + "&extended=1";
    Body body = call("GET", target, "");
    if (!body.error.empty()) return body;
    const std::string wrong = read_records(body.json, records);
    if (!wrong.empty()) body.error = "The answer of the Device API to GET " + options.url + target + " " + wrong;
    return body;
  }

  Answer<std::vector<Record>> fetch_all(const std::string& device_id, const std::string& query) {
    std::vector<Record> records;
    std::string cursor;
    for (std::size_t page = 0; page < kMaxPages; ++page) {
      Body body = fetch(device_id, cursor.empty() ? query : query + "&cursor=" + percent_encode(cursor), records);
      if (!body.error.empty()) return body.failure<std::vector<Record>>();
      if (body.next_cursor.empty()) return body.answer(std::move(records));
      cursor = std::move(body.next_cursor);
    }
    return {std::nullopt, "The Device API at " + options.url + " gives page after page without end.", 0};
  }

  ClientOptions options;
  Connection connection;
};

Client::Client(ClientOptions options) : data_(std::make_unique<Data>(std::move(options))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

Answer<Added> Client::add_device(const Device& device) {
  Body body = data_->call("POST", "/devices", device_json(device));
  if (body.status == 409) return body.answer(Added::existed);
  if (body.status == 404 && !ends_in_version(parse_endpoint(data_->options.url).path))
    body.error += " The address of a Device API usually ends in /v1.";
  return body.error.empty() ? body.answer(Added::created) : body.failure<Added>();
}

Answer<Posted> Client::post(const std::string& device_id, const Record& record) {
  std::string content;
  append_record(content, device_id, record, RecordForm::ingest);
  Body body = data_->call("POST", "/devices/" + percent_encode(device_id) + "/telemetry", std::move(content));
  return read_posted(body);
}

Answer<Posted> Client::post_batch(const std::string& device_id, std::string array, const std::string& once) {
  Body body = data_->call("POST", "/devices/" + percent_encode(device_id) + "/telemetry", std::move(array), once);
  return read_posted(body);
}

Answer<std::optional<Record>> Client::latest(const std::string& device_id) {
  std::vector<Record> records;
  Body body = data_->fetch(device_id, "timeRange=latest", records);
  if (!body.error.empty()) return body.failure<std::optional<Record>>();
  return body.answer(records.empty() ? std::nullopt : std::optional(std::move(records.front())));
}

Answer<std::vector<Record>> Client::range(const std::string& device_id, std::int64_t from_ms, std::int64_t to_ms,
                                          int page) {
  Answer<std::vector<Record>> all{std::vector<Record>(), "", 200};
  for (std::int64_t from = from_ms; from < to_ms; from += kMaxWindow_ms) {
    const std::int64_t to = std::min(to_ms, from + kMaxWindow_ms);
    Answer<std::vector<Record>> part =
        data_->fetch_all(device_id, "start=" + stamp_text(from, StampForm::basic) +
                                        "&end=" + stamp_text(to, StampForm::basic) + "&limit=" + std::to_string(page));
    if (!part) return part;
    std::ranges::move(*part.value, std::back_inserter(*all.value));
  }
  return all;
}

Answer<std::vector<Record>> Client::preset(const std::string& device_id, std::string_view time_range, int page) {
  return data_->fetch_all(device_id, "timeRange=" + std::string(time_range) + "&limit=" + std::to_string(page));
}

}  // namespace packbench::hil::api
