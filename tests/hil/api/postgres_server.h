// A PostgreSQL server of the test's own: in a temporary folder, reached through a unix socket in there and no other
// way, ended with the test, however that ends. A test that runs as root lets the server run as another user.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace packbench::hil::api::test {

struct PostgresOptions {
  bool fsync = false;                 // on where durability is the question
  std::vector<std::string> settings{};  // "name=value"
  std::filesystem::path data{};       // empty: a new cluster; else the folder of one to take
  std::function<bool()> prepare{};    // runs in the server's process before the server; false gives up
};

class PostgresServer {
 public:
  explicit PostgresServer(PostgresOptions options = {});
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void start();
  // Returns when no process of the server is left. SIGINT ends it in order, SIGQUIT at once, SIGKILL without a word.
  void stop(int signal = SIGINT);
  pid_t id() const { return pid_; }

  // For the user "tester", who may everything; `more` begins with '&'.
  std::string uri(const std::string& database = "postgres", const std::string& more = "") const;
  // A place for a store that nobody else uses.
  std::string new_place();
  // The first value of the first row, empty where there is none; throws what the server says.
  std::string execute(const std::string& sql, const std::string& database = "postgres");
  // A program of PostgreSQL's, with the rights of the server.
  void run(const std::string& program, std::vector<std::string> arguments);
  const std::filesystem::path& folder() const { return folder_; }

 private:
  pid_t spawn(const std::string& program, std::vector<std::string> arguments, int output);
  void read_log(int from);

  PostgresOptions options_;
  std::filesystem::path folder_, data_;
  int places_ = 0;
  pid_t pid_ = -1;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string log_;
  bool ended_ = false;
  std::thread reader_;
};

}  // namespace packbench::hil::api::test
