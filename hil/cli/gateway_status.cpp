#include "hil/cli/gateway_status.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "hil/api/values/fixed_point.h"
#include "hil/cli/delivery.h"
#include "hil/cli/metrics_text.h"

namespace packbench::hil {
namespace {

// Beyond the resolution of Date and the way of an answer.
constexpr std::int64_t kSure_ms = 2000;

}  // namespace

std::string status_line(const GatewayStatus& status, std::int64_t now_ms) {
  const api::ForwarderState& api = status.api;
  std::string text =
      fmt::format("accepted {}, delivered {}, already there {}, set aside {}, lost {}, damaged frames {}; {}",
                  status.accepted, api.delivered, api.duplicates, status.buffer.set_aside, status.lost,
                  status.damaged_frames, waiting_text(status.buffer, now_ms));
  if (api.clock_ahead_ms && std::abs(*api.clock_ahead_ms) > kSure_ms) {
    text +=
        fmt::format("; this machine's clock is {} s {} the API's", api::fixed_text(std::abs(*api.clock_ahead_ms), 3),
                    *api.clock_ahead_ms > 0 ? "ahead of" : "behind");
  }
  return text + ".";
}

std::string status_metrics(const GatewayStatus& status, std::int64_t now_ms) {
  const api::ForwarderState& api = status.api;
  MetricsText out("device=\"" + status.device_id + "\"");
  out.family("gateway_records_total", "counter", "Records by what became of them.");
  out.sample(status.accepted, "result=\"accepted\"");
  out.sample(api.delivered, "result=\"delivered\"");
  out.sample(api.duplicates, "result=\"duplicate\"");
  out.sample(api.refused, "result=\"refused\"");
  out.sample(status.lost, "result=\"lost\"");
  out.gauge("gateway_records_waiting", "Records in the buffer for the API.", status.buffer.waiting);
  out.gauge("gateway_records_set_aside", "Records in the buffer that the API refused.", status.buffer.set_aside);
  out.gauge("gateway_buffer_room_records", "Records that the buffer would still take.", status.room);
  out.gauge("gateway_oldest_waiting_seconds", "Age of the first record that waits.",
            api::fixed_text(now_ms - status.buffer.oldest_ms.value_or(now_ms), 3));
  out.gauge("gateway_device_up", "1 while the device reports.", int{status.device_reports});
  out.gauge("gateway_api_up", "1 while the API takes records.", int{api.trouble.empty()});
  if (api.clock_ahead_ms) {
    out.gauge("gateway_clock_ahead_seconds", "Clock of this machine against that of the API.",
              api::fixed_text(*api.clock_ahead_ms, 3));
  }
  out.family("uart_frames_total", "counter", kFramesHelp);
  out.sample(status.good_frames, "dir=\"in\",result=\"good\"");
  out.sample(status.damaged_frames, "dir=\"in\",result=\"damaged\"");
  return out.text();
}

bool replace_file(const std::string& name, const std::string& text) {
  const std::string beside = name + ".new";
  std::ofstream file(beside, std::ios::binary);
  file << text;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(beside, name, error);
  return file && !error;
}

}  // namespace packbench::hil
