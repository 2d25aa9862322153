#include "hil/api/judge/telemetry.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <thread>

#include "hil/api/client/client.h"
#include "hil/api/gateway/forwarder.h"
#include "hil/api/gateway/gateway.h"
#include "hil/api/judge/api_signals.h"
#include "hil/api/judge/board_telemetry.h"
#include "hil/api/judge/comparison.h"
#include "hil/api/judge/run_server.h"
#include "hil/api/judge/telemetry_verdict.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api {
namespace {

std::int64_t epoch_of(const sim::Scenario& scenario) {
  const auto parsed = parse_stamp(scenario.epoch);
  if (const auto* why = std::get_if<std::string>(&parsed)) {
    throw std::invalid_argument("The epoch '" + scenario.epoch + "' of the scenario " + *why + ".");
  }
  return std::get<Stamp>(parsed).floor_ms;
}

using Steady = std::chrono::steady_clock;
constexpr std::chrono::seconds kPatience{30};  // for an API elsewhere, after the end of the run

Device device_of(const TelemetryOptions& options) {
  Device device;
  device.device_id = options.device_id;
  device.name = options.device_name;
  device.model = "packbench reference BMS";
  device.location = "test bench";
  return device;
}

std::string remote_key() {
  const char* key = std::getenv("PACKBENCH_API_KEY");
  return key ? key : "";
}

}  // namespace

struct Telemetry::Data {
  Data(const sim::Scenario& scenario, TelemetryOptions chosen)
      : options(std::move(chosen)),
        epoch_ms(epoch_of(scenario)),
        period(std::max<sim::TimeNs>(scenario.telemetry_period, 1)),
        step_(scenario.step),
        truth(scenario) {
    if (options.remote_url.empty()) {
      server = std::make_unique<RunServer>(epoch_ms);
      client = std::make_unique<Client>(ClientOptions{server->url(), server->key()});
    } else {
      const ClientOptions elsewhere{
          .url = options.remote_url, .key = remote_key(), .ca_file = options.ca_file, .verify = options.verify_remote};
      client = std::make_unique<Client>(elsewhere);
      options.board_id.empty() ? open_buffer() : watch_board(elsewhere);
    }
    gateway = {options.device_id, options.device_name, options.seed};
  }

  std::int64_t wall_ms(sim::TimeNs time) const { return epoch_ms + time / sim::kMillisecond; }

  std::string give_up(std::string why) {
    trouble = std::move(why);
    return trouble;
  }

  // Nothing when the device is known to the API, else why not.
  std::string register_device() { return client->add_device(device_of(options)).error; }

  void open_buffer() {
    options.device_id += "-" + random_uuid().substr(0, 8);
    outbox = std::make_unique<Outbox>(OutboxOptions{.device_id = options.device_id});
    ForwarderOptions forwarding{.device = device_of(options)};
    forwarding.settled = [this](const Waiting&, const std::string& refusal) { settle(refusal); };
    forwarder = std::make_unique<Forwarder>(*outbox, *client, std::move(forwarding));
  }

  // Five looks a second at most: half of what an API allows a key as a rule.
  void watch_board(const ClientOptions& elsewhere) {
    options.device_id = options.board_id;
    const auto often = std::chrono::milliseconds(std::clamp<sim::TimeNs>(period / sim::kMillisecond, 200, 1000));
    board = std::make_unique<BoardTelemetry>(elsewhere, options.board_id, often);
  }

  // The next record of the buffer has left it.
  void settle(const std::string& refusal) {
    Sent& one = sent[settled++];
    one.seen = delivering_at;
    if (!refusal.empty())
      findings.push_back({one.reported, record_label(settled, one.reported) + " was refused by the API: " + refusal});
  }

  // What waits goes out as far as the API takes it; the rest at a later instant.
  std::string deliver(sim::TimeNs now, const std::string& label) {
    most_waiting = std::max(most_waiting, outbox->counts().waiting);
    delivering_at = now;
    if (std::string why = options.paced ? "" : drain(now); !why.empty()) return give_up(std::move(why));
    while (Steady::now() >= next_try && outbox->counts().waiting > 0) next_try = Steady::now() + forwarder->step();
    return settled == sent.size() ? look(now, label) : "";
  }

  // At the end: waits for an API that is away.
  std::string drain(sim::TimeNs now) {
    delivering_at = now;
    const auto end = Steady::now() + kPatience;
    while (outbox->counts().waiting > 0 && Steady::now() < end) {
      const auto wait = Steady::now() < next_try ? next_try - Steady::now() : Steady::duration(forwarder->step());
      next_try = Steady::now();
      std::this_thread::sleep_for(std::min<Steady::duration>(wait, end - Steady::now()));
    }
    const std::int64_t left = outbox->counts().waiting;
    return left == 0 ? "" : std::to_string(left) + " records still wait for it: " + forwarder->state().trouble;
  }

