// Records on their way: accepted once, kept through everything, delivered once and in order.
#include "bent_server.h"
#include "buffered.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

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
    Outbox outbox(in_memory());
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

// Who bends answers so is no API; what it says acknowledges nothing and sets nothing aside.
TEST_F(Buffered, OnlyTheApisOwnWordDeliversOrRefuses) {
  const auto text = [](const std::string& head, const std::string& body) {
    return "HTTP/1.1 " + head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  const std::pair<std::string, const char*> kAnswers[] = {
      {text("200 OK", "<html>Please log in</html>"), "cannot be read"},
      {text("200 OK", "{}"), "without saying how many records it accepted"},
      {text("200 OK", R"({"success":true,"accepted":2,"duplicates":0})"), "another number of records"},
      {text("204 No Content", ""), "cannot be read"},
      {text("302 Found\r\nLocation: http://elsewhere/", ""), "302"},
      {text("400 Bad Request", "<html>400</html>"), "400"},
      {text("422 Unprocessable", "no"), "422"},
      {text("500 Internal Server Error", "oops"), "500"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"succ", "in the middle of an answer"},
      {"NOISE\r\n\r\n", "did not answer in HTTP"},
  };
  for (const auto& [answer, says] : kAnswers) {
    std::string bent = answer;
    BentServer server(
        {.raw = [&bent](const Request& request) { return request.target.ends_with("telemetry") ? bent : ""; }});
    OutboxOptions options = buffer();
    options.file = ":memory:";
    options.device_id = "D1";
    Outbox outbox(options);
    Client client({server.url(), kServiceKey});
    ForwarderOptions forward = forwarding();
    forward.device.device_id = "D1";
    Forwarder forwarder(outbox, client, forward);
    ASSERT_TRUE(outbox.put(reported(kServiceNow_ms)));
    EXPECT_GE(forwarder.step().count(), 750) << answer;
    EXPECT_THAT(forwarder.state().trouble, HasSubstr(says));
    EXPECT_EQ(outbox.counts().waiting, 1) << answer;
    EXPECT_EQ(outbox.counts().set_aside, 0) << answer;
    bent.clear();
    EXPECT_EQ(forwarder.step().count(), 0);
    EXPECT_EQ(forwarder.state().trouble, "");
    EXPECT_EQ(outbox.counts().waiting, 0);
  }
}

// Who takes requests and never answers costs its time and no more; then less is sent at once.
TEST_F(Buffered, AnApiThatDoesNotAnswerIsWaitedForWithSmallerBatches) {
  std::size_t asked = 0;
  const auto silence = [&asked](const Request& request) {
    if (!request.target.ends_with("telemetry")) return std::string();
    asked = static_cast<std::size_t>(std::ranges::count(request.body, '{'));
    return std::string("HTTP/1.1 ");
  };
  BentServer server({.raw = silence, .hang_up = false});
  Outbox outbox(buffer());
  Client client({server.url(), kServiceKey, std::chrono::milliseconds(50)});
  Forwarder forwarder(outbox, client, forwarding());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(outbox.put(reported(kServiceNow_ms + i)));
  std::chrono::milliseconds longest{0};
  for (int i = 0; i < 12; ++i) longest = std::max(longest, forwarder.step());
  EXPECT_EQ(asked, 1u);
  EXPECT_GT(longest.count(), 45'000);  // 60 s less a quarter at most
  EXPECT_LE(longest.count(), 60'000);
  EXPECT_THAT(forwarder.state().trouble, HasSubstr("did not answer within 50 ms"));
  EXPECT_EQ(outbox.counts().waiting, 100);
}

TEST_F(Buffered, AKeyThatIsMadeValidAgainIsUsedAgain) {
  Outbox outbox(buffer());
  auto process = std::make_unique<Process>(on_free_port(), kServeKey);
  const std::string url = process->url(), place = url.substr(7, url.rfind('/') - 7);
  Client client({url, kServeKey});
  Forwarder forwarder(outbox, client, forwarding());
  ASSERT_TRUE(outbox.put(reported(kNow_ms)));
  drain(outbox, forwarder);
  for (const char* key : {"another-key-is-given-to-the-server", kServeKey}) {
    process.reset();
    process =
        std::make_unique<Process>(std::vector<std::string>{"--listen", place, "--store", store, "--rate", "0"}, key);
    ASSERT_NE(process->url(), "");
    ASSERT_TRUE(outbox.put(reported(kNow_ms + 1000)));
    drain(outbox, forwarder);
    const bool valid = key == kServeKey;
    EXPECT_EQ(outbox.counts().waiting, valid ? 0 : 1);
    EXPECT_EQ(forwarder.state().trouble.find("401") == std::string::npos, valid);
    EXPECT_EQ(forwarder.state().trouble.empty(), valid);
  }
  EXPECT_EQ(forwarder.state().delivered, 3);
}

// A name that does not exist, nobody there, a certificate of nobody's: said, waited for, nothing lost.
TEST_F(Buffered, AnApiThatCannotBeReachedIsSaid) {
  ApiServer plain;
  const std::string place = plain.server.url().substr(4);
  for (const auto& [url, says] :
       {std::pair<std::string, const char*>{"http://no-such-host.invalid/v1", "no-such-host.invalid"},
        {"http://127.0.0.1:1/v1", "nothing listens there"},
        {"https" + place, "does not speak TLS"}}) {
    Outbox outbox(in_memory());
    Client client({url, kKey});
    Forwarder forwarder(outbox, client, forwarding());
    ASSERT_TRUE(outbox.put(reported(kNow_ms)));
    EXPECT_GE(forwarder.step().count(), 750);
    EXPECT_THAT(forwarder.state().trouble, HasSubstr(says));
    EXPECT_EQ(outbox.counts().waiting, 1);
  }
}

// Only the address that has no version at its end is doubted, and no more than once a line.
TEST_F(Buffered, AnAddressWithoutItsVersionIsSaidToMissIt) {
  ApiServer server;
  const std::string whole = server.server.url(), bare = whole.substr(0, whole.rfind('/'));
  for (const auto& [url, hint] :
       {std::pair(bare, true), {bare + "/", true}, {bare + "/v", true}, {bare + "/v2", false}}) {
    Outbox outbox(in_memory());
    Client client({url, kKey});
    Forwarder forwarder(outbox, client, forwarding());
    ASSERT_TRUE(outbox.put(reported(kNow_ms)));
    for (int tries = 0; tries < 2; ++tries) {
      EXPECT_GE(forwarder.step().count(), 750);
      EXPECT_THAT(forwarder.state().trouble, HasSubstr("404"));
      EXPECT_EQ(forwarder.state().trouble.ends_with(" The address of a Device API usually ends in /v1."), hint) << url;
    }
    EXPECT_EQ(outbox.counts().waiting, 1);
  }
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
