// The Device API of one run: a store in memory, a server on a free loopback port, a key of its own, and the simulated
// clock.
#pragma once

#include <string>

#include "hil/api/server/server.h"
#include "hil/api/store/sqlite_store.h"
#include "hil/api/values/clock.h"
#include "hil/api/values/digest.h"

namespace packbench::hil::api {

class RunServer {
 public:
  // Throws std::system_error when no loopback port can be had.
  explicit RunServer(std::int64_t epoch_ms)
      : key_(random_uuid()),
        clock_(epoch_ms),
        store_(":memory:"),
        service_(store_, only(key_), clock_.reader()),
        server_(service_, {}) {}

  void set_time(std::int64_t now_ms) { clock_.set(now_ms); }
  std::string url() const { return server_.url(); }
  const std::string& key() const { return key_; }

 private:
  static KeyRing only(const std::string& key) {
    KeyRing keys;
    keys.add(key);
    return keys;
  }

  std::string key_;
  SettableClock clock_;
  SqliteStore store_;
  Service service_;
  Server server_;
};

}  // namespace packbench::hil::api
