// The options of `packbench serve` and what they mean.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "hil/api/service/key_ring.h"

namespace packbench::hil {

// Bad input: exit 3, apart from what fails later (exit 4).
class ServeUsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ServeOptions {
  std::string listen = "127.0.0.1:8080";
  std::string operations_listen;  // empty: none of its own
  std::string store = "sqlite:packbench.db";
  std::string key_file, tls_certificate, tls_key, tls_client_ca, retain;
  std::vector<std::string> cors_origins;
  std::string timestamps = "basic";
  double requests_per_minute = 600, burst = 60, failures_per_minute = 20;
  std::size_t connections = 512, connections_per_address = 256;
  bool insecure_listen = false, lenient_query = false;
};

struct Place {
  std::string address;
  std::uint16_t port = 0;

  bool loopback() const;
};

// All throw ServeUsageError with a sentence.
Place parse_place(const std::string& option, const std::string& text);
// Refuses to send keys and data over a network in the clear.
void check_encryption(const ServeOptions& options);
// "90d", "12h", "30min", "45s" in ms; 0 for an empty text.
std::int64_t parse_age(const std::string& option, const std::string& text);
// The keys of PACKBENCH_API_KEY and of the file. There must be one, or a valid one in the store.
api::KeyRing read_keys(const ServeOptions& options);

}  // namespace packbench::hil
