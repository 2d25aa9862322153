// Records on their way: accepted once, kept through everything, delivered once and in order.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "api_fixture.h"
#include "hil/api/client.h"
#include "hil/api/forwarder.h"
#include "hil/api/sqlite.h"
#include "hil/api/stamp.h"
#include "serve_process.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

class Buffered : public Serve {
 protected:
  OutboxOptions buffer(std::int64_t most = 1000) const { return {(folder / "buffer.db").string(), kDevice, most}; }
  static Record reported(std::int64_t measured_ms) {
    Record record = serve_record(measured_ms, "");
    record.boot = 3;
    return record;
  }
  static ForwarderOptions forwarding() {
    ForwarderOptions options;
    options.device.device_id = kDevice;
    options.device.name = options.device.model = options.device.location = "x";
    return options;
  }
  // Steps until nothing waits or an attempt did not succeed.
  static void drain(Outbox& outbox, Forwarder& forwarder) {
    while (outbox.counts().waiting > 0 && forwarder.step().count() == 0) {
    }
  }
  static std::vector<Record> stored(const std::string& url, std::int64_t to_ms) {
    const auto all = Client({url, kServeKey}).range(kDevice, kNow_ms - 1, to_ms);
    EXPECT_TRUE(all) << all.error;
    return all ? *all.value : std::vector<Record>();
  }
};

TEST_F(Buffered, WhatWasAcceptedIsThereAfterAKill) {
  const pid_t child = fork();
  if (child == 0) {
    Outbox outbox(buffer());
    for (int i = 0; i < 5; ++i) static_cast<void>(outbox.put(reported(kNow_ms + i)));
    kill(getpid(), SIGKILL);
  }
  waitpid(child, nullptr, 0);
  Outbox outbox(buffer());
  const auto waiting = outbox.front(-1, 100);
  ASSERT_EQ(waiting.size(), 5u);
  EXPECT_EQ(waiting[4].measured_ms, kNow_ms + 4);
  ASSERT_TRUE(outbox.put(reported(kNow_ms + 5)));
  EXPECT_EQ(outbox.front(waiting[4].sequence, 100).at(0).sequence, waiting[4].sequence + 1);
}

TEST_F(Buffered, AFullBufferTakesNoMoreAndKeepsWhatItHas) {
  Outbox outbox(buffer(2));
  EXPECT_TRUE(outbox.put(reported(1)));
  EXPECT_TRUE(outbox.put(reported(2)));
  EXPECT_FALSE(outbox.put(reported(3)));
  EXPECT_EQ(outbox.counts().waiting, 2);
  EXPECT_EQ(outbox.counts().oldest_ms, 1);
  outbox.delivered_through(outbox.front(-1, 1).at(0).sequence);
  EXPECT_TRUE(outbox.put(reported(3)));
}

TEST_F(Buffered, ABufferBelongsToOneDeviceAndOneProcess) {
  const Outbox outbox(buffer());
  OutboxOptions other = buffer();
  EXPECT_THROW(Outbox{other}, SqliteError);
  {
    OutboxOptions separate = buffer();
    separate.file = (folder / "other.db").string();
    { const Outbox first(separate); }
    separate.device_id = "ANOTHER";
    EXPECT_THROW(Outbox{separate}, std::invalid_argument);
  }
}

