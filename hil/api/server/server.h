// The HTTP/1.1 front of the Device API: a listener with its own thread, on Boost.Beast.
//
// One thread serves every connection with completion handlers, so a slow client waits alone. Requests of a connection
// are answered in order (pipelining is safe); connections are kept alive. Limits: http_message.h; a request that is not
// complete in time is answered 408, a connection that sends nothing is closed. What operators ask (operations.h) may
// have a listener of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "hil/api/server/channel.h"
#include "hil/api/service/service.h"

namespace packbench::hil::api {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                             // 0: any free one
  std::chrono::milliseconds request_timeout{30'000};  // for a request's header, and again for its body and its answer
  std::chrono::milliseconds drain_timeout{2'000};     // at the end, for requests under way
  std::chrono::milliseconds silence{5'000};           // of a client that follows a device, before a sign of life
  // Further connections are closed at once, and those that would take the last descriptors of the process. An address
  // of IPv6 is its /64, which one caller has to itself.
  std::size_t max_connections = 512, max_connections_per_address = 256;
  TlsFiles tls{};                    // without a certificate plain HTTP
  bool show_operations = false;      // also on the listener of the API
  std::string operations_address{};  // a listener for operations alone, plain HTTP; empty: none
  std::uint16_t operations_port = 0;
};

class Server {
 public:
  // Listens and starts to serve. Throws std::system_error with a sentence (address in use, not of this machine) and
  // std::invalid_argument for TLS files that cannot be used. The service must outlive the server and is called from the
  // server's thread only.
  Server(Service& service, const ServerOptions& options);
  // Stops listening, lets requests under way finish within the drain timeout, waits for what is being
  // written, joins the thread.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  // Reads the TLS files anew, for connections from now on. Throws std::invalid_argument and then changes nothing.
  void reload_certificate() const;
  std::string url() const;             // "http://127.0.0.1:8080/v1"
  std::string operations_url() const;  // "http://127.0.0.1:9090"; empty without a listener of their own

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::hil::api
