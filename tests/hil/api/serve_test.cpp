// `packbench serve` as a process: what it says, its exit codes, and that what it acknowledged survives a kill.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "api_fixture.h"
#include "hil/api/client.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

struct Ended {
  int code = -1;
  std::string out;  // standard output and error
};

class Process {
 public:
  Process(std::vector<std::string> arguments, const char* key) {
    int ends[2];
    if (pipe(ends) != 0) throw std::system_error(errno, std::generic_category());
    if (arguments.empty() || arguments[0] != "keys") arguments.insert(arguments.begin(), "serve");
    arguments.insert(arguments.begin(), PACKBENCH_SERVE_PROGRAM);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      key ? setenv("PACKBENCH_API_KEY", key, 1) : unsetenv("PACKBENCH_API_KEY");
      dup2(ends[1], 1), dup2(ends[1], 2), close(ends[0]), close(ends[1]);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(ends[1]);
    out_ = ends[0];
  }
  ~Process() {
    if (pid_ > 0) kill(pid_, SIGKILL), waitpid(pid_, nullptr, 0);
    close(out_);
  }
  std::string line() {
    std::string text;
    for (char c = 0; read(out_, &c, 1) == 1 && c != '\n';) text.push_back(c);
    return text;
  }
  void signal(int number) { kill(pid_, number); }
  Ended end() {
    Ended ended;
    char bytes[4096];
    for (ssize_t n = 0; (n = read(out_, bytes, sizeof bytes)) > 0;)
      ended.out.append(bytes, static_cast<std::size_t>(n));
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ended;
  }
  // The URL of its first line.
  std::string url() {
    const std::string text = line();
    return text.substr(std::min(text.find("http://"), text.size()));
  }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
};

class Serve : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/serve_test_XXXXXX";
    folder = mkdtemp(name);
    store = "sqlite:" + (folder / "store.db").string();
  }
  void TearDown() override {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(folder);
  }
  Ended run(std::vector<std::string> arguments, const char* key = kKey) {
    return Process(std::move(arguments), key).end();
  }
  Device device() const {
    Device device;
    device.device_id = kDevice, device.name = device.model = device.location = "x";
    return device;
  }
  std::filesystem::path folder;
  std::string store;
};

TEST_F(Serve, SaysItsAddressServesAndEndsCleanlyOnSignals) {
  for (const int number : {SIGINT, SIGTERM}) {
    Process process({"--listen", "127.0.0.1:0", "--store", store}, kKey);
    Client client({process.url(), kKey});
    EXPECT_TRUE(client.add_device(device())) << "signal " << number;
    process.signal(number);
    EXPECT_EQ(process.end().code, 0);
  }
}

TEST_F(Serve, WhatWasAcknowledgedSurvivesAKill) {
  Record record = simple_record(kNow_ms, "kept");
  {
    Process process({"--listen", "127.0.0.1:0", "--store", store}, kKey);
    Client client({process.url(), kKey});
    ASSERT_TRUE(client.add_device(device()));
    ASSERT_TRUE(client.post(kDevice, record));
    process.signal(SIGKILL);
    EXPECT_EQ(process.end().code, 128 + SIGKILL);
  }
  Process again({"--listen", "127.0.0.1:0", "--store", store}, kKey);
  Client client({again.url(), kKey});
  const auto latest = client.latest(kDevice);
  ASSERT_TRUE(latest) << latest.error;
  EXPECT_EQ((*latest.value)->id, "kept");
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
      {{"--store", store, "--listen", "somewhere:80"}, kKey, "expected ADDRESS:PORT"},
      {{"--store", store, "--listen", "0.0.0.0:0"}, kKey, "--insecure-listen"},
      {{"--store", "postgresql://db"}, kKey, "expected sqlite:FILE"},
      {{"--store", store, "--timestamps", "roman"}, kKey, "basic"},
      {{"--colour"}, kKey, "colour"},
  };
  for (const Bad& one : bad) {
    const Ended ended = run(one.arguments, one.key);
    EXPECT_EQ(ended.code, 3) << ended.out;
    EXPECT_THAT(ended.out, HasSubstr(one.says));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "store.db"));
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
  EXPECT_THAT(ended.out, HasSubstr("cannot listen on " + place + ": Address already in use."));
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
