#include "hil/api/telemetry.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "hil/api/api_signals.h"
#include "hil/api/client.h"
#include "hil/api/comparison.h"
#include "hil/api/gateway.h"
#include "hil/api/run_server.h"
#include "hil/api/stamp.h"
#include "hil/api/telemetry_verdict.h"

namespace packbench::hil::api {
namespace {

std::int64_t epoch_of(const sim::Scenario& scenario) {
  const auto parsed = parse_stamp(scenario.epoch);
  if (const auto* why = std::get_if<std::string>(&parsed)) {
    throw std::invalid_argument("The epoch '" + scenario.epoch + "' of the scenario " + *why + ".");
  }
  return std::get<Stamp>(parsed).floor_ms;
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
      options.device_id += "-" + random_uuid().substr(0, 8);
      client = std::make_unique<Client>(ClientOptions{options.remote_url, remote_key()});
    }
    gateway = {options.device_id, options.device_name, options.seed};
  }

  std::int64_t wall_ms(sim::TimeNs time) const { return epoch_ms + time / sim::kMillisecond; }

  std::string give_up(std::string why) {
    trouble = std::move(why);
    return trouble;
  }

  // Nothing when the device is known to the API, else why not.
  std::string register_device() {
    Device device;
    device.device_id = options.device_id;
    device.name = options.device_name;
    device.model = "packbench reference BMS";
    device.location = "test bench";
    return client->add_device(device).error;
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
  }

  // Sends the newest report and looks at it through the API.
  std::string send(sim::TimeNs now) {
    if (!registered) {
      if (std::string why = register_device(); !why.empty()) return give_up(std::move(why));
      registered = true;
    }
    pending = false;
    Record record = gateway.record(last, wall_ms(reported), static_cast<std::int64_t>(sent.size()) + 1);
    const std::string label = record_label(sent.size() + 1, reported);
    truth.compare(reported, last, label, findings);
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
    if (!newest) return give_up(newest.error);
    if (!*newest.value || (*newest.value)->id != sent.back().record.id) {
      findings.push_back({now, label + " is not what timeRange=latest gives after it was sent"});
    }
    if (!*newest.value) return {};
    if (!seen || seen->id != (*newest.value)->id) ++count;
    seen = std::move(**newest.value);
    return {};
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
    if (judged || !trouble.empty() || sent.empty()) return;
    judged = true;
    if (server) server->set_time(wall_ms(now));
    const Answer<std::vector<Record>> whole = client->range(options.device_id, epoch_ms, wall_ms(now) + 1);
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
  if (data.server) data.server->set_time(data.wall_ms(now));
  std::string trouble;
  if (now >= data.next_due) {
    data.next_due = (now / data.period + 1) * data.period;
    if (data.pending && data.trouble.empty()) trouble = data.send(now);
  }
  if (data.seen)
    write_api_signals(*data.seen, static_cast<double>(data.wall_ms(now) - data.seen->measured_ms) * 1e-3, data.count,
                      frame);
  return trouble;
}

std::vector<sim::CheckResult> Telemetry::judge(sim::TimeNs now, const std::vector<sim::CheckSpec>& specs) {
  Data& data = *data_;
  data.fetch_and_compare(now);
  std::vector<sim::CheckResult> results;
  for (const sim::CheckSpec& spec : specs) {
    if (spec.kind != sim::CheckKind::telemetry_consistent) continue;
    results.push_back(
        telemetry_verdict(spec, {data.sent, data.findings, data.trouble, data.truth, data.phases_start, data.step_}));
  }
  return results;
}

TelemetrySummary Telemetry::summary() const {
  const Data& data = *data_;
  TelemetrySummary summary;
  summary.reports = std::ssize(data.sent);
  summary.records = data.judged ? data.fetched : data.count;
  double total_s = 0;
  for (const Sent& one : data.sent) {
    const double latency_s = sim::to_seconds(one.seen - one.reported);
    summary.latency_max_s = std::max(summary.latency_max_s, latency_s);
    total_s += latency_s;
  }
  if (!data.sent.empty()) summary.latency_mean_s = total_s / static_cast<double>(data.sent.size());
  for (const Finding& finding : data.findings) {
    if (summary.findings.size() < 20) summary.findings.push_back(finding.text);
  }
  return summary;
}

}  // namespace packbench::hil::api
