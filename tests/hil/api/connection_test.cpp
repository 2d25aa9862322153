// What the server does with connections: keep-alive, pipelining, limits, slow and broken clients; and what the client
// says.
#include <gmock/gmock.h>

#include <memory>
#include <thread>

#include "api_fixture.h"
#include "hil/api/client/client.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

TEST(Connection, PipelinedRequestsAreAnsweredInOrder) {
  ApiServer api;
  RawSocket socket(api.server.port());
  socket.send(ApiServer::text("GET", "/v1/devices") + ApiServer::text("POST", "/v1/devices", "{}") +
              ApiServer::text("GET", "/v1/nowhere"));
  EXPECT_EQ(socket.receive().result_int(), 200u);
  EXPECT_EQ(socket.receive().result_int(), 422u);
  EXPECT_EQ(socket.receive().result_int(), 404u);
}

TEST(Connection, ARequestCutAnywhereIsTheSameRequest) {
  ApiServer api;
  const std::string request = ApiServer::text("POST", "/v1/devices", "{}");
  RawSocket socket(api.server.port());
  for (std::size_t cut = 1; cut < request.size(); cut += 7) {
    socket.send(request.substr(0, cut));
    socket.send(request.substr(cut));
    ASSERT_EQ(socket.receive().result_int(), 422u) << cut;
  }
}

TEST(Connection, HeadHasTheHeadersOfGetAndNoBody) {
  ApiServer api;
  RawSocket socket(api.server.port());
  socket.send(ApiServer::text("HEAD", "/v1/devices") + ApiServer::text("GET", "/v1/devices"));
  const HttpResponse head = socket.receive(true), get = socket.receive();
  EXPECT_EQ(head[http::field::content_length], get[http::field::content_length]);
  EXPECT_EQ(get.body(), R"({"success":true,"data":[]})");
}

TEST(Connection, CloseIsHonoured) {
  ApiServer api;
  RawSocket socket(api.server.port());
  socket.send(ApiServer::text("GET", "/v1/devices", "", std::string("ApiKey: ") + kKey + "\r\nConnection: close\r\n"));
  EXPECT_EQ(socket.receive()[http::field::connection], "close");
  EXPECT_TRUE(socket.closed());
}

TEST(Connection, ContinueIsSentToWhoWaitsForIt) {
  ApiServer api;
  RawSocket socket(api.server.port());
  const std::string request =
      ApiServer::text("POST", "/v1/devices", "{}", std::string("ApiKey: ") + kKey + "\r\nExpect: 100-continue\r\n");
  socket.send(request.substr(0, request.size() - 2));
  EXPECT_EQ(socket.receive().result_int(), 100u);
  socket.send("{}");
  EXPECT_EQ(socket.receive().result_int(), 422u);
}

TEST(Connection, ATelemetryBatchMayBeLargerThanOtherBodies) {
  ApiServer api;
  api.add_device();
  const std::string body = std::string(2 << 20, ' ') + "{}";
  EXPECT_EQ(api.call("POST", "/v1/devices/STM32H753ZI/telemetry", body).result_int(), 422u);
}

TEST(Connection, HalfRequestsDoNotHoldUpOthersAndEndIn408) {
  ServerOptions options;
  options.request_timeout = 300ms;
  ApiServer api(options);
  RawSocket header(api.server.port()), body(api.server.port()), silent(api.server.port());
  header.send("GET /v1/devices HTTP/1.1\r\nHo");
  std::string cut = ApiServer::text("POST", "/v1/devices", "{}");
  cut.pop_back();
  body.send(cut);
  EXPECT_EQ(api.call("GET", "/v1/devices").result_int(), 200u);
  EXPECT_EQ(header.receive().result_int(), 408u);
  EXPECT_EQ(body.receive().result_int(), 408u);
  EXPECT_TRUE(header.closed());
  EXPECT_TRUE(silent.closed());
}

// Twenty clients that ask for much and read nothing hold up nobody, and are dropped in time.
TEST(Connection, ClientsThatDoNotReadAreDroppedAndOthersServed) {
  ServerOptions options;
  options.request_timeout = 300ms;
  ApiServer api(options);
  api.add_device();
  std::vector<Record> records;
  for (int i = 0; i < 3000; ++i) records.push_back(simple_record(kNow_ms - 3000 + i, "id" + std::to_string(i)));
  api.store.insert(1, kDevice, records, kNow_ms);
  std::vector<std::unique_ptr<RawSocket>> deaf;
  const std::string ask = ApiServer::text("GET", "/v1/devices/STM32H753ZI/telemetry?timeRange=last5mins&limit=10000");
  for (int i = 0; i < 20; ++i) {
    deaf.push_back(std::make_unique<RawSocket>(api.server.port()));
    std::string many;
    for (int k = 0; k < 50; ++k) many += ask;  // answers of 60 MB: more than sockets hold
    deaf.back()->send(many);
  }
  EXPECT_EQ(api.call("GET", "/v1/devices").result_int(), 200u);
}

