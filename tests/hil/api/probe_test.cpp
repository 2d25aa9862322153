// The checker against an honest instance, the older form of the service, and the given document.
#include <nlohmann/json.hpp>

#include "hil/api/http/uri.h"
#include "hil/api/values/stamp.h"
#include "probe_fixture.h"
#include "seed_document.h"

namespace packbench::hil::api::test {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;

TEST(Probe, OurOwnServicePassesWithoutARemarkOrASkip) {
  BentServer server({});
  fill(server, kRecords);
  const probe::Report report = probe::run(asking(server));
  EXPECT_EQ(remarks(report), std::set<std::string>()) << texts(report);
  EXPECT_EQ(report.count(Grade::skip), 0u) << texts(report);
  EXPECT_GT(report.count(Grade::pass), 40u);
  EXPECT_GT(report.latency.count, 30u);
}

TEST(Probe, ReadsOnlyUnlessItIsToldToWrite) {
  std::set<std::string> methods;
  BentServer server({.request = [&](Request& request) { methods.insert(request.method); }});
  fill(server, 12);
  probe::Options options = asking(server);
  probe::run(options);
  EXPECT_EQ(methods, std::set<std::string>{"GET"});
  options.write = true;
  const probe::Report report = probe::run(options);
  EXPECT_EQ(methods, (std::set<std::string>{"GET", "POST"}));
  EXPECT_EQ(remarks(report), std::set<std::string>()) << texts(report);
}

// A device may be called anything.
TEST(Probe, WhatAnInstanceSaysReachesNoTerminalAsControl) {
  BentServer server({.answer = [](const Request& request, Response& response) {
    if (lists(request) && response.status == 200) response.body.replace(response.body.find("D1"), 2, "D\\u001b[2J");
  }});
  fill(server, 12);
  const probe::Report report = probe::run(asking(server));
  EXPECT_THAT(report.findings, testing::Contains(testing::Field(&probe::Finding::device, "D?[2J")));
  EXPECT_EQ(texts(report).find('\x1b'), std::string::npos);
}

TEST(Probe, NothingThatListensIsNothingJudged) {
  std::string url;
  { url = BentServer({}).url(); }
  probe::Options options;
  options.url = url;
  options.key = "k";
  const probe::Report report = probe::run(options);
  EXPECT_THAT(report.unreached, HasSubstr("connection refused"));
  EXPECT_TRUE(report.findings.empty());
}

// A list that is answered so, and what the probe says of waiting; it is interrupted at the first word.
std::pair<probe::Report, std::string> probe_put_off(int status, const char* retry_after) {
  BentServer server({.answer = [&](const Request& request, Response& response) {
    if (!lists(request)) return;
    response.status = status;
    response.set("Retry-After", retry_after);
  }});
  std::sig_atomic_t interrupted = 0;
  std::string said;
  probe::Options options = asking(server);
  options.interrupted = &interrupted;
  options.waits = [&](const std::string& what) { said += what, interrupted = 1; };
  probe::Report report = probe::run(options);
  return {std::move(report), said};
}

TEST(Probe, SaysThatItWaitsForHowLongAndWhy) {
  for (const int status : {429, 503}) {
    const auto [report, said] = probe_put_off(status, "30");
    EXPECT_EQ(said, "Waiting 30 s, as asked: GET /devices was answered " + std::to_string(status) + ".");
    EXPECT_TRUE(report.interrupted);
  }
}

TEST(Probe, DoesNotWaitForWhatItWouldNotWaitOut) {
  for (const int status : {429, 503}) {
    const auto [report, said] = probe_put_off(status, "31");
    const std::string why = "GET /devices was answered " + std::to_string(status) +
                            ", to be asked again in 31 s, and no longer than 30 s is waited.";
    EXPECT_EQ(said, "");
    EXPECT_EQ(report.ended_early, why);
    EXPECT_EQ(report.count(Grade::fail), 0u) << texts(report);
    EXPECT_THAT(texts(report), HasSubstr("skip http.rate_limit: Not judged any further: " + why));
  }
}

TEST(Probe, AnAnswerThatIsTooLargeIsSaidToBeThat) {
  BentServer server({.answer = [](const Request& request, Response& response) {
    if (asks(request, "last7days")) response.body.append(17 << 20, ' ');
  }});
  fill(server, 12);
  const std::string all = texts(probe::run(asking(server)));
  EXPECT_THAT(all,
              HasSubstr("is answered with more than 16 MiB, which the checker does not read; what comes in pages"));
  EXPECT_THAT(all, Not(HasSubstr("got no answer")));
}

TEST(Probe, SlowAnswersAreRemarkedUpon) {
  BentServer server({});
  fill(server, kRecords);
  probe::Options options = asking(server);
  options.slow_ms = 1e-6;
  EXPECT_EQ(remarks(probe::run(options)), std::set<std::string>{"latency.answers"});
}

// As after a run in simulated time: measured long ago, arrived just now.
TEST(Probe, RecordsThatArriveLongAfterTheyWereMeasuredAreOldAndNothingElse) {
  BentServer server({});
  for (int i = 0; i < 5; ++i) {
    const Record record = honest(kServiceNow_ms - 400 * 86'400'000LL + 1000 * i, i);
    server.plain.store.insert(1, "D1", std::span(&record, 1), kServiceNow_ms - 5000 + 1000 * i);
  }
  const probe::Report report = probe::run(asking(server));
  EXPECT_EQ(remarks(report), std::set<std::string>{"telemetry.fresh"}) << texts(report);
  EXPECT_THAT(texts(report), HasSubstr("The newest record is 399 days old."));
}

void ignore_extension(Request& request) {
  if (const auto at = request.target.find("&extended=1"); at != std::string::npos) request.target.erase(at, 11);
}

// An hour at 5 s; when record i arrived, from when it was measured.
probe::Report probe_untold(const std::function<std::int64_t(int, std::int64_t)>& arrived_ms,
                           std::int64_t shift_ms = 0) {
  BentServer server({.request = ignore_extension});
  for (int i = 0; i < 720; ++i) {
    const Record record = honest(kServiceNow_ms - kUnseen_ms + shift_ms - kPeriod_ms * (719 - i), i);
    server.plain.store.insert(1, "D1", std::span(&record, 1), arrived_ms(i, record.measured_ms));
  }
  return probe::run(asking(server));
}

// Windows go by when records were measured, and nobody tells it: what the arrival says is never a fail.
TEST(Probe, WhatArrivesLateOrFromAClockThatIsAheadNeverFailsWhereTheMeasurementIsNotTold) {
  const auto caught_up = [](int i, std::int64_t) { return kServiceNow_ms - 60'000 + 80 * i; };
  const auto behind = [](int i, std::int64_t) { return kServiceNow_ms - 3'600'000 + 5000 * i; };
  const auto now_and_then = [](int i, std::int64_t ms) {
    return std::min(ms + (i % 50 ? 0 : 900'000), kServiceNow_ms - 20'000);
  };
  for (const auto& report :
       {probe_untold(caught_up, -1'800'000), probe_untold(caught_up, -86'400'000LL * 400), probe_untold(now_and_then),
        probe_untold([](int, std::int64_t ms) { return ms - 10'000; }, 10'000), probe_untold(behind, -600'000)})
    EXPECT_EQ(report.count(Grade::fail), 0u) << texts(report);
}

// The older form of the service: text organisation, both stamps, "ocv soc", no Device_id, no timeRange, no extensions.
TEST(Probe, TheOlderServicePassesUnderItsQuirks) {
  const auto older = [](const Request& request, Response& response) {
    if (response.status != 200) return;
    Json json = Json::parse(response.body);
    if (json.contains("meta")) {
      json["meta"]["organizationId"] = "xbattery";
      json["meta"]["timestamp"] = "2025-02-20T10:24:05.103Z";
      json["meta"].erase("timeRange");
    }
    for (Json& one : json["data"]) {
      if (lists(request))
        one["OrganizationId"] = "xbattery", one["CreatedAt"] = "2025-01-31T06:49:47.416Z";
      else
        one["ocv soc"] = one["ocv_soc"], one.erase("ocv_soc"), one.erase("Device_id");
    }
    response.body = json.dump();
  };
  BentServer server({.request = ignore_extension, .answer = older});
  fill(server, kRecords);
  probe::Options options = asking(server);
  EXPECT_EQ(remarks(probe::run(options)),
            (std::set<std::string>{"devices.fields", "records.fields", "telemetry.meta"}));
  options.quirks = *probe::find_quirks("xbattery-2025");
  const probe::Report report = probe::run(options);
  EXPECT_EQ(remarks(report), std::set<std::string>()) << texts(report);
  EXPECT_EQ(probe::find_quirks("xbattery"), std::nullopt);
}

// The document's own bodies: a record of 38 days ago, of a device that its list does not have.
TEST(Probe, TheGivenDocumentPasses) {
  const auto bodies = seed_responses();
  BentServer server({.answer = [&](const Request& request, Response& response) {
    if (response.status != 200 || request.method != "GET") return;
    if (lists(request)) response.body = bodies[1];
    if (asks(request, "timeRange=latest") || request.target.ends_with("/telemetry")) response.body = bodies[0];
  }});
  Device device;
  device.device_id = "STM32H753ZI", device.name = device.model = device.location = "x";
  server.plain.store.add_device(device);
  probe::Options options = asking(server);
  options.devices = {"STM32H753ZI"};
  const probe::Report report = probe::run(options);
  EXPECT_EQ(remarks(report), (std::set<std::string>{"devices.known", "telemetry.fresh"})) << texts(report);
  EXPECT_EQ(report.count(Grade::fail), 0u);
  EXPECT_THAT(texts(report), HasSubstr("The newest record is 37 days old."));
}

}  // namespace
}  // namespace packbench::hil::api::test
