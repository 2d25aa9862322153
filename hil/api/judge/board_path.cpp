#include <algorithm>

#include "hil/api/gateway/gateway.h"
#include "hil/api/judge/board_telemetry.h"
#include "hil/api/judge/cloud_path.h"
#include "hil/api/judge/remote_api.h"
#include "hil/api/judge/run_device.h"
#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

// Four looks for one record. Five looks a second at most: half of what an API allows a key as a rule.
std::chrono::milliseconds look_period(sim::TimeNs telemetry_period) {
  return std::chrono::milliseconds(std::clamp<sim::TimeNs>(telemetry_period / sim::kMillisecond / 4, 200, 1000));
}

class BoardPath : public CloudPath {
 public:
  explicit BoardPath(CloudRun& run)
      : run_(run),
        client_(remote_client(run.options)),
        watch_(remote_client(run.options), run.options.board_id, look_period(run.period), system_clock()),
        board_(system_clock(), watch_.first()),
        gateway_(gateway_of(run.options)) {}

  void sample(sim::TimeNs now) override;
  void hear(const packlink_status_t& report, sim::TimeNs at) override {
    board_.hear(gateway_.record(report, board_.now_ms(), 0), at);
    heard_ = true;
  }
  void send(const packlink_status_t& report, sim::TimeNs reported, sim::TimeNs) override {
    run_.truth.compare(reported, report, "the report", run_.findings);
  }
  void judge(sim::TimeNs now) override;

  std::int64_t now_ms(sim::TimeNs) const override { return board_.now_ms(); }
  sim::TimeNs resolution() const override { return std::max(run_.step, watch_.period().count() * sim::kMillisecond); }
  std::string about_api() const override;
  void summarise(TelemetrySummary& summary) const override;

 private:
  CloudRun& run_;
  Client client_;
  BoardWatch watch_;
  BoardTelemetry board_;
  Gateway gateway_;
  bool heard_ = false;
};

// What the board has sent meanwhile.
void BoardPath::sample(sim::TimeNs now) {
  std::optional<Record> newest = board_.see(watch_.take(), now);
  if (!newest) return;
  run_.arrived = ++run_.count;
  run_.newest = std::move(newest);
}

void BoardPath::judge(sim::TimeNs now) {
  if (!heard_) return;
  const auto pending = watch_.pending();
  sample(now);
  if (pending) board_.note_pending(*pending);
  const auto [from_ms, to_ms] = board_.run_window();
  auto whole = ask_patiently([&, from = from_ms, to = to_ms] { return client_.range(run_.options.board_id, from, to); },
                             run_.count > 0);
  if (!whole) {
    run_.trouble = whole.error;
    return;
  }
  run_.arrived = std::ssize(*whole.value);
  run_.trouble = board_.judge(std::move(*whole.value), now, run_.allowed);
  run_.sent = board_.sent();
  run_.stale = board_.stale();
  run_.silences = board_.silences();
  std::ranges::copy(board_.findings(), std::back_inserter(run_.findings));
  run_.judge_contacts(now);
  run_.put_findings_in_order();
}

std::string BoardPath::about_api() const {
  sim::TimeNs longest = 0;
  for (const Silence& one : run_.silences) longest = std::max(longest, one.to - one.from);
  return longest == 0 ? "" : "; the API did not answer for up to " + fixed_text(longest / sim::kMillisecond, 3) + " s";
}

void BoardPath::summarise(TelemetrySummary& summary) const {
  summary.real_time = true;
  summary.never_arrived = board_.never_arrived();
  summary.device_clock_ahead_s = board_.device_ahead_s();
  summary.api_clock_ahead_s = board_.api_ahead_s();
}

}  // namespace

std::unique_ptr<CloudPath> make_board_path(CloudRun& run) { return std::make_unique<BoardPath>(run); }

}  // namespace packbench::hil::api