  // At the end: an API that answered before, or says that it is busy, is waited for; one that was never there is not.
  template <class Question>
  auto patiently(const Question& ask) {
    const auto end = Steady::now() + kPatience;
    const bool was_there = registered || count > 0;
    auto answer = ask();
    while (!server && answer.worth_repeating() && (was_there || answer.status != 0) && Steady::now() < end) {
      std::this_thread::sleep_for(
          std::chrono::milliseconds(std::clamp<std::int64_t>(answer.retry_after_ms.value_or(1000), 100, 5000)));
      answer = ask();
    }
    return answer;
  }

  // What the board has sent meanwhile.
  void see_board(sim::TimeNs now) {
    if (std::optional<Record> newest = board->see(now)) {
      ++count;
      seen = std::move(*newest);
    }
  }

  void judge_board(sim::TimeNs now) {
    judged = true;
    see_board(now);
    const auto [from_ms, to_ms] = board->run_window();
    auto whole = patiently([&, from = from_ms, to = to_ms] { return client->range(options.device_id, from, to); });
    if (!whole) {
      trouble = whole.error;
      return;
    }
    fetched = static_cast<std::int64_t>(whole.value->size());
    trouble = board->judge(std::move(*whole.value), now);
    sent = board->sent();
    std::ranges::copy(board->findings(), std::back_inserter(findings));
    judge_contacts(now);
    std::ranges::stable_sort(findings, {}, &Finding::at);
  }

  void notice(sim::TimeNs now, const DeviceReport& report) {
    const packlink_status_t& status = report.status;
    fresh =
        report.has_status && (!noticed || status.uptime_us != last.uptime_us || status.boot_count != last.boot_count ||
                              status.measurement_sequence != last.measurement_sequence);
    new_measurement = fresh && (!noticed || status.measurement_sequence != last.measurement_sequence ||
                                status.boot_count != last.boot_count);
    if (!fresh) return;
    last = status;
    noticed = pending = true;
    reported = now;
    if (board) board->hear(gateway.record(last, board->now_ms(), 0), now);
  }

  // Sends the newest report and looks at it through the API.
  std::string send(sim::TimeNs now) {
    if (board) {
      pending = false;
      truth.compare(reported, last, "the report", findings);
      return {};
    }
    if (!registered) {
      if (std::string why = register_device(); !why.empty()) return give_up(std::move(why));
      registered = true;
    }
    pending = false;
    Record record = gateway.record(last, wall_ms(reported), static_cast<std::int64_t>(sent.size()) + 1);
    const std::string label = record_label(sent.size() + 1, reported);
    truth.compare(reported, last, label, findings);
    if (outbox) {
      const bool kept = outbox->put(record);
      sent.push_back({std::move(record), reported, now});
      return kept ? deliver(now, label) : give_up("The buffer for the Device API is full.");
    }
    const Answer<Posted> posted = client->post(options.device_id, record);
    sent.push_back({std::move(record), reported, now});
    if (posted.refused() && posted.status != 401 && posted.status != 429) {
      findings.push_back({reported, label + " was refused by the API: " + posted.error});
      return {};
    }
    if (!posted) return give_up(posted.error);
    return look(now, label);
  }

  std::string look(sim::TimeNs now, const std::string& label) {
    Answer<std::optional<Record>> newest = client->latest(options.device_id);
    if (!server && newest.worth_repeating()) return {};  // asked again at the next instant
    if (!newest) return give_up(newest.error);
    if (!*newest.value || (*newest.value)->id != sent.back().record.id) {
      findings.push_back({now, label + " is not what timeRange=latest gives after it was sent"});
    }
    if (!*newest.value) return {};
    if (!seen || seen->id != (*newest.value)->id) ++count;
    seen = std::move(**newest.value);
    return {};
  }

  sim::TimeNs resolution() const { return board ? std::max(step_, board->resolution()) : step_; }

  std::string about_api() const {
    return most_waiting > 1 ? "; up to " + std::to_string(most_waiting) + " records waited for the API" : "";
  }

