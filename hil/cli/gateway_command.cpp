// `packbench gateway`: from a device's reports to the Device API, for as long as it runs.
//
// The main thread listens and accepts records into the buffer; a second one (delivery.h) takes them to the API. Each
// says in a line what changes: the device comes and goes, the API does not take records and takes them again.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <thread>

#include "hil/api/client/connection.h"
#include "hil/api/gateway/gateway.h"
#include "hil/api/store/sqlite.h"
#include "hil/api/values/device_id.h"
#include "hil/cli/api_key.h"
#include "hil/cli/command.h"
#include "hil/cli/delivery.h"
#include "hil/cli/gateway_status.h"
#include "hil/cli/interrupt.h"
#include "hil/cli/status_listener.h"
#include "hil/cli/usage_error.h"

namespace packbench::hil {
namespace {

using std::chrono::milliseconds;

struct GatewayOptions {
  std::string device, url, id, name, buffer = "packbench-gateway.db", ca_file, metrics;
  double period_s = 1, report_s = 60;
  long most = 1'000'000;
};

api::Device device_of(const GatewayOptions& options) {
  api::Device device;
  device.device_id = options.id;
  device.name = options.name.empty() ? options.id : options.name;
  device.model = "BMS";
  device.location = "gateway";
  return device;
}

class Gateway {
 public:
  Gateway(const GatewayOptions& options, const std::string& key)
      : options_(options),
        listener_(options.device),
        outbox_({.file = options.buffer, .device_id = options.id, .most = options.most}),
        maker_{options.id, device_of(options).name, 0},
        delivery_(outbox_, {.url = options.url, .key = key, .ca_file = options.ca_file}, device_of(options), lines_) {
    lines_.say(fmt::format("Reports of {} go to {} as {} by way of {}; {}.", options.device, options.url, options.id,
                           options.buffer, waiting_text(outbox_.counts(), api::system_clock()())));
  }

  void run() {
    const volatile std::sig_atomic_t* stop = interruption();
    next_due_ = next_report_ = heard_ = WallClock::now();
    next_report_ += duration(options_.report_s);
    while (*stop == 0) {
      listen();
      const Deadline now = WallClock::now();
      if (now >= next_due_) accept(now);
      if (now >= next_report_) report(now);
    }
    delivery_.finish();
    report(WallClock::now());
  }

 private:
  static WallClock::duration duration(double seconds) {
    return std::chrono::duration_cast<WallClock::duration>(std::chrono::duration<double>(seconds));
  }

  void listen() {
    constexpr milliseconds kSlice{100}, kRetry{1000};
    std::string trouble = listener_.open();
    if (trouble.empty()) {
      trouble = listener_.listen(std::min(WallClock::now() + kSlice, std::max(next_due_, WallClock::now())));
    }
    if (trouble.empty()) return check_silence();
    device_is_away(trouble);
    const Deadline until = WallClock::now() + kRetry;
    while (WallClock::now() < until && *interruption() == 0) std::this_thread::sleep_for(kSlice);
  }

  void device_is_away(const std::string& why) {
    if (why != device_trouble_) lines_.say(fmt::format("The device is away: {}", why));
    device_trouble_ = why;
  }

  // An open line on which nothing comes is as good as none.
  void check_silence() {
    const double patience_s = std::max(5.0, 5 * options_.period_s);
    if (!device_trouble_.empty() || WallClock::now() < heard_ + duration(patience_s)) return;
    device_is_away(fmt::format("it has not reported for {} s", patience_s));
  }

  // The newest report since the last instant becomes a record; without a new one there is none.
  void accept(Deadline now) {
    const auto heard = listener_.take();
    if (!heard) {
      next_due_ = now + milliseconds(20);
      return;
    }
    heard_ = now;
    next_due_ = std::max(next_due_ + duration(options_.period_s), now);
    if (!device_trouble_.empty()) lines_.say("The device reports again.");
    device_trouble_.clear();
    if (heard->status.cells == 0) {
      if (unmeasured_++ == 0) lines_.say("The device reports without measurements; such a report makes no record.");
      return;
    }
    api::Record record = maker_.record(heard->status, heard->heard_ms, 0);
    record.id.clear();
    record.sequence.reset();
    put(std::move(record));
  }

  void put(api::Record record) {
    std::string trouble;
    try {
      if (!outbox_.put(std::move(record))) trouble = fmt::format("it is full with {} records", options_.most);
    } catch (const api::SqliteError& error) {
      trouble = error.what();
    }
    trouble.empty() ? ++accepted_ : ++lost_;
    if (trouble == buffer_trouble_) return;
    lines_.say(trouble.empty() ? fmt::format("The buffer takes records again; {} were lost.", lost_)
                               : fmt::format("The buffer takes no records: {}.", trouble));
    buffer_trouble_ = trouble;
  }

  void report(Deadline now) {
    next_report_ = now + duration(options_.report_s);
    const GatewayStatus status = this->status();
    const std::int64_t now_ms = api::system_clock()();
    lines_.say(status_line(status, now_ms));
    if (options_.metrics.empty()) return;
    const bool written = replace_file(options_.metrics, status_metrics(status, now_ms));
    if (!written && metrics_written_) lines_.say(fmt::format("The metrics cannot be written to {}.", options_.metrics));
    metrics_written_ = written;
  }

