// The client's connection: sends one request, returns its answer, reconnects when the server has closed in between.
//
// Nothing that the other side does keeps it longer than its timeouts, finding the address of a host by name apart
// (that takes what the system's resolver takes), or makes it hold more than kMostHeaderBytes and most_bytes. Redirects
// are answers like others: nothing is sent to another place. It goes straight to the host: http_proxy and its like
// count for nothing. Over https the certificate is verified, and that it names the host (which is told by SNI), unless
// `verify` says otherwise. A body that comes as gzip is unpacked; nothing is asked for but plain ones.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "hil/api/http/http_message.h"

namespace packbench::hil::api {

// Where an API is: "http://host:port/path" taken apart.
struct Endpoint {
  std::string host, port, path;  // path without a slash at its end
  bool encrypted = false;

  std::string authority() const;  // "host:port", the host in brackets when it is a v6 address
  bool loopback() const;          // by its name alone: localhost or a loopback address
};

// Throws std::invalid_argument with a sentence for another form than http://HOST[:PORT][/PATH] or https://...
Endpoint parse_endpoint(const std::string& url);

inline constexpr std::uint32_t kMostHeaderBytes = 64 * 1024;  // of an answer

struct ConnectionOptions {
  std::chrono::milliseconds timeout{5000};         // for connecting, and again for one request and its whole answer
  std::uint64_t most_bytes = 64ull * 1024 * 1024;  // of an answer's body, as sent and unpacked
  bool verify = true;                              // the certificate of the other side
  std::string ca_file{};                           // PEM file of the authorities to trust; empty: the system's
};

// unreachable: no connection came about, nothing was asked. too_large: more than most_bytes. broken: no whole HTTP.
struct Reply {
  enum class Trouble { none, unreachable, certificate, timeout, too_large, broken };

  Response response{};
  std::string error{};  // a sentence when there is no response
  Trouble trouble = Trouble::none;
  double elapsed_ms = 0;  // from the first byte of the request to the last of the answer, connecting apart
};

// What was agreed with the other side, of an encrypted connection.
struct TlsFacts {
  std::string version;                         // "TLSv1.3"
  std::optional<std::int64_t> valid_until_ms;  // of the certificate
};

// Throws std::invalid_argument with a sentence when there could be no Connection to this URL with this ca_file.
void check_access(const std::string& url, const std::string& ca_file);

class Connection {
 public:
  // Throws std::invalid_argument for a ca_file that cannot be used.
  Connection(Endpoint endpoint, ConnectionOptions options);
  ~Connection();
  Connection(Connection&&) noexcept;

  Reply exchange(const Request& request);
  std::optional<TlsFacts> tls() const;  // of the connection that is open

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::hil::api
