// `packbench serve` and `packbench keys` as processes.
#pragma once

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>

#include "hil/api/client/client.h"

namespace packbench::hil::api::test {

inline constexpr const char* kServeKey = "f76d0123456789abcdef0123456789ad2a";

struct Ended {
  int code = -1;
  std::string out;  // standard output and error
};

class Process {
 public:
  // `prepare` runs in the new process, before the program; false gives up.
  Process(std::vector<std::string> arguments, const char* key, const std::function<bool()>& prepare = {}) {
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
      if (!prepare || prepare()) execv(argv[0], argv.data());
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
  pid_t id() const { return pid_; }
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
    return text.substr(std::min(text.find("http"), text.size()));
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
  // What `serve` is told besides.
  std::vector<std::string> on_free_port(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--listen", "127.0.0.1:0", "--store", store, "--rate", "0"});
    return more;
  }
  Ended run(std::vector<std::string> arguments, const char* key = kServeKey) {
    return Process(std::move(arguments), key).end();
  }
  Device device() const {
    Device device;
    device.device_id = "STM32H753ZI", device.name = device.model = device.location = "x";
    return device;
  }
  std::filesystem::path folder;
  std::string store;
};

inline Record serve_record(std::int64_t measured_ms, const std::string& id) {
  Record record;
  record.device_name = "N";
  record.pack_dmV = 512'030;
  record.cell_dmV.assign(15, 34'135);
  record.temperature_mdegC = 25'000;
  record.bms_state = "IDLE";
  record.id = id;
  record.measured_ms = measured_ms;
  return record;
}

}  // namespace packbench::hil::api::test
