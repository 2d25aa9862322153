// The connection of a store to its database, kept up: when it is lost, a thread looks for the next one while whoever
// asks is told at once that the database is away.
//
// A loss is forgiven for half a second, the time that a server needs to take a client again. A database that does not
// answer in time is left alone for a pause that doubles, so that it cannot hold up its users again and again.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "hil/api/store/postgres.h"

namespace packbench::hil::api {

class PostgresLink {
 public:
  using Open = std::function<std::unique_ptr<PostgresConnection>()>;
  // Opens. Throws PostgresError.
  explicit PostgresLink(Open open);
  ~PostgresLink();
  PostgresLink(const PostgresLink&) = delete;
  PostgresLink& operator=(const PostgresLink&) = delete;

  // Throws PostgresError while there is none.
  PostgresConnection& connection();
  void drop(const PostgresError& why);
  void answered() { pause_ = {}; }

 private:
  using Milliseconds = std::chrono::milliseconds;
  void look_for_one(Milliseconds pause);

  Open open_;
  std::unique_ptr<PostgresConnection> current_;
  Milliseconds pause_{0};  // after an answer that did not come
  std::chrono::steady_clock::time_point forgiven_until_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::unique_ptr<PostgresConnection> found_;
  std::string why_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace packbench::hil::api