  void judge_contacts(sim::TimeNs end) {
    using Contact = TruthLog::Contact;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      for (const Contact contact : {Contact::main, Contact::charger}) {
        const bool closed = contact == Contact::main ? sent[i].record.main_contactor : sent[i].record.charger_contactor;
        if (truth.contact_agrees(contact, sent[i].reported, closed, end)) continue;
        findings.push_back({sent[i].reported, record_label(i + 1, sent[i].reported) +
                                                  (contact == Contact::main ? ": main" : ": charger") +
                                                  "_contactor_state " + (closed ? "closed" : "open") +
                                                  ", the contacts were " + (closed ? "open" : "closed")});
      }
    }
  }

  std::string judge_presets(sim::TimeNs now, const std::vector<Record>& whole) {
    constexpr std::pair<const char*, std::int64_t> kPresets[] = {
        {"last5mins", 300'000}, {"last1hour", 3'600'000}, {"last7days", 604'800'000}};
    for (const auto& [name, window_ms] : kPresets) {
      const Answer<std::vector<Record>> preset = client->preset(options.device_id, name);
      if (!preset) return preset.error;
      std::ranges::move(compare_preset(name, *preset.value, whole, wall_ms(now) - window_ms, wall_ms(now) + 5000, now),
                        std::back_inserter(findings));
    }
    return {};
  }

  // Fetches the run and fills findings, once.
  void fetch_and_compare(sim::TimeNs now) {
    if (judged || !trouble.empty() || (sent.empty() && !(board && noticed))) return;
    if (board) return judge_board(now);
    judged = true;
    if (outbox) trouble = drain(now);
    if (!trouble.empty()) return;
    if (server) server->set_time(wall_ms(now));
    const auto whole = patiently([&] { return client->range(options.device_id, epoch_ms, wall_ms(now) + 1); });
    if (!whole) {
      trouble = whole.error;
      return;
    }
    fetched = static_cast<std::int64_t>(whole.value->size());
    std::ranges::move(compare_records(*whole.value, sent, epoch_ms), std::back_inserter(findings));
    judge_contacts(now);
    if (server) trouble = judge_presets(now, *whole.value);
    std::ranges::stable_sort(findings, {}, &Finding::at);
  }

  TelemetryOptions options;
  std::int64_t epoch_ms;
  sim::TimeNs period, step_, phases_start = 0;
  TruthLog truth;
  std::unique_ptr<RunServer> server;  // null for a remote API
  std::unique_ptr<Client> client;     // closed before the server
  std::unique_ptr<Outbox> outbox;     // these two for an API elsewhere
  std::unique_ptr<Forwarder> forwarder;
  std::unique_ptr<BoardTelemetry> board;  // or this one, for what a board sends by itself
  std::int64_t most_waiting = 0;
  std::size_t settled = 0;
  sim::TimeNs delivering_at = 0;
  Steady::time_point next_try{};
  Gateway gateway;

  packlink_status_t last{};
  bool noticed = false, fresh = false, new_measurement = false, pending = false, registered = false, judged = false;
  sim::TimeNs reported = 0, next_due = 0;
  std::vector<Sent> sent;
  std::optional<Record> seen;  // the newest record, as the API gave it
  std::int64_t count = 0, fetched = 0;
  std::vector<Finding> findings;
  std::string trouble;
};

Telemetry::Telemetry(const sim::Scenario& scenario, TelemetryOptions options)
    : data_(std::make_unique<Data>(scenario, std::move(options))) {}

Telemetry::~Telemetry() = default;

void Telemetry::start_phases(sim::TimeNs now) {
  data_->phases_start = now;
  data_->truth.start_phases(now);
}

std::string Telemetry::step(sim::TimeNs now, const DeviceReport& report, sim::Frame& frame) {
  Data& data = *data_;
  data.notice(now, report);
  data.truth.sample(now, frame, data.new_measurement);
  if (data.board) data.see_board(now);
  if (data.server) data.server->set_time(data.wall_ms(now));
  std::string trouble;
  if (now >= data.next_due) {
    data.next_due = (now / data.period + 1) * data.period;
    if (data.pending && data.trouble.empty()) trouble = data.send(now);
  }
  const std::int64_t now_ms = data.board ? data.board->now_ms() : data.wall_ms(now);
  if (data.seen)
    write_api_signals(*data.seen, static_cast<double>(now_ms - data.seen->measured_ms) * 1e-3, data.count, frame);
  return trouble;
}

std::vector<sim::CheckResult> Telemetry::judge(sim::TimeNs now, const std::vector<sim::CheckSpec>& specs) {
  Data& data = *data_;
  data.fetch_and_compare(now);
  std::vector<sim::CheckResult> results;
  for (const sim::CheckSpec& spec : specs) {
    if (spec.kind != sim::CheckKind::telemetry_consistent) continue;
    results.push_back(telemetry_verdict(spec, {data.sent, data.findings, data.trouble, data.truth, data.phases_start,
                                               data.resolution(), data.about_api(), data.server == nullptr}));
  }
  return results;
}

TelemetrySummary Telemetry::summary() const {
  const Data& data = *data_;
  TelemetrySummary summary;
  summary.reports = std::ssize(data.sent);
  summary.records = data.judged ? data.fetched : data.count;
  summarise_latencies(data.sent, summary);
  if (data.board) {
    summary.real_time = true;
    summary.never_arrived = data.board->never_arrived();
    summary.device_clock_ahead_s = data.board->device_ahead_s();
    summary.api_clock_ahead_s = data.board->api_ahead_s();
  } else if (data.judged) {
    summary.never_arrived = std::max<std::int64_t>(summary.reports - summary.records, 0);
  }
  for (const Finding& finding : data.findings) {
    if (summary.findings.size() < 20) summary.findings.push_back(finding.text);
  }
  return summary;
}

}  // namespace packbench::hil::api
