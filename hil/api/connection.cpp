#include "hil/api/connection.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/rfc2818_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <ctime>
#include <stdexcept>

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Trouble = Reply::Trouble;
using Encrypted = ssl::stream<beast::tcp_stream>;

http::request<http::string_body> beast_request(const Request& request, const Endpoint& endpoint) {
  http::request<http::string_body> message;
  message.method_string(request.method);
  message.target(endpoint.path + request.target);
  message.set(http::field::host, endpoint.authority());
  for (const auto& [name, value] : request.fields) message.set(name, value);
  message.body() = request.body;
  message.prepare_payload();
  return message;
}

Response plain_response(http::response<http::string_body>&& message) {
  Response response;
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message)
    response.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
  response.body = std::move(message.body());
  return response;
}

std::optional<std::int64_t> end_of(SSL* session) {
  X509* certificate = SSL_get_peer_certificate(session);
  if (!certificate) return std::nullopt;
  std::tm when{};
  const bool good = ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when) == 1;
  X509_free(certificate);
  return good ? std::optional(static_cast<std::int64_t>(timegm(&when)) * 1000) : std::nullopt;
}

std::string size_text(std::uint64_t bytes) { return std::to_string(bytes / (1024 * 1024)) + " MiB"; }

}  // namespace

struct Connection::Data {
  Data(Endpoint where, ConnectionOptions chosen) : endpoint(std::move(where)), options(std::move(chosen)) {
    if (!endpoint.encrypted) return;
    SSL_CTX_set_min_proto_version(secure.native_handle(), TLS1_2_VERSION);
    error_code error;
    options.ca_file.empty() ? secure.set_default_verify_paths(error) : secure.load_verify_file(options.ca_file, error);
    if (error)
      throw std::invalid_argument("The certificates of " + options.ca_file + " cannot be used: " + error.message() +
                                  ".");
  }

  // Runs the one operation that was started to its end.
  void finish() {
    context.restart();
    context.run();
  }

  beast::tcp_stream& lowest() { return encrypted ? encrypted->next_layer() : *plain; }
  bool open() const { return plain || encrypted; }

  error_code connect() {
    buffer.clear();
    error_code error;
    tcp::resolver resolver(context);
    const auto found = resolver.resolve(endpoint.host, endpoint.port, error);
    if (error) return error;
    endpoint.encrypted ? void(encrypted.emplace(context, secure)) : void(plain.emplace(context));
    lowest().expires_after(options.timeout);
    lowest().async_connect(found, [&error](error_code result, const tcp::endpoint&) { error = result; });
    finish();
    if (error) return error;
    error_code ignored;
    lowest().socket().set_option(tcp::no_delay(true), ignored);
    return endpoint.encrypted ? shake_hands() : error_code();
  }

  error_code shake_hands() {
    error_code error;
    asio::ip::make_address(endpoint.host, error);
    if (error) SSL_set_tlsext_host_name(encrypted->native_handle(), endpoint.host.c_str());
    encrypted->set_verify_mode(options.verify ? ssl::verify_peer : ssl::verify_none);
    if (options.verify) encrypted->set_verify_callback(ssl::rfc2818_verification(endpoint.host));
    encrypted->async_handshake(Encrypted::client, [&error](error_code result) { error = result; });
    finish();
    return error;
  }

  template <class Stream>
  error_code send(Stream& stream, http::request<http::string_body>& message, std::optional<Response>& response) {
    error_code error;
    lowest().expires_after(options.timeout);  // for both ways together
    http::async_write(stream, message, [&error](error_code result, std::size_t) { error = result; });
    finish();
    if (error) return error;
    http::response_parser<http::string_body> parser;
    parser.body_limit(options.most_bytes);
    http::async_read_header(stream, buffer, parser, [&error](error_code result, std::size_t) { error = result; });
    finish();
    if (error) return error;
    // Before the parser makes room for what was announced.
    if (parser.content_length().value_or(0) > options.most_bytes) return http::error::body_limit;
    http::async_read(stream, buffer, parser, [&error](error_code result, std::size_t) { error = result; });
    finish();
    if (error) return error;
    keep = parser.keep_alive();
    response = plain_response(parser.release());
    return {};
  }

  error_code send(http::request<http::string_body>& message, std::optional<Response>& response) {
    const auto begin = std::chrono::steady_clock::now();
    const error_code error = encrypted ? send(*encrypted, message, response) : send(*plain, message, response);
    elapsed_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    return error;
  }

  // Without TLS's farewell, which could be waited for: HTTP says itself where an answer ends.
  void drop() {
    if (!open()) return;
    error_code ignored;
    lowest().socket().shutdown(tcp::socket::shutdown_both, ignored);
    plain.reset();
    encrypted.reset();
  }

  // Why the certificate was not accepted; empty when that was not the trouble.
  std::string certificate_trouble(const error_code& error) {
    if (!encrypted || error.category() != asio::error::get_ssl_category()) return {};
    const long result = SSL_get_verify_result(encrypted->native_handle());
    return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
  }

  Reply failed(const error_code& error) {
    const std::string who = "The Device API at " + endpoint.authority();
    if (error == beast::error::timeout) {
      return {
          {}, who + " did not answer within " + std::to_string(options.timeout.count()) + " ms.", Trouble::timeout, 0};
    }
    if (error == asio::error::connection_refused) {
      return {{}, who + " cannot be reached: connection refused; nothing listens there.", Trouble::unreachable, 0};
    }
    if (const std::string why = certificate_trouble(error); !why.empty()) {
      return {{}, who + " shows a certificate that is not accepted: " + why + ".", Trouble::certificate, 0};
    }
    if (error == http::error::body_limit) {
      return {{}, who + " sends an answer of more than " + size_text(options.most_bytes) + ".", Trouble::broken, 0};
    }
    return {{},
            "The exchange with the Device API at " + endpoint.authority() + " failed: " + error.message() + ".",
            connected ? Trouble::broken : Trouble::unreachable,
            0};
  }

  Endpoint endpoint;
  ConnectionOptions options;
  asio::io_context context;
  ssl::context secure{ssl::context::tls_client};
  std::optional<beast::tcp_stream> plain;
  std::optional<Encrypted> encrypted;
  beast::flat_buffer buffer;
  bool keep = true, connected = false;
  double elapsed_ms = 0;
};

Connection::Connection(Endpoint endpoint, ConnectionOptions options)
    : data_(std::make_unique<Data>(std::move(endpoint), std::move(options))) {}

Connection::Connection(Connection&&) noexcept = default;

Connection::~Connection() {
  if (data_) data_->drop();
}

Reply Connection::exchange(const Request& request) {
  Data& data = *data_;
  auto message = beast_request(request, data.endpoint);
  const bool reused = data.open();
  std::optional<Response> response;
  error_code error = reused ? error_code() : data.connect();
  data.connected = !error;
  if (!error) error = data.send(message, response);
  // The server may have closed an idle connection; every request of the client may be sent twice.
  if (error && reused && error != beast::error::timeout) {
    data.drop();
    error = data.connect();
    data.connected = !error;
    if (!error) error = data.send(message, response);
  }
  Reply reply = error ? data.failed(error) : Reply{std::move(*response), "", Trouble::none, data.elapsed_ms};
  if (error || !data.keep) data.drop();
  return reply;
}

std::optional<TlsFacts> Connection::tls() const {
  if (!data_->encrypted) return std::nullopt;
  SSL* session = data_->encrypted->native_handle();
  return TlsFacts{SSL_get_version(session), end_of(session)};
}

}  // namespace packbench::hil::api
