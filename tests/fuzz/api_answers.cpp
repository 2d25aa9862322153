// Any answers to our client and to the checker: both come to an end, say what is wrong in sentences that a terminal can
// show and that never tell the key, and what they take for a record can be judged and written again. Input: answers,
// separated by lines "---", given in turn, again from the first when all were given. An answer is "" (as the real
// service answers), "s/FROM/TO/" (that, with every FROM in its body replaced), "HTTP..." (raw bytes, after which the
// connection closes), or a status, header fields, an empty line and the body.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "hil/api/client/client.h"
#include "hil/api/judge/board_rules.h"
#include "hil/api/judge/comparison.h"
#include "hil/api/values/record_json.h"
#include "tests/fuzz/require.h"
#include "tests/hil/api/probe_fixture.h"

namespace {

using namespace packbench::hil::api;
using namespace packbench::hil::api::test;
using packbench::fuzz::require;

constexpr int kMostRequests = 80;
constexpr int kHonest = 6;  // records of the device

std::string_view cut(std::string_view& text, std::string_view until) {
  const std::size_t end = std::min(text.find(until), text.size());
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(std::min(end + until.size(), text.size()));
  return piece;
}

bool is_line(std::string_view line) {
  return std::ranges::all_of(line, [](unsigned char c) { return c >= ' ' && c != 0x7F; });
}

// What the instance says, and how often it was asked. Asked by its thread.
class Script {
 public:
  void begin(std::string_view text) {
    const std::lock_guard lock(mutex_);
    answers_.clear();
    for (bool more = true; more;) {
      more = text.find("\n---\n") != std::string_view::npos;
      answers_.emplace_back(cut(text, "\n---\n"));
    }
    asked_ = 0;
    over = 0;
  }

  std::string raw() {
    const std::lock_guard lock(mutex_);
    now_ = answers_[static_cast<std::size_t>(asked_) % answers_.size()];
    if (++asked_ > kMostRequests) now_ = "HTTP";
    if (!now_.starts_with("HTTP")) return "";
    over = 1;  // nothing is waited for
    return now_;
  }

  void bend(Response& response) {
    const std::lock_guard lock(mutex_);
    std::string_view text = now_;
    if (text.starts_with("s/")) return replace(text.substr(2), response.body);
    if (!text.empty()) say(text, response);
    if (response.status >= 429) over = 1;
  }

  std::atomic<std::sig_atomic_t> over = 0;

 private:
  static void replace(std::string_view text, std::string& body) {
    const std::string from(cut(text, "/")), to(cut(text, "/"));
    for (std::size_t at = 0; !from.empty() && (at = body.find(from, at)) != std::string::npos; at += to.size())
      body.replace(at, from.size(), to);
  }

  static void say(std::string_view text, Response& response) {
    const std::string_view status = cut(text, "\n");
    int number = 0;
    std::from_chars(status.data(), status.data() + status.size(), number);
    response = {std::clamp(number, 200, 599), {}, {}, {}};
    for (std::string_view line = cut(text, "\n"); !line.empty(); line = cut(text, "\n")) {
      const std::string name(cut(line, ": "));
      const bool framing = same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding");
      if (is_line(name) && is_line(line) && !framing) response.set(name, std::string(line));
    }
    response.body = text;
  }

  std::mutex mutex_;
  std::vector<std::string> answers_;
  std::string now_;
  int asked_ = 0;
};

struct Instance {
  Instance() : server(bend()) { fill(server, kHonest); }

  BentServer::Bend bend() {
    return {.answer = [this](const Request&, Response& response) { script.bend(response); },
            .raw = [this](const Request&) { return script.raw(); }};
  }

  Script script;
  BentServer server;
};

Instance& instance() {
  static Instance one;
  return one;
}

void check_sentence(const std::string& text) {
  require(is_line(text));
  require(text.find(kServiceKey) == std::string::npos);
}

template <class Value>
bool check_answer(const Answer<Value>& answer) {
  require(answer.value.has_value() == answer.error.empty());
  check_sentence(answer.error);
  return answer.value.has_value();
}

void check_record(const Record& record) {
  require(!record.id.empty() && record.cell_dmV.size() <= 24);
  std::string text;
  append_record(text, "D1", record, RecordForm::extended);
  std::vector<FieldError> errors;
  require(std::holds_alternative<JsonValue>(parse_json(text)));
}

void check_findings(const std::vector<Finding>& findings) {
  for (const auto& finding : findings) check_sentence(finding.text);
}

void check_records(const std::vector<Record>& records) {
  std::vector<Sent> sent;
  for (int i = 0; i < 3; ++i) sent.push_back({honest(kServiceNow_ms - kPeriod_ms * i, kHonest - i)});
  std::vector<Placed> placed;
  for (const Record& record : records) {
    check_record(record);
    placed.push_back({record});
  }
  for (const std::string& what : judge_sequence(placed, kServiceNow_ms - 200'000, kServiceNow_ms)) check_sentence(what);
  require(missing_records(records) >= 0);
  check_findings(compare_records(records, sent, kServiceNow_ms - 200'000));
}

void check_client(const std::string& url) {
  Client client({.url = url, .key = kServiceKey});
  const Record record = honest(kServiceNow_ms, 1);
  Device device;
  device.device_id = "D1";
  check_answer(client.add_device(device));
  check_answer(client.post("D1", record));
  check_answer(client.post_batch("D1", "[]", "once"));
  const auto latest = client.latest("D1");
  if (check_answer(latest) && *latest.value) check_record(**latest.value);
  const auto range = client.range("D1", kServiceNow_ms - 200'000, kServiceNow_ms);
  if (check_answer(range)) check_records(*range.value);
  const auto preset = client.preset("D1", "last5mins", 10);
  if (check_answer(preset)) check_records(*preset.value);
}

void check_probe() {
  probe::Options options = asking(instance().server);
  static volatile std::sig_atomic_t over;
  options.interrupted = &over;
  const Clock clock = options.clock;
  options.clock = [clock] { return over = instance().script.over, clock(); };
  const probe::Report report = probe::run(options);
  check_sentence(report.unreached);
  check_sentence(report.ended_early);
  for (const probe::Finding& finding : report.findings) {
    check_sentence(finding.text);
    check_sentence(finding.device);
  }
  for (const auto& [name, value] : report.limits) check_sentence(value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  instance().script.begin(text);
  check_client(instance().server.url());
  instance().script.begin(text);
  check_probe();
  return 0;
}
