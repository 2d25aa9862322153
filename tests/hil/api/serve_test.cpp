// `packbench serve` and `packbench keys` as processes: what they say and their exit codes.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "api_fixture.h"
#include "serve_process.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

TEST_F(Serve, SaysItsAddressServesAndEndsCleanlyOnSignals) {
  for (const int number : {SIGINT, SIGTERM}) {
    Process process({"--listen", "127.0.0.1:0", "--store", store}, kKey);
    Client client({process.url(), kKey});
    EXPECT_TRUE(client.add_device(device())) << "signal " << number;
    process.signal(number);
    EXPECT_EQ(process.end().code, 0);
  }
}

TEST_F(Serve, KeysComeFromAFileToo) {
  std::ofstream(folder / "keys") << "# two keys\nfirst-key\nsecond-key\r\n";
  Process process({"--listen", "127.0.0.1:0", "--store", store, "--api-key-file", folder / "keys"}, nullptr);
  const std::string url = process.url();
  for (const auto& [key, good] : {std::pair("first-key", true), {"second-key", true}, {"third-key", false}}) {
    EXPECT_EQ(static_cast<bool>(Client({url, key}).add_device(device())), good) << key;
  }
}

TEST_F(Serve, KeysAreMadeListedAndRevokedWhileTheServerRuns) {
  const Ended added = run({"keys", "add", "--store", store, "--name", "bench 3", "--scope", "telemetry:read"});
  ASSERT_EQ(added.code, 0) << added.out;
  ASSERT_EQ(added.out.size(), 78u) << added.out;  // 12 digits, a dot, 64 digits, the end of the line
  const std::string key = added.out.substr(0, 77), id = key.substr(0, 12);
  Process process({"--listen", "127.0.0.1:0", "--store", store}, nullptr);  // no other key
  const std::string url = process.url();
  EXPECT_EQ(Client({url, key}).latest(kDevice).status, 404);
  EXPECT_EQ(Client({url, key}).add_device(device()).status, 403);
  const Ended second = run({"keys", "add", "--store", store, "--organization", "2", "--expires", "2999-01-01"});
  EXPECT_TRUE(Client({url, second.out.substr(0, 77)}).add_device(device()));
  const Ended listed = run({"keys", "list", "--store", store});
  EXPECT_THAT(listed.out, HasSubstr(id + "  valid"));
  EXPECT_THAT(listed.out, HasSubstr("telemetry:read"));
  EXPECT_THAT(listed.out, HasSubstr("bench 3"));
  EXPECT_THAT(listed.out, Not(HasSubstr(key.substr(20))));
  EXPECT_EQ(run({"keys", "revoke", "--store", store, id}).code, 0);
  EXPECT_EQ(Client({url, key}).latest(kDevice).status, 401);
  const auto rows = nlohmann::json::parse(run({"keys", "list", "--json", "--store", store}).out);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["state"], "revoked");
  EXPECT_EQ(rows[1]["expires"], "2999-01-01T00:00:00.000Z");
  EXPECT_EQ(rows[1]["organization"], 2);
}

TEST_F(Serve, WrongUseOfKeysIsExit3WithASentence) {
  EXPECT_EQ(run({"keys", "add", "--store", store}).code, 0);
  struct Bad {
    std::vector<std::string> arguments;
    const char* says;
  };
  for (const Bad& bad : {Bad{{"keys", "list", "--store", store + ".other"}, "There is no store"},
                         Bad{{"keys", "revoke", "--store", store, "nobody"}, "The store has no valid key nobody"},
                         Bad{{"keys", "add", "--store", store, "--scope", "all"}, "--scope 'all' is not understood"},
                         Bad{{"keys", "add", "--store", store, "--expires", "soon"}, "--expires 'soon'"},
                         Bad{{"keys", "add", "--store", store, "--expires", "2001-01-01"}, "is over already"},
                         Bad{{"keys", "add", "--store", "sqlite::memory:"}, "expected sqlite:FILE"},
                         Bad{{"keys", "add", "--store", "db"}, "expected sqlite:FILE"}, Bad{{"keys"}, "subcommand"}}) {
    const Ended ended = run(bad.arguments);
    EXPECT_EQ(ended.code, 3) << ended.out;
    EXPECT_THAT(ended.out, HasSubstr(bad.says));
  }
}

