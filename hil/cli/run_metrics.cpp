#include "hil/cli/run_metrics.h"

#include "hil/cli/metrics_text.h"
#include "hil/report/output_file.h"

namespace packbench::hil {

void RunMetrics::add(const RunResult& result) {
  ++verdicts_.at(static_cast<std::size_t>(result.verdict));
  overruns_ += result.overruns;
  sent_ += result.link.frames_sent;
  received_ += result.link.frames_received;
  damaged_ += result.link.crc_errors;
  if (!is_stream(file_)) write();
}

std::string RunMetrics::finish() {
  write();
  return trouble_;
}

void RunMetrics::write() {
  if (file_.empty()) return;
  std::string trouble = write_whole_file(file_, text(), "metrics");
  if (trouble_.empty()) trouble_ = std::move(trouble);
}

std::string RunMetrics::text() const {
  MetricsText out;
  out.family("hil_scenarios_total", "counter", "Scenarios judged, once on each device, by verdict.");
  for (std::size_t i = 0; i < verdicts_.size(); ++i)
    out.sample(verdicts_[i], fmt::format("verdict=\"{}\"", sim::verdict_name(static_cast<sim::Verdict>(i))));
  out.family("hil_step_overruns_total", "counter", "Steps of paced runs that ended after their real time.");
  out.sample(overruns_);
  out.family("uart_frames_total", "counter", kFramesHelp);
  out.sample(sent_, "dir=\"out\",result=\"good\"");
  out.sample(received_, "dir=\"in\",result=\"good\"");
  out.sample(damaged_, "dir=\"in\",result=\"damaged\"");
  return out.text();
}

}  // namespace packbench::hil
