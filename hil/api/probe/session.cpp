#include "hil/api/probe/session.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <thread>

#include "hil/api/probe/json_read.h"
#include "hil/api/values/digest.h"
#include "hil/api/values/key.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api::probe {
namespace {

constexpr std::uint64_t kMostBytes = 16ull * 1024 * 1024;
constexpr std::ptrdiff_t kMostValues = 1'000'000;  // some 100 bytes each when read; a page of 10,000 records has half
constexpr int kTries = 3;
constexpr std::size_t kLongSentence = 300;
constexpr std::int64_t kLongestPause_ms = 30'000, kMoment_ms = 200;
constexpr std::int64_t kSaidPause_ms = 2000;  // from here on a pause is said

std::string message_of(const JsonValue& json) {
  const JsonValue* message = json.find("message");
  return message && message->kind == JsonValue::Kind::string ? ": " + shown(message->text) : "";
}

std::string seconds(std::int64_t ms) { return std::to_string((ms + 999) / 1000) + " s"; }

// What an answer is that is larger than is read, as the rest of a sentence.
std::string too_large() {
  return "is answered with more than " + std::to_string(kMostBytes / (1024 * 1024)) +
         " MiB, which the checker does not read; what comes in pages (a Link to the next) is read page by page";
}

std::string without_stop(std::string text) {
  while (text.ends_with('.')) text.pop_back();
  return text;
}

// A comma or less for each value.
std::variant<JsonValue, JsonProblem> parse_within(const std::string& body) {
  if (std::ranges::count(body, ',') > kMostValues)
    return JsonProblem{JsonProblem::Kind::too_many_members, "It has more than a million values."};
  return parse_json(body);
}

bool is_json_type(std::string type) {
  type.resize(std::min(type.find(';'), type.size()));
  std::ranges::transform(type, type.begin(), [](unsigned char c) { return std::tolower(c); });
  while (type.ends_with(' ')) type.pop_back();
  return type == "application/json" || type == "application/problem+json";
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
  bool troubled = false;
  for (int tries = 1;; ++tries) {
    Got got = attempt(request);
    const bool throttled = got.status == 429;
    throttled_ += throttled ? 1 : 0;
    recovered_ += troubled && got.status < 500 ? 1 : 0;
    troubled = got.status >= 500;
    if (!throttled && (!troubled || tries == kTries)) return got;
    if (tries == kTries)
      throw EndOfProbe{
          "The instance goes on answering 429, too many requests; try again later, or raise the key's limit."};
    wait_for(got);
  }
}

void Session::wait_for(const Got& got) {
  const std::string answer = got.request + " was answered " + std::to_string(got.status);
  const auto asked_ms = parse_retry_after(got.response.text_of("Retry-After"), got.date_ms);
  if (asked_ms > kLongestPause_ms) {
    given_up_ = answer + ", to be asked again in " + seconds(*asked_ms) + ", and no longer than " +
                seconds(kLongestPause_ms) + " is waited.";
    throw EndOfProbe{given_up_};
  }
  const std::int64_t wait_ms = asked_ms.value_or(got.status == 429 ? 1000 : kMoment_ms);
  if (wait_ms >= kSaidPause_ms && options_.waits)
    options_.waits("Waiting " + seconds(wait_ms) + ", as asked: " + answer + ".");
  pause(std::chrono::milliseconds(wait_ms));
}

Got Session::attempt(const Request& request) {
  if (stopped()) throw EndOfProbe{"Interrupted."};
  Reply reply = connection_.exchange(request);
  Got got;
  got.request = request.method + " " + shown(request.target);
  got.trouble = reply.trouble;
  got.response = std::move(reply.response);
  got.elapsed_ms = reply.elapsed_ms;
  got.answered_ms = options_.clock();
  if (reply.trouble == Reply::Trouble::none)
    look_at(got);
  else if (reply.trouble == Reply::Trouble::too_large)
    got.problem = too_large();
  else
    got.problem = "got no answer: " + without_stop(shown(reply.error, kLongSentence));
  return got;
}

void Session::look_for_key(Got& got) {
  const bool hidden = hide_key(got.response.body, options_.key);
  bool in_field = false;
  for (auto& [name, value] : got.response.fields) in_field |= hide_key(value, options_.key);
  if (hidden || in_field)
    keys_.note(got.request, std::string("was answered with the key in the ") + (hidden ? "body" : "header"));
}

void Session::note_clock(const Got& got) {
  const JsonValue* meta = member(got.json, "meta", Kind::object);
  const auto told = meta ? stamp_ms(text(*meta, "timestamp")) : std::nullopt;
  if (told && std::abs(got.answered_ms - *told) > std::abs(meta_behind_ms_.value_or(0)))
    meta_behind_ms_ = got.answered_ms - *told;
  ahead_ms_ = told_ms(got) - got.answered_ms;
}

std::int64_t Session::told_ms(const Got& got) const {
  const JsonValue* meta = member(got.json, "meta", Kind::object);
  const auto told = meta ? stamp_ms(text(*meta, "timestamp")) : std::nullopt;
  if (!told || !got.date_ms) return told.value_or(got.date_ms.value_or(got.answered_ms + ahead_ms_));
  return std::abs(*told - got.answered_ms) <= std::abs(*got.date_ms - got.answered_ms) + 1000 ? *told : *got.date_ms;
}

void Session::look_at(Got& got) {
  times_ms_.push_back(got.elapsed_ms);
  got.status = got.response.status;
  got.date_ms = parse_http_date(got.response.text_of("Date"));
  look_for_key(got);
  auto parsed = parse_within(got.response.body);
  const JsonProblem* wrong = std::get_if<JsonProblem>(&parsed);
  if (!wrong) got.json = std::move(std::get<JsonValue>(parsed));
  got.has_json = !wrong && got.json.kind == JsonValue::Kind::object;
  const std::string type(got.response.text_of("Content-Type"));
  if (got.has_json && !is_json_type(type))
    types_.note(got.request, "came as '" + shown(type) + "', not application/json");
  if (got.redirected())
    redirects_.note(got.request,
                    "was sent on to '" + shown(got.response.text_of("Location")) +
                        "', which is not followed, for the key would go with it: give the URL where it is");
  note_clock(got);
  if (!got.ok()) {
    got.problem = "was answered " + std::to_string(got.status) + without_stop(message_of(got.json));
  } else if (wrong) {
    got.problem = "has a body that is no JSON: " + without_stop(shown(wrong->what));
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
  if (!given_up_.empty()) {
    findings.skip("http.rate_limit", "Not judged any further: " + given_up_);
  } else if (throttled_ > 0) {
    findings.pass("http.rate_limit",
                  "The instance limits requests: " + std::to_string(throttled_) + " were answered 429.");
  } else {
    findings.pass("http.rate_limit", "No request was refused for coming too soon.");
  }
  recovered_ > 0
      ? findings.warn("http.server_errors", std::to_string(recovered_) + " of " + std::to_string(times_ms_.size()) +
                                                " answers were 5xx, and good when the request was repeated.")
      : findings.pass("http.server_errors", "No answer was 5xx and good when the request was repeated.");
}

}  // namespace packbench::hil::api::probe