// Acceptance 68 and 69: a minute without the API at 1 Hz, then all of it in order, once, and the latest right.
TEST_F(Buffered, AMinuteWithoutTheApiIsDeliveredInOrderAndOnce) {
  Outbox outbox(buffer());
  auto process = std::make_unique<Process>(on_free_port(), kServeKey);
  std::string url = process->url();
  const std::string port = url.substr(url.rfind(':') + 1, url.rfind('/') - url.rfind(':') - 1);
  Client client({url, kServeKey});
  Forwarder forwarder(outbox, client, forwarding());
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(outbox.put(reported(kNow_ms + 1000 * i)));
    drain(outbox, forwarder);
  }
  EXPECT_EQ(forwarder.state().delivered, 10);
  process->signal(SIGKILL);
  process->end();
  for (int i = 10; i < 70; ++i) {
    ASSERT_TRUE(outbox.put(reported(kNow_ms + 1000 * i)));
    EXPECT_GT(forwarder.step().count(), 0);
  }
  EXPECT_THAT(forwarder.state().trouble, HasSubstr("connection refused"));
  EXPECT_EQ(outbox.counts().waiting, 60);
  EXPECT_EQ(outbox.counts().oldest_ms, kNow_ms + 10'000);
  process = std::make_unique<Process>(
      std::vector<std::string>{"--listen", "127.0.0.1:" + port, "--store", store, "--rate", "0"}, kServeKey);
  url = process->url();
  drain(outbox, forwarder);
  EXPECT_EQ(forwarder.state().trouble, "");
  EXPECT_EQ(outbox.counts().waiting, 0);
  const std::vector<Record> records = stored(url, kNow_ms + 100'000);
  ASSERT_EQ(records.size(), 70u);
  for (int i = 0; i < 70; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_EQ(records[at].measured_ms, kNow_ms + 1000 * i);
    EXPECT_EQ(*records[at].sequence, *records[0].sequence + i);
  }
  EXPECT_EQ((**client.latest(kDevice).value).measured_ms, kNow_ms + 69'000);
}

// Acceptance 70: the answer is lost, so the same records come again, by a new process that knows nothing of the first.
TEST_F(Buffered, RecordsWhoseAcknowledgementWasLostAreStoredOnce) {
  Process process(on_free_port(), kServeKey);
  const std::string url = process.url();
  Client client({url, kServeKey});
  {
    Outbox outbox(buffer());
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(outbox.put(reported(kNow_ms + i)));
  }
  std::filesystem::copy(folder / "buffer.db", folder / "before.db");
  for (const char* name : {"buffer.db", "before.db"}) {
    OutboxOptions options = buffer();
    options.file = (folder / name).string();
    Outbox outbox(options);
    ForwarderOptions forward = forwarding();
    forward.batch = name[2] == 'f' ? 20 : 7;  // also cut into other batches
    Forwarder forwarder(outbox, client, forward);
    drain(outbox, forwarder);
    EXPECT_EQ(outbox.counts().waiting, 0);
    EXPECT_EQ(forwarder.state().delivered + forwarder.state().duplicates, 20);
  }
  EXPECT_EQ(stored(url, kNow_ms + 100).size(), 20u);
}

// Acceptance 71: measured time and arrival stay apart, and the skew is said.
TEST_F(Buffered, AClockThatIsWrongIsSaidAndTheArrivalIsTheApis) {
  ApiServer server;  // at kNow_ms
  for (const std::int64_t off_ms : {3'600'000LL, -86'400'000LL}) {
    OutboxOptions options = buffer();
    options.file = ":memory:";
    Outbox outbox(options);
    Client client({server.server.url(), kKey});
    ForwarderOptions forward = forwarding();
    forward.clock = [=] { return kNow_ms + off_ms; };
    Forwarder forwarder(outbox, client, forward);
    ASSERT_TRUE(outbox.put(reported(kNow_ms + off_ms)));
    drain(outbox, forwarder);
    ASSERT_TRUE(forwarder.state().clock_ahead_ms);
    EXPECT_NEAR(static_cast<double>(*forwarder.state().clock_ahead_ms), static_cast<double>(off_ms), 1000);
  }
  Client client({server.server.url(), kKey});
  const auto all = client.range(kDevice, kNow_ms - 90'000'000, kNow_ms + 90'000'000);
  ASSERT_EQ(all.value->size(), 2u);
  for (const Record& record : *all.value) EXPECT_EQ(record.arrived_s, kNow_ms / 1000);
  EXPECT_EQ(client.preset(kDevice, "last5mins").value->size(), 0u);
  EXPECT_EQ(client.preset(kDevice, "last7days").value->size(), 1u);
}

TEST_F(Buffered, ARecordThatTheApiRefusesIsSetAsideAndItsNeighboursPass) {
  ApiServer server;
  Outbox outbox(buffer());
  Client client({server.server.url(), kKey});
  ForwarderOptions options = forwarding();
  std::vector<std::string> refusals;
  options.settled = [&](const Waiting&, const std::string& refusal) { refusals.push_back(refusal); };
  Forwarder forwarder(outbox, client, options);
  for (int i = 0; i < 5; ++i) {
    Record record = reported(kNow_ms - 1000 + i);
    if (i == 2) record.soc_pctpct = 30'000;
    ASSERT_TRUE(outbox.put(record));
  }
  drain(outbox, forwarder);
  EXPECT_EQ(outbox.counts().waiting, 0);
  EXPECT_EQ(outbox.counts().set_aside, 1);
  ASSERT_EQ(refusals.size(), 5u);
  EXPECT_THAT(refusals[2], HasSubstr("soc is 300"));
  EXPECT_EQ(client.preset(kDevice, "last5mins").value->size(), 4u);
}

TEST_F(Buffered, TooManyRequestsAreWaitedForAsAsked) {
  ServiceOptions limited;
  limited.limits.per_key = {60, 2};  // one a second after two
  limited.limits.steady = [] { return std::int64_t{1'000'000}; };
  ApiServer server({}, limited);
  Outbox outbox(buffer());
  Client client({server.server.url(), kKey});
  Forwarder forwarder(outbox, client, forwarding());
  ASSERT_TRUE(outbox.put(reported(kNow_ms - 2)));
  EXPECT_EQ(forwarder.step().count(), 0);  // registering and posting
  ASSERT_TRUE(outbox.put(reported(kNow_ms - 1)));
  EXPECT_GE(forwarder.step().count(), 1000);
  EXPECT_THAT(forwarder.state().trouble, HasSubstr("429"));
  EXPECT_EQ(outbox.counts().waiting, 1);
}

TEST_F(Buffered, AWrongKeyLosesNothingAndIsTriedAgainAfterAMinute) {
  ApiServer server;
  Outbox outbox(buffer());
  Client client({server.server.url(), "another-key-that-is-wrong"});
  Forwarder forwarder(outbox, client, forwarding());
  ASSERT_TRUE(outbox.put(reported(kNow_ms)));
  EXPECT_GT(forwarder.step().count(), 0);
  EXPECT_THAT(forwarder.state().trouble, HasSubstr("401"));
  EXPECT_EQ(outbox.counts().waiting, 1);
}

TEST(RetryAfter, IsSecondsOrADate) {
  EXPECT_EQ(parse_retry_after("120", {}), 120'000);
  EXPECT_EQ(parse_retry_after("Thu, 20 Feb 2025 10:24:15 GMT", kNow_ms - 103), 10'000);
  EXPECT_EQ(parse_retry_after("Thu, 20 Feb 2025 10:00:00 GMT", kNow_ms), 0);
  for (const char* text : {"", "-1", "soon", "1.5", "99999999999", "Thu, 20 Feb 2025 10:24:15 GMT"})
    EXPECT_EQ(parse_retry_after(text, {}), std::nullopt) << text;
  EXPECT_EQ(parse_http_date("Thu, 20 Feb 2025 10:24:05 GMT"), 1'740'047'045'000);
  for (const char* text :
       {"Fri, 20 Feb 2025 10:24:05 GMT", "Thu, 30 Feb 2025 10:24:05 GMT", "Thu, 20 Feb 2025 25:24:05 GMT", "2025"})
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
}

}  // namespace
}  // namespace packbench::hil::api::test