TEST_F(Serve, UsageErrorsAreExit3WithASentence) {
  struct Bad {
    std::vector<std::string> arguments;
    const char* key;
    const char* says;
  };
  const Bad bad[] = {
      {{"--store", store}, nullptr, "There is no API key: make one by 'packbench keys add'"},
      {{"--store", store}, "", "1 to 256 visible"},
      {{"--store", store, "--api-key-file", "/nowhere"}, kKey, "The key file /nowhere cannot be read."},
      {{"--store", store, "--listen", "8080"}, kKey, "expected ADDRESS:PORT"},
      {{"--store", store, "--listen", "127.0.0.1:70000"}, kKey, "expected ADDRESS:PORT"},
      {{"--store", store, "--listen", "somewhere:80"}, kKey, "'somewhere' is a name, not an address"},
      {{"--store", store, "--listen", "0.0.0.0:0"}, kKey, "--insecure-listen"},
      {{"--store", store, "--listen", "0.0.0.0:0", "--tls-cert", "x"},
       kKey,
       "--tls-cert and --tls-key belong together"},
      {{"--store", store, "--listen", "127.0.0.1:0", "--tls-cert", "/nowhere", "--tls-key", "/nowhere"},
       kKey,
       "The TLS certificate /nowhere cannot be used"},
      {{"--store", store, "--listen", "127.0.0.1:0", "--tls-client-ca", "/nowhere"},
       kKey,
       "--tls-client-ca asks clients for certificates, which needs --tls-cert"},
      {{"--store", store, "--cors-origin", "*"}, kKey, "'*' is no origin"},
      {{"--store", store, "--connections", "0"}, kKey, "--connections"},
      {{"--store", store, "--operations-listen", "0.0.0.0:0"}, kKey, "would show health and metrics to the network"},
      {{"--store", store, "--operations-listen", "9090"}, kKey, "--operations-listen '9090' is not understood"},
      {{"--store", store, "--retain", "90"}, kKey, "--retain '90' is not understood (expected an age such as 90d"},
      {{"--store", store, "--retain", "0d"}, kKey, "--retain '0d'"},
      {{"--store", store, "--rate", "-1"}, kKey, "--rate"},
      {{"--store", "mysql://db"}, kKey, "expected sqlite:FILE"},
      {{"--store", store, "--timestamps", "roman"}, kKey, "basic"},
      {{"--colour"}, kKey, "colour"},
  };
  for (const Bad& one : bad) {
    const Ended ended = run(one.arguments, one.key);
    EXPECT_EQ(ended.code, 3) << ended.out;
    EXPECT_THAT(ended.out, HasSubstr(one.says));
  }
}

TEST_F(Serve, OperationsHaveTheirOwnListenerOrThatOfTheApiOnLoopback) {
  const auto status = [](const std::string& url, const std::string& path) {
    RawSocket socket(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    socket.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    return socket.receive().result_int();
  };
  Process one(on_free_port(), kKey);
  const std::string url = one.url();
  for (const char* path : {"/healthz", "/readyz", "/metrics", "/openapi.json"})
    EXPECT_EQ(status(url, path), 200u) << path;
  Process two(on_free_port({"--operations-listen", "127.0.0.1:0"}), kKey);
  const std::string api = two.url(), operations = two.url();
  EXPECT_EQ(status(api, "/metrics"), 404u);
  EXPECT_EQ(status(api, "/openapi.json"), 200u);
  EXPECT_EQ(status(operations, "/metrics"), 200u);
  EXPECT_EQ(status(operations, "/v1/devices"), 404u);
}

// Of 64 descriptors some are left for the store, so who is in is served, and further connections are closed until there
// is room again.
TEST_F(Serve, FewDescriptorsAreFewerConnectionsAndNoTrouble) {
  Process process(on_free_port(), kKey, [] {
    const rlimit few{64, 64};
    return setrlimit(RLIMIT_NOFILE, &few) == 0;
  });
  const std::string url = process.url();
  const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  RawSocket first(port);
  first.send(ApiServer::text("GET", "/v1/devices"));
  EXPECT_EQ(first.receive().result_int(), 200u);
  std::vector<std::unique_ptr<RawSocket>> many;
  for (int i = 0; i < 200; ++i) many.push_back(std::make_unique<RawSocket>(port));
  EXPECT_TRUE(many.back()->closed());
  first.send(
      ApiServer::text("POST", "/v1/devices", R"({"deviceId":"STM32H753ZI","name":"n","model":"m","location":"l"})"));
  EXPECT_EQ(first.receive().result_int(), 201u);
  for (auto& socket : many) socket->end();
  for (auto& socket : many) EXPECT_TRUE(socket->closed());
  EXPECT_EQ(Client({url, kKey}).latest(kDevice).status, 200);
}

TEST_F(Serve, AnotherAddressThanLoopbackNeedsTheWord) {
  Process process({"--listen", "0.0.0.0:0", "--store", store, "--insecure-listen"}, kKey);
  EXPECT_THAT(process.line(), HasSubstr("http://0.0.0.0:"));
}

TEST_F(Serve, ABusyPortIsExit4WithTheAddress) {
  ApiServer other;
  const std::string place = "127.0.0.1:" + std::to_string(other.server.port());
  const Ended ended = run({"--listen", place, "--store", store});
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(ended.out, HasSubstr("cannot listen on " + place + ": Address already in use by another program"));
}

TEST_F(Serve, AStoreThatCannotBeOpenedIsExit4WithItsPath) {
  const Ended missing = run({"--listen", "127.0.0.1:0", "--store", "sqlite:/nowhere/at/all.db"});
  EXPECT_EQ(missing.code, 4);
  EXPECT_THAT(missing.out, HasSubstr("The store /nowhere/at/all.db cannot be opened for writing"));
  std::ofstream(folder / "store.db") << "this is no database at all, but long enough to have a header of one";
  const Ended foreign = run({"--listen", "127.0.0.1:0", "--store", store});
  EXPECT_EQ(foreign.code, 4);
  EXPECT_THAT(foreign.out, HasSubstr("file is not a database"));
}

}  // namespace
}  // namespace packbench::hil::api::test
