// Clients that are slow, stop in the middle, ask too much or too often: each waits alone, nothing is left of it, and
// others are served.
#include <gmock/gmock.h>
#include <malloc.h>
#include <poll.h>

#include <filesystem>
#include <memory>
#include <random>

#include "api_fixture.h"

namespace packbench::hil::api::test {
namespace {

using namespace std::chrono_literals;

const std::string kGet = ApiServer::text("GET", "/v1/devices");
const std::string kPost = ApiServer::text("POST", "/v1/devices", "{}");

ServerOptions impatient() {
  ServerOptions options;
  options.request_timeout = 300ms;
  return options;
}

// Waits up to 10 ms for an answer.
bool answered(RawSocket& socket) {
  pollfd waited{socket.handle(), POLLIN, 0};
  return poll(&waited, 1, 10) != 0;
}

// A byte after 10 ms of silence, and another one, until there is an answer: nothing of 10 s of such bytes counts anew.
bool answered_in_total_time(RawSocket& socket, const std::string& begin) {
  socket.send(begin);
  for (int i = 0; i < 1000; ++i) {
    if (answered(socket)) return true;
    socket.try_send("x");
  }
  return false;
}

TEST(Hostile, AHeaderByteByByteHasItsTimeInTotal) {
  ApiServer api(impatient());
  RawSocket slow(api.server.port());
  ASSERT_TRUE(answered_in_total_time(slow, "GET /v1/devices HTTP/1.1\r\nX: "));
  EXPECT_EQ(slow.receive().result_int(), 408u);
  EXPECT_TRUE(slow.closed());
}

TEST(Hostile, ABodyByteByByteHasItsTimeInTotal) {
  ApiServer api(impatient());
  RawSocket slow(api.server.port());
  ASSERT_TRUE(answered_in_total_time(slow, kPost.substr(0, kPost.find("2\r\n")) + "10000\r\n\r\n"));
  EXPECT_EQ(slow.receive().result_int(), 408u);
  EXPECT_TRUE(slow.closed());
}

// Reads a little of 60 MB every 10 ms for three times its time, and then all there is: what sockets held.
TEST(Hostile, AReaderThatTakesAnAnswerByteByByteIsDropped) {
  ApiServer api(impatient());
  api.add_device();
  std::vector<Record> records;
  for (int i = 0; i < 3000; ++i) records.push_back(simple_record(kNow_ms - 3000 + i, "id" + std::to_string(i)));
  api.store.insert(1, kDevice, records, kNow_ms);
  const std::string ask = "/v1/devices/STM32H753ZI/telemetry?timeRange=last5mins&limit=10000";
  const std::size_t one = api.call("GET", ask).body().size();
  ASSERT_GT(50 * one, 50'000'000u);
  RawSocket slow(api.server.port());
  std::string many;
  for (int i = 0; i < 50; ++i) many += ApiServer::text("GET", ask);
  slow.send(many);
  std::size_t taken = 0;
  for (int i = 0; i < 90; ++i) taken += slow.take(1024), poll(nullptr, 0, 10);
  while (const std::size_t more = slow.take(1 << 20)) taken += more;
  EXPECT_LT(taken, 50 * one);
  EXPECT_EQ(api.call("GET", "/v1/devices").result_int(), 200u);
}

TEST(Hostile, WhoClosesTheWritingHalfGetsEveryAnswer) {
  ApiServer api;
  RawSocket socket(api.server.port());
  socket.send(kGet + kPost + kGet);
  socket.end();
  EXPECT_EQ(socket.receive().result_int(), 200u);
  EXPECT_EQ(socket.receive().result_int(), 422u);
  EXPECT_EQ(socket.receive().result_int(), 200u);
  EXPECT_TRUE(socket.closed());
}

TEST(Hostile, HundredsOfRequestsAtOnceAreAnsweredAndGarbageAfterThemIsRefused) {
  ApiServer api;
  RawSocket socket(api.server.port());
  std::string many;
  for (int i = 0; i < 500; ++i) many += kGet;
  socket.send(many + "garbage\r\n\r\n");
  for (int i = 0; i < 500; ++i) ASSERT_EQ(socket.receive().result_int(), 200u) << i;
  EXPECT_EQ(socket.receive().result_int(), 400u);
  EXPECT_TRUE(socket.closed());
}

TEST(Hostile, WithoutAValidKeyALargeBodyIsNotReadAndNobodyIsToldToSendOne) {
  ApiServer api;
  const std::string length = "Content-Type: application/json\r\nContent-Length: 1000000\r\n";
  for (const std::string& key : {std::string(), std::string("ApiKey: wrong\r\n")}) {
    for (const std::string& fields :
         {length, length + "Expect: 100-continue\r\n", std::string("Content-Length: 2\r\nExpect: 100-continue\r\n"),
          std::string("Transfer-Encoding: chunked\r\n")}) {
      RawSocket socket(api.server.port());
      socket.send("POST /v1/devices/D1/telemetry HTTP/1.1\r\nHost: h\r\n" + key + fields + "\r\n");
      EXPECT_EQ(socket.receive().result_int(), 401u) << fields;
      EXPECT_TRUE(socket.closed());
    }
  }
}

TEST(Hostile, ABodyTooLargeIsRefusedBeforeAnyoneIsToldToSendIt) {
  ApiServer api;
  RawSocket socket(api.server.port());
  socket.send("POST /v1/devices HTTP/1.1\r\nHost: h\r\nApiKey: " + std::string(kKey) +
              "\r\nContent-Length: 1048577\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(socket.receive().result_int(), 413u);
}

TEST(Hostile, OnlyWhoHasABodyToSendIsToldToGoOn) {
  ApiServer api;
  const std::string expect = std::string("ApiKey: ") + kKey + "\r\nExpect: 100-continue\r\n";
  RawSocket bodiless(api.server.port()), whole(api.server.port()), older(api.server.port());
  bodiless.send(ApiServer::text("GET", "/v1/devices", "", expect));
  EXPECT_EQ(bodiless.receive().result_int(), 200u);
  whole.send(ApiServer::text("POST", "/v1/devices", "{}", expect));
  EXPECT_EQ(whole.receive().result_int(), 422u);
  older.send("POST /v1/devices HTTP/1.0\r\n" + expect + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
  older.send("{}");
  EXPECT_EQ(older.receive().result_int(), 422u);
}

TEST(Hostile, OneAddressCannotTakeEveryConnection) {
  ServerOptions options;
  options.max_connections_per_address = 3;
  ApiServer api(options);
  std::vector<std::unique_ptr<RawSocket>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<RawSocket>(api.server.port()));
    held.back()->send(kGet);
    EXPECT_EQ(held.back()->receive().result_int(), 200u);
  }
  EXPECT_TRUE(RawSocket(api.server.port()).closed());
  RawSocket other(api.server.port(), "127.0.0.2");
  other.send(kGet);
  EXPECT_EQ(other.receive().result_int(), 200u);
  held.back()->end();
  EXPECT_TRUE(held.back()->closed());
  EXPECT_EQ(api.call("GET", "/v1/devices").result_int(), 200u);
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

// What a client may do to a connection, cut at a random place.
void abuse(std::uint16_t port, int kind, std::mt19937& random) {
  RawSocket socket(port);
  const std::string part = kPost.substr(0, random() % kPost.size());
  switch (kind) {
    case 0:
      return socket.try_send(part);
    case 1:
      return socket.try_send(part), socket.reset();
    case 2:
      return socket.try_send(kPost + kGet + kPost + part), socket.reset();
    case 3:
      return socket.try_send(std::string(random() % 300, '\0') + "\r\n\r\n");
    case 4:
      return socket.try_send(part), socket.end();
    default:
      return socket.reset();
  }
}

// A session that stayed would take a descriptor and more than 1000 bytes.
TEST(Hostile, OfThousandsOfAbusedConnectionsNothingIsLeft) {
  ApiServer api;
  std::mt19937 random(1);
  const auto settle = [&](std::size_t descriptors) {
    for (int i = 0; i < 1000 && open_descriptors() > descriptors; ++i) api.call("GET", "/v1/devices");
  };
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 300; ++i) abuse(api.server.port(), i % 6, random);
  settle(before);
  const std::size_t heap = mallinfo2().uordblks;
  for (int i = 0; i < 3000; ++i) abuse(api.server.port(), i % 6, random);
  settle(before);
  EXPECT_LE(open_descriptors(), before);
  EXPECT_LT(mallinfo2().uordblks, heap + 3000 * 100);
  EXPECT_EQ(api.call("GET", "/v1/devices").result_int(), 200u);
}

}  // namespace
}  // namespace packbench::hil::api::test
