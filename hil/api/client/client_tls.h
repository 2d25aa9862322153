// The client's side of TLS: whom it trusts, and what it learns of the other side.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "hil/api/client/connection.h"

namespace packbench::hil::api {

// TLS 1.2 and later, trusting the authorities of options.ca_file or the system's. Throws std::invalid_argument for a
// file that cannot be used.
void trust(boost::asio::ssl::context& context, const ConnectionOptions& options);
// Before the handshake: names the host, and, where the certificate is verified, expects it to be of that host.
void expect_host(SSL* session, const std::string& host, bool verify);
// After a handshake that failed: what is wrong with the certificate, and what to do; empty when that was not the
// trouble.
std::string certificate_trouble(const SSL* session);
TlsFacts tls_facts(const SSL* session);

}  // namespace packbench::hil::api
