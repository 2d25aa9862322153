#include <algorithm>

#include "hil/api/gateway/gateway.h"
#include "hil/api/judge/cloud_path.h"
#include "hil/api/judge/remote_api.h"
#include "hil/api/judge/remote_delivery.h"
#include "hil/api/judge/run_device.h"
#include "hil/api/values/digest.h"

namespace packbench::hil::api {
namespace {

using Steady = std::chrono::steady_clock;

// A device of this run alone.
Device own_device(TelemetryOptions& options) {
  options.device_id += "-" + random_uuid().substr(0, 8);
  return device_of(options);
}

class RemotePath : public CloudPath {
 public:
  explicit RemotePath(CloudRun& run)
      : run_(run),
        device_(own_device(run.options)),
        client_(remote_client(run.options)),
        gateway_(gateway_of(run.options)),
        delivery_(remote_client(run.options), device_) {}

  void sample(sim::TimeNs now) override;
  void hear(const packlink_status_t&, sim::TimeNs) override { heard_ = Steady::now(); }
  void send(const packlink_status_t& report, sim::TimeNs reported, sim::TimeNs now) override;
  void judge(sim::TimeNs now) override;

  std::int64_t now_ms(sim::TimeNs now) const override { return run_.wall_ms(now); }
  sim::TimeNs resolution() const override { return run_.step; }
  std::string about_api() const override;
  void summarise(TelemetrySummary& summary) const override { summary.real_time = run_.options.speed == 1; }

 private:
  void settle(const RemoteDelivery::Settled& settled, sim::TimeNs now);
  sim::TimeNs latency(const RemoteDelivery::Settled& settled) const;
  void take_over(const RemoteDelivery::Look& look, sim::TimeNs now);
  void take_news(sim::TimeNs now);
  void hand_over(sim::TimeNs now);
  void wait_for_api(sim::TimeNs now);

  CloudRun& run_;
  Device device_;
  Client client_;
  Gateway gateway_;
  RemoteDelivery delivery_;
  std::size_t handed_over_ = 0, settled_ = 0, most_waiting_ = 0;
  Steady::time_point heard_;
  std::vector<Steady::time_point> heard_at_;  // of each report that was sent
};

void RemotePath::sample(sim::TimeNs now) {
  take_news(now);
  if (run_.trouble.empty()) hand_over(now);
}

void RemotePath::take_news(sim::TimeNs now) {
  const RemoteDelivery::News news = delivery_.take();
  for (const RemoteDelivery::Settled& settled : news.settled) settle(settled, now);
  if (news.look) take_over(*news.look, now);
  run_.trouble = news.trouble;
}

void RemotePath::settle(const RemoteDelivery::Settled& settled, sim::TimeNs now) {
  Sent& one = run_.sent[settled_];
  one.seen = run_.options.speed > 0 ? one.reported + latency(settled) : now;
  ++settled_;
  one.timed = settled.refusal.empty();
  if (one.timed) {
    ++run_.arrived;
    return;
  }
  const std::string label = record_label(settled_, one.reported);
  run_.findings.push_back({one.reported, label + " was refused by the API: " + settled.refusal});
}

// Of a run that keeps pace with real time, by the real time from report to acknowledgement.
sim::TimeNs RemotePath::latency(const RemoteDelivery::Settled& settled) const {
  const std::chrono::duration<double, std::nano> since = settled.moment - heard_at_[settled_];
  return static_cast<sim::TimeNs>(since.count() * run_.options.speed);
}

void RemotePath::take_over(const RemoteDelivery::Look& look, sim::TimeNs now) {
  std::size_t last = look.settled;
  while (last > 0 && !run_.sent[last - 1].timed) --last;
  if (last > 0 && (!look.newest || look.newest->id != run_.sent[last - 1].record.id)) {
    run_.findings.push_back({now, record_label(last, run_.sent[last - 1].reported) +
                                      " is not what timeRange=latest gives after it was sent"});
  }
  if (!look.newest) return;
  if (!run_.newest || run_.newest->id != look.newest->id) ++run_.count;
  run_.newest = look.newest;
}

// Real time does not wait, simulated time does.
void RemotePath::send(const packlink_status_t& report, sim::TimeNs reported, sim::TimeNs now) {
  const std::string label = record_label(run_.sent.size() + 1, reported);
  run_.truth.compare(reported, report, label, run_.findings);
  Record record = gateway_.record(report, run_.wall_ms(reported), std::ssize(run_.sent) + 1);
  run_.sent.push_back({std::move(record), reported, now, false});
  heard_at_.push_back(heard_);
  most_waiting_ = std::max(most_waiting_, run_.sent.size() - settled_);
  hand_over(now);
}

// To the thread, what the scenario does not hold back.
void RemotePath::hand_over(sim::TimeNs now) {
  if (run_.cut_off || handed_over_ == run_.sent.size()) return;
  while (handed_over_ < run_.sent.size()) {
    if (delivery_.put(run_.sent[handed_over_++].record)) continue;
    run_.trouble = "The buffer for the Device API is full.";
    return;
  }
  if (run_.options.speed <= 0) wait_for_api(now);
}

void RemotePath::wait_for_api(sim::TimeNs now) {
  if (!run_.cut_off) delivery_.wait(kApiPatience);
  take_news(now);
  if (run_.trouble.empty() && settled_ < run_.sent.size())
    run_.trouble = run_.waiting_text(settled_, run_.cut_off ? kCutOff : delivery_.last_trouble());
}

void RemotePath::judge(sim::TimeNs now) {
  if (run_.sent.empty()) return;
  wait_for_api(now);
  if (!run_.trouble.empty()) return;
  const auto whole =
      ask_patiently([&] { return client_.range(run_.options.device_id, run_.epoch_ms, run_.wall_ms(now) + 1); }, true);
  run_.compare(whole, now);
  run_.put_findings_in_order();
}

std::string RemotePath::about_api() const {
  return most_waiting_ > 1 ? "; up to " + std::to_string(most_waiting_) + " records waited for the API" : "";
}

}  // namespace

std::unique_ptr<CloudPath> make_remote_path(CloudRun& run) { return std::make_unique<RemotePath>(run); }

}  // namespace packbench::hil::api
