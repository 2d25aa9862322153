#include "hil/api/probe/session.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "hil/api/digest.h"
#include "hil/api/stamp.h"

namespace packbench::hil::api::probe {
namespace {

constexpr std::uint64_t kMostBytes = 16ull * 1024 * 1024;
constexpr int kTries = 3;
constexpr std::int64_t kLongestPause_ms = 30'000;

std::string message_of(const JsonValue& json) {
  const JsonValue* message = json.find("message");
  return message && message->kind == JsonValue::Kind::string ? ": " + shown(message->text) : "";
}

double quantile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

Session::Session(const Options& options)
    : options_(options),
      endpoint_(parse_endpoint(options.url)),
      connection_(endpoint_, {.timeout = options.timeout,
                              .most_bytes = kMostBytes,
                              .verify = options.verify,
                              .ca_file = options.ca_file}) {}

Got Session::get(const std::string& target, Key key) { return exchange({"GET", target, {}, ""}, key); }

Got Session::post(const std::string& target, const std::string& body) {
  return exchange({"POST", target, {{"Content-Type", "application/json"}}, body}, Key::own);
}

Got Session::exchange(Request request, Key key) {
  request.fields.emplace_back("Accept", "application/json");
  if (key == Key::own) request.fields.emplace_back("ApiKey", options_.key);
  if (key == Key::own_in_lower_case) request.fields.emplace_back("apikey", options_.key);
  if (key == Key::wrong) request.fields.emplace_back("ApiKey", random_hex(16));
  Got got;
  for (int attempt = 0; attempt < kTries && !stopped(); ++attempt) {
    Reply reply = connection_.exchange(request);
    got = {request.method + " " + shown(request.target),
           0,
           reply.trouble,
           std::move(reply.response),
           {},
           false,
           "",
           0,
           0,
           {}};
    got.elapsed_ms = reply.elapsed_ms;
    got.answered_ms = options_.clock();
    if (reply.trouble != Reply::Trouble::none) {
      got.problem = "got no answer: " + shown(reply.error);
      return got;
    }
    look_at(got);
    if (got.status != 429) return got;
    ++throttled_;
    const auto asked = parse_retry_after(got.response.text_of("Retry-After"), got.date_ms);
    pause(std::chrono::milliseconds(std::min(asked.value_or(1000), kLongestPause_ms)));
  }
  return got;
}

void Session::look_at(Got& got) {
  times_ms_.push_back(got.elapsed_ms);
  got.status = got.response.status;
  got.date_ms = parse_http_date(got.response.text_of("Date"));
  auto parsed = parse_json(got.response.body);
  const JsonProblem* wrong = std::get_if<JsonProblem>(&parsed);
  if (!wrong) got.json = std::move(std::get<JsonValue>(parsed));
  got.has_json = !wrong && got.json.kind == JsonValue::Kind::object;
  const std::string type = std::string(got.response.text_of("Content-Type"));
  const bool json_type = type.starts_with("application/json") || type.starts_with("application/problem+json");
  if (got.has_json && !json_type) types_.note(got.request, "came as '" + shown(type) + "', not application/json");
  const bool redirect = got.status >= 300 && got.status < 400;
  if (redirect)
    redirects_.note(got.request, "was sent on to '" + shown(got.response.text_of("Location")) +
                                     "'; a redirect is not followed, for the key would go with it");
  if (options_.key.size() >= 8 && got.response.body.find(options_.key) != std::string::npos)
    keys_.note(got.request, "was answered with the key in the body");
  if (!got.ok()) {
    got.problem = "was answered " + std::to_string(got.status) + message_of(got.json);
  } else if (wrong) {
    got.problem = "has a body that is no JSON: " + shown(wrong->what);
  } else if (!got.has_json) {
    got.problem = "has a body that is no JSON object";
  }
}

void Session::pause(std::chrono::milliseconds time) const {
  constexpr std::chrono::milliseconds kSlice{100};
  for (; time.count() > 0 && !stopped(); time -= kSlice) std::this_thread::sleep_for(std::min(time, kSlice));
}

Latency Session::latency() const {
  if (times_ms_.empty()) return {};
  std::vector<double> sorted = times_ms_;
  std::ranges::sort(sorted);
  return {sorted.size(), quantile(sorted, 0.5), quantile(sorted, 0.95), quantile(sorted, 0.99), sorted.back()};
}

void Session::judge_all(Findings& findings) const {
  types_.report(findings);
  redirects_.report(findings);
  keys_.report(findings);
  if (throttled_ > 0) {
    findings.pass("http.rate_limit",
                  "The instance limits requests: " + std::to_string(throttled_) + " were answered 429.");
  } else {
    findings.pass("http.rate_limit", "No request was refused for coming too soon.");
  }
}

}  // namespace packbench::hil::api::probe