  GatewayStatus status() {
    const api::OutboxCounts buffer = outbox_.counts();
    return {.device_id = options_.id,
            .accepted = accepted_,
            .lost = lost_,
            .room = options_.most - buffer.waiting,
            .good_frames = listener_.good(),
            .damaged_frames = listener_.damaged(),
            .device_reports = device_trouble_.empty(),
            .buffer = buffer,
            .api = delivery_.state()};
  }

  const GatewayOptions& options_;
  Lines lines_;
  StatusListener listener_;
  api::Outbox outbox_;
  api::Gateway maker_;
  Delivery delivery_;
  Deadline next_due_, next_report_, heard_;
  std::string device_trouble_, buffer_trouble_;
  std::int64_t accepted_ = 0, lost_ = 0, unmeasured_ = 0;
  bool metrics_written_ = true;
};

std::string usable_key(const GatewayOptions& options) {
  if (const std::string wrong = StatusListener::wrong_uri(options.device); !wrong.empty())
    throw std::invalid_argument(wrong);
  if (!api::is_device_id(options.id)) {
    throw std::invalid_argument(
        "--id '" + options.id +
        "' is not usable (expected 1 to 128 letters, digits and ._:-, a letter or digit first).");
  }
  const api::Endpoint endpoint = api::parse_endpoint(options.url);
  std::string key = api_key_of_environment();
  if (key.empty()) throw std::invalid_argument(fmt::format("There is no API key: set {}.", kApiKeyVariable));
  if (!endpoint.encrypted && !endpoint.loopback()) {
    fmt::print(stderr,
               "packbench gateway: the key and the records go over the network unencrypted (expected https://).\n");
  }
  return key;
}

int run_gateway(const GatewayOptions& options) {
  const auto report = [](const char* what, int code) {
    fmt::print(stderr, "packbench gateway: {}\n", what);
    return code;
  };
  try {
    const std::string key = usable_key(options);
    listen_to_signals();
    Gateway(options, key).run();
    return kExitPass;
  } catch (const std::invalid_argument& error) {
    return report(error.what(), kExitUsage);
  } catch (const api::SqliteError& error) {
    const std::string why = error.what();
    const char* const hint = why.ends_with("is locked") ? " Another packbench gateway has it; give each its own."
                                                        : " Move it away to begin with an empty one.";
    return report(fmt::format("the buffer {} cannot be used: {}.{}", options.buffer, why, hint).c_str(), kExitInternal);
  }
}

constexpr const char* kFooter =
    "Exit code: 0 ended by Ctrl-C or SIGTERM, with what waits kept in the buffer; 3 bad input; 4 the buffer cannot be "
    "used.\n"
    "Example: PACKBENCH_API_KEY=$(cat key.txt) packbench gateway --device serial:/dev/ttyACM0 --api "
    "http://127.0.0.1:8080/v1 --id PACK-1";

}  // namespace

void add_gateway_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "gateway", "take a device's reports to a Device API until Ctrl-C, through outages; key: PACKBENCH_API_KEY");
  command->footer(kFooter);
  const auto options = std::make_shared<GatewayOptions>();
  command
      ->add_option("--device", options->device,
                   "what reports: serial:/dev/ttyACM0, pty:/dev/pts/3 or exec:PROGRAM; it is only listened to")
      ->required()
      ->type_name("URI");
  command->add_option("--api", options->url, "the Device API: http://127.0.0.1:8080/v1 or https://HOST/v1")
      ->required()
      ->type_name("URL");
  command->add_option("--id", options->id, "the device's id there; it is registered when it is not known")
      ->required()
      ->type_name("ID");
  command->add_option("--name", options->name, "Device_id of its records (default: the id)")
      ->check(not_empty())
      ->type_name("NAME");
  command->add_option("--period", options->period_s, "seconds between records; each is the newest report")
      ->check(number_above_zero())
      ->type_name("S")
      ->capture_default_str();
  command->add_option("--buffer", options->buffer, "file of the records that wait; kept over restarts")
      ->check(not_empty())
      ->type_name("FILE")
      ->capture_default_str();
  command->add_option("--most", options->most, "records that may wait; a full buffer takes no new ones")
      ->check(whole_number(1, 100'000'000))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--report", options->report_s, "seconds between lines on the terminal that say how it goes")
      ->check(number_above_zero())
      ->type_name("S")
      ->capture_default_str();
  command
      ->add_option("--metrics", options->metrics,
                   "write the counters to this file with each such line, as Prometheus reads them (textfile collector)")
      ->check(not_empty())
      ->type_name("FILE");
  command->add_option("--ca", options->ca_file, "certificates to trust over https, a PEM file (default: the system's)")
      ->check(not_empty())
      ->type_name("FILE");
  command->final_callback([options, &exit_code] { exit_code = run_gateway(*options); });
}

}  // namespace packbench::hil
