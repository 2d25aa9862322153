#include "hil/api/client/connection.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "hil/api/client/client_tls.h"
#include "hil/api/client/connection_trouble.h"
#include "hil/api/http/gunzip.h"

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

constexpr int kMostHeralds = 8;

http::request<http::string_body> beast_request(const Request& request, const Endpoint& endpoint) {
  http::request<http::string_body> message;
  message.method_string(request.method);
  message.target(endpoint.path + request.target);
  const bool usual_port = endpoint.port == (endpoint.encrypted ? "443" : "80");
  const std::string place = endpoint.authority();
  message.set(http::field::host, usual_port ? place.substr(0, place.rfind(':')) : place);
  message.set(http::field::user_agent, "packbench");
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

// As by a server that no longer waited for a request.
bool was_closed(const error_code& error) {
  return error == http::error::end_of_stream || error == asio::error::eof || error == asio::error::connection_reset ||
         error == asio::error::broken_pipe || error == asio::ssl::error::stream_truncated;
}

// Unpacks what came packed. Nothing when that is done, else why not.
std::optional<Reply::Trouble> unpack(Response& response, std::uint64_t most_bytes) {
  const std::string coding = std::string(response.text_of("Content-Encoding"));
  if (coding.empty() || beast::iequals(coding, "identity") || response.body.empty()) return std::nullopt;
  std::string plain;
  const bool gzip = beast::iequals(coding, "gzip") || beast::iequals(coding, "x-gzip");
  const Gunzipped result = gzip ? gunzip(response.body, most_bytes, plain) : Gunzipped::damaged;
  if (result == Gunzipped::too_large) return Trouble::too_large;
  if (result == Gunzipped::damaged) return Trouble::broken;
  response.body = std::move(plain);
  return std::nullopt;
}

}  // namespace

struct Connection::Data {
  Data(Endpoint where, ConnectionOptions chosen) : endpoint(std::move(where)), options(std::move(chosen)) {
    if (endpoint.encrypted) trust(secure, options);
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
    stage = Stage::resolving;
    tcp::resolver resolver(context);
    const auto found = resolver.resolve(endpoint.host, endpoint.port, error);
    if (error) return error;
    stage = Stage::connecting;
    endpoint.encrypted ? void(encrypted.emplace(context, secure)) : void(plain.emplace(context));
    lowest().expires_after(options.timeout);  // for the handshake as well
    lowest().async_connect(found, [&error](error_code result, const tcp::endpoint&) { error = result; });
    finish();
    if (error) return error;
    error_code ignored;
    lowest().socket().set_option(tcp::no_delay(true), ignored);
    return endpoint.encrypted ? shake_hands() : error_code();
  }

  error_code shake_hands() {
    stage = Stage::securing;
    expect_host(encrypted->native_handle(), endpoint.host, options.verify);
    error_code error;
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
    bool heralded = true;
    for (int heralds = 0; heralded && heralds < kMostHeralds; ++heralds) {
      if (const error_code trouble = receive(stream, response)) return trouble;
      heralded = response->status < 200;  // 103 and its like come before the answer
    }
    return heralded ? http::error::bad_status : error_code();
  }

  template <class Stream>
  error_code receive(Stream& stream, std::optional<Response>& response) {
    error_code error;
    http::response_parser<http::string_body> parser;
    parser.body_limit(options.most_bytes);
    parser.header_limit(kMostHeaderBytes);
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
    stage = Stage::exchanging;
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

  Reply failed(const error_code& error) {
    const bool of_tls = stage == Stage::securing && error.category() == asio::error::get_ssl_category();
    return failed_reply(stage, error, of_tls ? certificate_trouble(encrypted->native_handle()) : "", endpoint, options);
  }

  Reply answered(Response&& response) {
    Reply reply{std::move(response), "", Trouble::none, elapsed_ms};
    if (const auto trouble = unpack(reply.response, options.most_bytes)) {
      const std::string coding = "the coding '" + std::string(reply.response.text_of("Content-Encoding")) + "'";
      return *trouble == Trouble::too_large ? failed(http::error::body_limit)
                                            : Reply{{},
                                                    "The Device API at " + endpoint.authority() + " sends a body in " +
                                                        coding + " that cannot be unpacked.",
                                                    Trouble::broken,
                                                    0};
    }
    return reply;
  }

  Endpoint endpoint;
  ConnectionOptions options;
  asio::io_context context;
  ssl::context secure{ssl::context::tls_client};
  std::optional<beast::tcp_stream> plain;
  std::optional<Encrypted> encrypted;
  beast::flat_buffer buffer;
  Stage stage = Stage::resolving;
  bool keep = true;
  double elapsed_ms = 0;
};

void check_access(const std::string& url, const std::string& ca_file) {
  const Connection would_be(parse_endpoint(url), {.ca_file = ca_file});
}

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
  if (!error) error = data.send(message, response);
  // The server may have closed an idle connection; every request of the client may be sent twice.
  if (reused && was_closed(error)) {
    data.drop();
    error = data.connect();
    if (!error) error = data.send(message, response);
  }
  Reply reply = error ? data.failed(error) : data.answered(std::move(*response));
  if (error || !data.keep) data.drop();
  return reply;
}

std::optional<TlsFacts> Connection::tls() const {
  if (!data_->encrypted) return std::nullopt;
  return tls_facts(data_->encrypted->native_handle());
}

}  // namespace packbench::hil::api