TEST(Connection, ManyClientsAtOnceAreAllServed) {
  ApiServer api;
  api.add_device();
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      Client client({api.server.url(), kKey});
      for (int i = 0; i < 25; ++i) {
        const auto posted =
            client.post(kDevice, simple_record(kNow_ms, "t" + std::to_string(t) + "-" + std::to_string(i)));
        good += posted && posted.value->accepted == 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 200);
  EXPECT_EQ(api.ids("?timeRange=last5mins").size(), 200u);
}

TEST(Connection, ConnectionsBeyondTheLimitAreClosed) {
  ServerOptions options;
  options.max_connections = 2;
  ApiServer api(options);
  RawSocket first(api.server.port()), second(api.server.port());
  first.send(ApiServer::text("GET", "/v1/devices"));
  second.send(ApiServer::text("GET", "/v1/devices"));
  EXPECT_EQ(first.receive().result_int(), 200u);
  EXPECT_EQ(second.receive().result_int(), 200u);
  RawSocket third(api.server.port());
  EXPECT_TRUE(third.closed());
}

TEST(Connection, ABusyPortIsSaid) {
  ApiServer api;
  ServerOptions options;
  options.port = api.server.port();
  try {
    ApiServer other(options);
    FAIL() << "two servers on one port";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot listen on 127.0.0.1:" + std::to_string(options.port)));
    EXPECT_THAT(error.what(), HasSubstr("already in use"));
  }
}

