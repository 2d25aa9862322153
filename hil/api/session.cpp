#include "hil/api/session.h"

#include <boost/asio/dispatch.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

Request plain_request(http::request<http::string_body>&& message) {
  Request request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message)
    request.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
  request.body = std::move(message.body());
  return request;
}

std::size_t field_bytes(const http::request_header<>& header) {
  std::size_t bytes = 0;
  for (const auto& field : header) bytes += field.name_string().size() + field.value().size() + 4;
  return bytes;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// The address by which failures are counted: of IPv6 the network, which one caller has to itself.
std::string peer_of(const asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return "unknown";
  if (!endpoint.address().is_v6() || endpoint.address().to_v6().is_v4_mapped()) return endpoint.address().to_string();
  auto bytes = endpoint.address().to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace

Session::Session(std::unique_ptr<Channel> channel, Service& service, Surface surface, std::chrono::milliseconds timeout,
                 std::chrono::milliseconds silence)
    : channel_(std::move(channel)),
      deadline_(channel_->socket().get_executor()),
      service_(service),
      surface_(surface),
      timeout_(timeout),
      silence_(silence),
      peer_(peer_of(channel_->socket())) {
  Error ignored;
  channel_->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Session::start() {
  arm();
  channel_->open([self = shared_from_this()](Error error) { error ? self->close() : self->read_request(); });
}

void Session::finish() {
  finishing_ = true;
  if (stage_ <= Stage::header && !request_begun()) close();
  if (const auto feed = feed_.lock()) feed->end_unending();
}

bool Session::request_begun() const { return buffer_.size() > 0 || (parser_ && parser_->got_some()); }

void Session::arm() {
  timed_out_ = false;
  deadline_.expires_after(timeout_);
  deadline_.async_wait([self = shared_from_this()](Error error) {
    if (error || self->deadline_.expiry() > asio::steady_timer::clock_type::now()) return;  // armed anew meanwhile
    self->timed_out_ = true;
    Error ignored;
    self->channel_->socket().cancel(ignored);
  });
}

void Session::read_request() {
  parser_.emplace();
  parser_->header_limit(kMaxHeaderBytes + kMaxTargetBytes);  // Beast counts the request line too
  parser_->body_limit(kMaxTelemetryBodyBytes);
  stage_ = Stage::header;
  arm();
  buffer_.size() > 0 ? parse() : read_more();
}

void Session::read_more() {
  constexpr std::size_t kPiece = 16 * 1024;
  channel_->read_some(buffer_.prepare(kPiece), [self = shared_from_this()](Error error, std::size_t bytes) {
    if (error) return self->fail(error);
    self->buffer_.commit(bytes);
    self->parse();
  });
}

// Gives the parser what has come, until it needs more or has a header or a request.
void Session::parse() {
  Error error;
  while (!parser_->is_done() && buffer_.size() > 0) {
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error == http::error::need_more) break;
    if (error) return fail(error);
    if (stage_ == Stage::header && parser_->is_header_done()) return on_header();
  }
  parser_->is_done() ? answer() : read_more();
}

void Session::on_header() {
  stage_ = Stage::body;
  const auto& header = parser_->get();
  keep_alive_ = parser_->keep_alive();
  head_ = header.method() == http::verb::head;
  knows_chunks_ = header.version() >= 11;
  if (header.target().size() > kMaxTargetBytes)
    return refuse(414, "target_too_long", "URI too long", "The target is longer than 8 KiB.");
  if (field_bytes(header) > kMaxHeaderBytes)
    return refuse(431, "header_too_large", "Header too large", "The header is larger than 16 KiB.");
  if (header.version() >= 11 && header.count(http::field::host) != 1) {
    return refuse(400, "bad_request", "Bad request", "A request of HTTP/1.1 must have one Host header.");
  }
  const auto limit = body_limit({header.method_string().data(), header.method_string().size()},
                                {header.target().data(), header.target().size()});
  if (parser_->content_length().value_or(0) > limit) return fail(http::error::body_limit);
  parser_->body_limit(limit);
  parser_->eager(true);
  arm();
  if (!boost::beast::iequals(header[http::field::expect], "100-continue")) return parse();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  channel_->write_all(asio::buffer(kContinue), [self = shared_from_this()](Error failed, std::size_t) {
    failed ? self->close() : self->parse();
  });
}

// The answer may come from another thread, that of the store's writer.
void Session::answer() {
  stage_ = Stage::answering;
  deadline_.cancel();
  Request request = plain_request(parser_->release());
  request.peer = peer_;
  request.surface = surface_;
  service_.handle(request, [self = shared_from_this()](Response response) {
    asio::dispatch(self->channel_->socket().get_executor(),
                   [self, response = std::move(response)] { self->write(response); });
  });
}

void Session::fail(Error error) {
  if (timed_out_ && request_begun())
    return refuse(408, "request_timeout", "Request timeout", "The request was not complete in time.");
  if (error == http::error::body_limit) {
    return refuse(413, "body_too_large", "Body too large", "The body is larger than 1 MiB, or 8 MiB for telemetry.");
  }
  if (error == http::error::header_limit) {
    if (parser_->get().target().empty())
      return refuse(414, "target_too_long", "URI too long", "The target is longer than 8 KiB.");
    return refuse(431, "header_too_large", "Header too large", "The header is larger than 16 KiB.");
  }
  const bool malformed = error.category() == http::make_error_code(http::error::bad_method).category() &&
                         error != http::error::end_of_stream && error != http::error::partial_message;
  if (malformed)
    return refuse(400, "bad_request", "Bad request", "This is not a valid HTTP/1.1 request: " + error.message() + ".");
  close();
}

void Session::refuse(int status, std::string code, std::string title, std::string detail) {
  keep_alive_ = false;
  write(service_.refuse(status, std::move(code), std::move(title), std::move(detail)));
}

void Session::write(const Response& response) {
  const bool chunked = response.feed && response.feed->ends() && knows_chunks_;
  keep_alive_ = keep_alive_ && !finishing_ && (!response.feed || chunked);
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  out_ = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out_.append(reason.data(), reason.size()).append("\r\n");
  for (const auto& [name, value] : response.fields) append_field(out_, name, value);
  if (channel_->encrypted()) append_field(out_, "Strict-Transport-Security", "max-age=31536000");
  const bool sized = !response.feed && response.status != 304;
  if (sized) append_field(out_, "Content-Length", std::to_string(response.body.size()));
  if (chunked) append_field(out_, "Transfer-Encoding", "chunked");
  append_field(out_, "Connection", keep_alive_ ? "keep-alive" : "close");
  out_.append("\r\n");
  if (!head_) out_.append(response.body);
  stage_ = Stage::answering;
  arm();
  channel_->write_all(asio::buffer(out_), [self = shared_from_this(), chunked, feed = head_ ? nullptr : response.feed](
                                              Error error, std::size_t) {
    const bool goes_on = feed && !error && (!self->finishing_ || feed->ends());
    goes_on ? self->feed(feed, chunked ? Framing::chunks : Framing::until_close) : self->on_written(error);
  });
}

// Until the feed is over, the connection belongs to it.
void Session::feed(std::shared_ptr<Feed> feed, Framing framing) {
  stage_ = Stage::feeding;
  deadline_.cancel();
  const auto writer = std::make_shared<FeedWriter>([self = shared_from_this()] { self->on_written({}); }, *channel_,
                                                   std::move(feed), FeedTimes{timeout_, silence_}, framing);
  feed_ = writer;
  writer->start();
}

void Session::on_written(Error error) {
  if (error || (keep_alive_ && finishing_ && buffer_.size() == 0)) return close();
  keep_alive_ && !finishing_ ? read_request() : linger();
}

// Closing with bytes unread would reset the connection and could take the answer away from the client.
void Session::linger() {
  stage_ = Stage::ending;
  timeout_ = std::min(timeout_, std::chrono::milliseconds(1000));
  arm();
  channel_->end([self = shared_from_this()](Error error) { error ? self->close() : self->drain(); });
}

void Session::drain() {
  buffer_.clear();
  channel_->socket().async_read_some(buffer_.prepare(16 * 1024), [self = shared_from_this()](Error error, std::size_t) {
    error ? self->close() : self->drain();
  });
}

void Session::close() {
  stage_ = Stage::ending;
  deadline_.cancel();
  Error ignored;
  channel_->socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  channel_->socket().close(ignored);
}

}  // namespace packbench::hil::api
