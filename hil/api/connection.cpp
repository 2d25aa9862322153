#include "hil/api/connection.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::uint64_t kMaxAnswerBytes = 64ull * 1024 * 1024;

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

bool is_port(const std::string& text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
         std::stoi(text) >= 1 && std::stoi(text) <= 65535;
}

}  // namespace

std::string Endpoint::authority() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
}

Endpoint parse_endpoint(const std::string& url) {
  const std::string expected = " (expected http://HOST:PORT/v1).";
  if (url.starts_with("https://")) {
    throw std::invalid_argument("The API at '" + url + "' asks for TLS, which this client does not speak" + expected);
  }
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) throw std::invalid_argument("The API URL '" + url + "' is not understood" + expected);
  const std::size_t begin = kScheme.size(), slash = std::min(url.find('/', begin), url.size());
  std::string authority = url.substr(begin, slash - begin);
  Endpoint endpoint{"", "80", url.substr(slash)};
  while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
    endpoint.port = authority.substr(colon + 1);
    authority.resize(colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  endpoint.host = authority;
  const bool plain_path =
      std::ranges::all_of(endpoint.path, [](char c) { return c > ' ' && c < 0x7F && c != '?' && c != '#'; });
  if (endpoint.host.empty() || endpoint.host.find('@') != std::string::npos || !is_port(endpoint.port) || !plain_path) {
    throw std::invalid_argument("The API URL '" + url + "' is not understood" + expected);
  }
  return endpoint;
}

struct Connection::Data {
  Data(Endpoint where, std::chrono::milliseconds limit) : endpoint(std::move(where)), timeout(limit) {}

  // Runs the one operation that was started to its end.
  void finish() {
    context.restart();
    context.run();
  }

  error_code connect() {
    stream.emplace(context);
    buffer.clear();
    error_code error;
    tcp::resolver resolver(context);
    const auto found = resolver.resolve(endpoint.host, endpoint.port, error);
    if (error) return error;
    stream->expires_after(timeout);
    stream->async_connect(found, [&error](error_code result, const tcp::endpoint&) { error = result; });
    finish();
    if (error) return error;
    error_code ignored;
    stream->socket().set_option(tcp::no_delay(true), ignored);
    return {};
  }

  error_code send(http::request<http::string_body>& message, std::optional<Response>& response) {
    error_code error;
    stream->expires_after(timeout);
    http::async_write(*stream, message, [&error](error_code result, std::size_t) { error = result; });
    finish();
    if (error) return error;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMaxAnswerBytes);
    http::async_read(*stream, buffer, parser, [&error](error_code result, std::size_t) { error = result; });
    finish();
    if (error) return error;
    keep = parser.keep_alive();
    response = plain_response(parser.release());
    return {};
  }

  void drop() {
    if (!stream) return;
    error_code ignored;
    stream->socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream.reset();
  }

  std::string sentence(const error_code& error) const {
    if (error == beast::error::timeout) {
      return "The Device API at " + endpoint.authority() + " did not answer within " + std::to_string(timeout.count()) +
             " ms.";
    }
    if (error == asio::error::connection_refused) {
      return "The Device API at " + endpoint.authority() +
             " cannot be reached: connection refused; nothing listens there.";
    }
    return "The exchange with the Device API at " + endpoint.authority() + " failed: " + error.message() + ".";
  }

  Endpoint endpoint;
  std::chrono::milliseconds timeout;
  asio::io_context context;
  std::optional<beast::tcp_stream> stream;
  beast::flat_buffer buffer;
  bool keep = true;
};

Connection::Connection(Endpoint endpoint, std::chrono::milliseconds timeout)
    : data_(std::make_unique<Data>(std::move(endpoint), timeout)) {}

Connection::~Connection() { data_->drop(); }

Reply Connection::exchange(const Request& request) {
  auto message = beast_request(request, data_->endpoint);
  const bool reused = data_->stream.has_value();
  std::optional<Response> response;
  error_code error = reused ? error_code() : data_->connect();
  if (!error) error = data_->send(message, response);
  // The server may have closed an idle connection; every request of the client may be sent twice.
  if (error && reused && error != beast::error::timeout) {
    error = data_->connect();
    if (!error) error = data_->send(message, response);
  }
  if (error || !data_->keep) data_->drop();
  if (error) return {{}, data_->sentence(error)};
  return {std::move(*response), ""};
}

}  // namespace packbench::hil::api