TEST(ApiClient, WhatItPostsItFetchesBackEqual) {
  ApiServer api;
  Client client({api.server.url(), kKey});
  Device device;
  device.device_id = kDevice, device.name = device.model = device.location = "x";
  EXPECT_EQ(*client.add_device(device).value, Added::created);
  EXPECT_EQ(*client.add_device(device).value, Added::existed);
  EXPECT_FALSE(client.latest(kDevice).value->has_value());
  std::vector<Record> sent;
  for (int i = 0; i < 25; ++i) {
    Record record = simple_record(kNow_ms - 1000 + i, "id" + std::to_string(100 + i));
    record.arrived_s = kNow_ms / 1000;
    record.boot = 1, record.sequence = i;
    record.temperatures_mdegC = {25'125, kNoReading, -3};
    record.cell_dmV[3] = kNoReading;
    if (i % 3 > 0) record.faults = std::vector<std::string>{"cell_ov", "cell_ov_hard"};
    if (i % 3 > 1) record.faults->clear(), record.balancing.assign(15, 0), record.balancing[7] = 1;
    EXPECT_EQ(client.post(kDevice, record).value->accepted, 1);
    sent.push_back(record);
  }
  EXPECT_EQ(**client.latest(kDevice).value, sent.back());
  EXPECT_EQ(*client.range(kDevice, kNow_ms - 1000, kNow_ms, 7).value, sent);
  EXPECT_EQ(*client.preset(kDevice, "last5mins", 10).value, sent);
  const std::int64_t year_ms = 365LL * 86'400'000;
  EXPECT_EQ(*client.range(kDevice, kNow_ms - year_ms, kNow_ms + 1).value, sent);
}

TEST(ApiClient, SurvivesAServerThatClosesIdleConnections) {
  ServerOptions options;
  options.request_timeout = 50ms;
  ApiServer api(options);
  api.add_device();
  Client client({api.server.url(), kKey});
  ASSERT_TRUE(client.latest(kDevice));
  RawSocket idle(api.server.port());
  EXPECT_TRUE(idle.closed());  // opened later than the client's connection, so that one is closed too
  EXPECT_TRUE(client.latest(kDevice));
}

TEST(ApiClient, SaysWhatIsWrong) {
  std::uint16_t free_port = 0;
  {
    ApiServer api;
    free_port = api.server.port();
    Client stranger({api.server.url(), "wrong"});
    const auto answer = stranger.latest(kDevice);
    EXPECT_EQ(answer.status, 401);
    EXPECT_THAT(answer.error, HasSubstr("with 401: Access denied due to invalid subscription key."));
    Client client({api.server.url(), kKey});
    EXPECT_THAT(client.latest("NOPE").error, HasSubstr("with 404: Device not found: NOPE."));
  }
  Client nobody({"http://127.0.0.1:" + std::to_string(free_port) + "/v1", kKey});
  EXPECT_EQ(nobody.latest(kDevice).error, "The Device API at 127.0.0.1:" + std::to_string(free_port) +
                                              " cannot be reached: connection refused; nothing listens there.");
}

// Listens, accepts one connection and answers with fixed bytes; without bytes, it never answers.
class FixedServer {
 public:
  explicit FixedServer(std::string answer) : answer_(std::move(answer)) {
    thread_ = std::thread([this] {
      acceptor_.accept(socket_);
      boost::system::error_code ignored;
      char bytes[4096];
      socket_.read_some(boost::asio::buffer(bytes), ignored);
      boost::asio::write(socket_, boost::asio::buffer(answer_), ignored);
    });
  }
  ~FixedServer() { thread_.join(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/v1"; }

 private:
  std::string answer_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
  boost::asio::ip::tcp::socket socket_{context_};
  std::thread thread_;
};

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(ApiClient, RefusesAnswersThatAreNotTheDocuments) {
  const auto error = [](const std::string& answer) {
    FixedServer server(answer);
    return Client({server.url(), kKey, 300ms}).latest(kDevice).error;
  };
  EXPECT_THAT(error(ok("{")), HasSubstr("not valid JSON"));
  EXPECT_THAT(error(ok("{}")), HasSubstr("no array \"data\""));
  EXPECT_THAT(error(ok(R"({"data":[{"id":"x"}]})")), HasSubstr("/data/0/pack_voltage is missing"));
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text =
        R"({"data":[{"pack_voltage":1,"cell_voltage":[1],"temperature":27,"pack_current":0,"soc":21,"soh":0,"bms_state":"S","main_contactor_state":true,"charger_contactor_state":false,"id":"x","_ts":17}]})";
    return ok(text.replace(text.find(from), from.size(), to));
  };
  EXPECT_EQ(error(with("17", "253402300799")), "");
  EXPECT_THAT(error(with("17", "253402300800")), HasSubstr("/data/0/_ts is after the year 9999"));
  EXPECT_THAT(error(with("\"S\"", "\"\\u001b[31m\"")), HasSubstr("/data/0/bms_state must not hold control"));
  EXPECT_THAT(error(with("\"x\"", "\"\\n\"")), HasSubstr("/data/0/id must not hold control"));
  EXPECT_THAT(error("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"), HasSubstr("503: no message"));
  EXPECT_THAT(error(""), HasSubstr("did not answer within 300 ms"));
}

TEST(ApiClient, WhatAnApiSaysReachesNoTerminalAsControlAndNeverWithTheKey) {
  const auto error = [](const std::string& status, const std::string& body) {
    FixedServer server("HTTP/1.1 " + status + " No\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                       body);
    return Client({server.url(), kKey}).latest(kDevice).error;
  };
  const std::string said = error("403", R"({"message":"no\u001b[31m )" + std::string(kKey) + "\"}");
  EXPECT_THAT(said, HasSubstr("403: no?[31m (the key)."));
  EXPECT_THAT(error("200", R"({"\n":1,"\n":2})"), HasSubstr("The key \"?\" appears twice"));
}

TEST(ApiClient, ReadsTheOlderFormOfTheService) {
  FixedServer server(ok(
      R"({"success":true,"data":[{"deviceId":"d","pack_voltage":41.27081,"cell_voltage":[2.7],"temperature":27,"pack_current":0,"soc":21,"ocv soc":21.8,"soh":0,"bms_state":"NEW_STATE","main_contactor_state":true,"charger_contactor_state":false,"id":"38067307-99eb-4255-9efd-3afdd8b56d87","_ts":1736784740,"extra":{}}]})"));
  const auto answer = Client({server.url(), kKey}).latest("d");
  ASSERT_TRUE(answer) << answer.error;
  EXPECT_EQ((*answer.value)->ocv_soc_pctpct, 2180);
  EXPECT_EQ((*answer.value)->pack_dmV, 412708);
  EXPECT_EQ((*answer.value)->measured_ms, 1'736'784'740'000);
}

TEST(ApiClient, RefusesUrlsItCannotUse) {
  for (const char* url : {"ftp://host/v1", "host:80", "http://", "http://host:0/v1", "http://host:99999/v1",
                          "http://u@h/v1", "http://h/v1?x"}) {
    EXPECT_THROW(Client({url, kKey}), std::invalid_argument) << url;
  }
  EXPECT_NO_THROW(Client({"http://[::1]:8080/v1/", kKey}));
  EXPECT_NO_THROW(Client({"https://host/v1", kKey}));
}

}  // namespace
}  // namespace packbench::hil::api::test
