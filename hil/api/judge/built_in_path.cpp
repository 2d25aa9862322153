#include <algorithm>

#include "hil/api/client/client.h"
#include "hil/api/gateway/gateway.h"
#include "hil/api/judge/cloud_path.h"
#include "hil/api/judge/run_device.h"
#include "hil/api/judge/run_server.h"

namespace packbench::hil::api {
namespace {

class BuiltInPath : public CloudPath {
 public:
  explicit BuiltInPath(CloudRun& run)
      : run_(run), server_(run.epoch_ms), client_({server_.url(), server_.key()}), gateway_(gateway_of(run.options)) {}

  void sample(sim::TimeNs now) override;
  void hear(const packlink_status_t&, sim::TimeNs) override {}
  void send(const packlink_status_t& report, sim::TimeNs reported, sim::TimeNs now) override;
  void judge(sim::TimeNs now) override;

  std::int64_t now_ms(sim::TimeNs now) const override { return run_.wall_ms(now); }
  sim::TimeNs resolution() const override { return run_.step; }
  void summarise(TelemetrySummary&) const override {}

 private:
  void post_what_waits(sim::TimeNs now);
  void post(Sent& one, sim::TimeNs now);
  void look(const std::string& id, sim::TimeNs now, const std::string& label);
  std::string judge_presets(sim::TimeNs now, const std::vector<Record>& whole);

  CloudRun& run_;
  RunServer server_;
  Client client_;  // closed before the server
  Gateway gateway_;
  bool registered_ = false;
  std::size_t posted_ = 0;
};

void BuiltInPath::sample(sim::TimeNs now) {
  server_.set_time(run_.wall_ms(now));
  post_what_waits(now);
}

void BuiltInPath::send(const packlink_status_t& report, sim::TimeNs reported, sim::TimeNs now) {
  if (!registered_) {
    run_.trouble = client_.add_device(device_of(run_.options)).error;
    registered_ = run_.trouble.empty();
    if (!registered_) return;
  }
  run_.truth.compare(reported, report, record_label(run_.sent.size() + 1, reported), run_.findings);
  Record record = gateway_.record(report, run_.wall_ms(reported), std::ssize(run_.sent) + 1);
  run_.sent.push_back({std::move(record), reported, now, false});
  post_what_waits(now);
}

void BuiltInPath::post_what_waits(sim::TimeNs now) {
  while (!run_.cut_off && run_.trouble.empty() && posted_ < run_.sent.size()) post(run_.sent[posted_++], now);
}

void BuiltInPath::post(Sent& one, sim::TimeNs now) {
  const std::string label = record_label(posted_, one.reported);
  const Answer<Posted> posted = client_.post(run_.options.device_id, one.record);
  one.seen = now;
  one.timed = posted.value.has_value();
  if (posted) return look(one.record.id, now, label);
  if (posted.refused())
    run_.findings.push_back({one.reported, label + " was refused by the API: " + posted.error});
  else
    run_.trouble = posted.error;
}

void BuiltInPath::look(const std::string& id, sim::TimeNs now, const std::string& label) {
  const Answer<std::optional<Record>> latest = client_.latest(run_.options.device_id);
  if (!latest) {
    run_.trouble = latest.error;
    return;
  }
  const std::optional<Record>& newest = *latest.value;
  if (!newest || newest->id != id)
    run_.findings.push_back({now, label + " is not what timeRange=latest gives after it was sent"});
  if (!newest) return;
  if (!run_.newest || run_.newest->id != newest->id) ++run_.count;
  run_.arrived = run_.count;
  run_.newest = newest;
}

std::string BuiltInPath::judge_presets(sim::TimeNs now, const std::vector<Record>& whole) {
  constexpr std::pair<const char*, std::int64_t> kPresets[] = {
      {"last5mins", 300'000}, {"last1hour", 3'600'000}, {"last7days", 604'800'000}};
  const std::int64_t now_ms = run_.wall_ms(now);
  for (const auto& [name, window_ms] : kPresets) {
    const Answer<std::vector<Record>> preset = client_.preset(run_.options.device_id, name);
    if (!preset) return preset.error;
    std::ranges::move(compare_preset(name, *preset.value, whole, now_ms - window_ms, now_ms + 5000, now),
                      std::back_inserter(run_.findings));
  }
  return {};
}

void BuiltInPath::judge(sim::TimeNs now) {
  if (run_.sent.empty()) return;
  sample(now);
  if (run_.trouble.empty() && posted_ < run_.sent.size()) run_.trouble = run_.waiting_text(posted_, kCutOff);
  if (!run_.trouble.empty()) return;
  const auto whole = client_.range(run_.options.device_id, run_.epoch_ms, run_.wall_ms(now) + 1);
  run_.compare(whole, now);
  if (run_.trouble.empty()) run_.trouble = judge_presets(now, *whole.value);
  run_.put_findings_in_order();
}

}  // namespace

std::unique_ptr<CloudPath> make_built_in_path(CloudRun& run) { return std::make_unique<BuiltInPath>(run); }

}  // namespace packbench::hil::api
