#include "hil/api/server/session.h"

#include <boost/asio/dispatch.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <iterator>

#include "hil/api/http/uri.h"
#include "hil/api/server/framing.h"

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

Request plain_request(http::request<http::string_body>&& message) {
  Request request;
  request.method = std::string(message.method_string());
  request.target = origin_form({message.target().data(), message.target().size()});
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

std::size_t field_count(const http::request_header<>& header) {
  return static_cast<std::size_t>(std::distance(header.begin(), header.end()));
}

constexpr std::chrono::milliseconds kGrace{1000};
// So many bytes are read for anybody; the body of whoever has no valid key is not.
constexpr std::uint64_t kMaxUnknownBodyBytes = 16 * 1024;
// What the parser has to see at once is never longer: a header, the line before a chunk, the lines after the last one.
constexpr std::size_t kMaxUnparsedBytes = kMaxHeaderBytes + kMaxTargetBytes;

constexpr std::size_t kLargeBody = 16 * 1024;  // which is not worth a copy into one piece with its header

}  // namespace

Session::Session(std::unique_ptr<Channel> channel, Service& service, SessionOptions options)
    : channel_(std::move(channel)),
      deadline_(channel_->socket().get_executor()),
      service_(service),
      options_(std::move(options)) {
  Error ignored;
  channel_->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Session::start() {
  arm();
  channel_->open([self = shared_from_this()](Error error) { error ? self->close() : self->read_request(); });
}

// What is read already but not yet looked at is still answered: only the waiting is ended.
void Session::finish() {
  finishing_ = true;
  Error ignored;
  if (stage_ <= Stage::header && !request_begun()) channel_->socket().cancel(ignored);
  if (const auto feed = feed_.lock()) feed->end_unending();
}

bool Session::request_begun() const { return buffer_.size() > 0 || (parser_ && parser_->got_some()); }

void Session::arm() {
  timed_out_ = false;
  wait(options_.timeout);
}

// Also for a deadline that is over and whose handler waits its turn behind us.
void Session::disarm() { deadline_.expires_at(asio::steady_timer::time_point::max()); }

void Session::wait(std::chrono::milliseconds time) {
  deadline_.expires_after(time);
  deadline_.async_wait([self = shared_from_this()](Error error) {
    if (error || self->deadline_.expiry() > asio::steady_timer::clock_type::now())
      return;  // armed anew or disarmed meanwhile
    self->on_deadline();
  });
}

// What is being read ends now, or looks itself when it was just complete; if it does not, nor ends what is written, the
// connection is closed.
void Session::on_deadline() {
  if (timed_out_ || (stage_ != Stage::header && stage_ != Stage::body)) return close();
  timed_out_ = true;
  Error ignored;
  channel_->socket().cancel(ignored);
  wait(kGrace);
}

void Session::read_request() {
  parser_.emplace();
  parser_->header_limit(kMaxHeaderBytes + kMaxTargetBytes);  // Beast counts the request line too
  parser_->body_limit(kMaxTelemetryBodyBytes);
  stage_ = Stage::header;
  head_ = false;
  arm();
  buffer_.size() > 0 ? parse() : read_more();
}

void Session::read_more() {
  constexpr std::size_t kPiece = 16 * 1024;
  if (timed_out_) return fail(asio::error::operation_aborted);
  if (buffer_.size() > kMaxUnparsedBytes + kPiece)
    return refuse(400, "bad_request", "Bad request", "The lines around a chunk are too long.");
  channel_->read_some(buffer_.prepare(kPiece), [self = shared_from_this()](Error error, std::size_t bytes) {
    if (error) return self->fail(error);
    self->buffer_.commit(bytes);
    self->parse();
  });
}

// Gives the parser what has come, until it needs more or has a header or a request.
void Session::parse() {
  Error error;
  const auto bytes = buffer_.data();
  if (stage_ == Stage::header && has_folded_line({static_cast<const char*>(bytes.data()), bytes.size()}))
    return refuse(400, "bad_request", "Bad request", "A line of the header goes on in the next one.");
  while (!parser_->is_done() && buffer_.size() > 0) {
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error == http::error::need_more) break;
    if (error) return fail(error);
    if (stage_ == Stage::header && parser_->is_header_done()) return on_header();
  }
  parser_->is_done() ? on_body() : read_more();
}

void Session::on_header() {
  const auto& header = parser_->get();
  keep_alive_ = parser_->keep_alive();
  head_ = header.method() == http::verb::head;
  knows_chunks_ = header.version() >= 11;
  if (header.target().size() > kMaxTargetBytes)
    return refuse(414, "target_too_long", "URI too long", "The target is longer than 8 KiB.");
  if (field_bytes(header) > kMaxHeaderBytes)
    return refuse(431, "header_too_large", "Header too large", "The header is larger than 16 KiB.");
  if (auto trouble = framing_trouble(header)) return refuse(400, "bad_request", "Bad request", std::move(*trouble));
  parser_->is_done() ? answer() : read_body();
}

void Session::read_body() {
  const auto& header = parser_->get();
  const auto limit = body_limit({header.method_string().data(), header.method_string().size()},
                                {header.target().data(), header.target().size()});
  const bool awaits_continue = this->awaits_continue();
  if (parser_->content_length().value_or(0) > limit) return fail(http::error::body_limit);
  const auto key = header["ApiKey"];
  const bool large = parser_->content_length().value_or(kMaxTelemetryBodyBytes) > kMaxUnknownBodyBytes;
  if ((large || awaits_continue) && !service_.would_admit({key.data(), key.size()}, options_.peer)) {
    keep_alive_ = false;
    return answer();
  }
  stage_ = Stage::body;
  fields_ = field_count(header);
  parser_->body_limit(limit);
  parser_->eager(true);
  arm();
  if (!awaits_continue || buffer_.size() > 0) return parse();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  channel_->write_all(asio::buffer(kContinue), [self = shared_from_this()](Error failed, std::size_t) {
    failed ? self->close() : self->parse();
  });
}

bool Session::awaits_continue() const {
  const auto& header = parser_->get();
  return header.version() >= 11 && boost::beast::iequals(header[http::field::expect], "100-continue");
}

void Session::on_body() {
  if (field_count(parser_->get()) != fields_)
    return refuse(400, "bad_request", "Bad request", "Fields after the body are not accepted.");
  answer();
}

// The answer may come from another thread, that of the store's writer.
void Session::answer() {
  stage_ = Stage::answering;
  disarm();
  Request request = plain_request(parser_->release());
  request.peer = options_.peer;
  request.surface = options_.surface;
  service_.handle(request, [self = shared_from_this()](Response response) {
    asio::dispatch(self->channel_->socket().get_executor(),
                   [self, response = std::move(response)]() mutable { self->write(std::move(response)); });
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
  head_ = parser_->get().method() == http::verb::head;  // of this request, which may not have come to its header's end
  write(service_.refuse(status, std::move(code), std::move(title), std::move(detail)));
}

void Session::write(Response response) {
  const bool chunked = response.feed && response.feed->ends() && knows_chunks_;
  keep_alive_ = keep_alive_ && !finishing_ && (!response.feed || chunked);
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  out_ = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out_.append(reason.data(), reason.size()).append("\r\n");
  for (const auto& [name, value] : response.fields) append_field(out_, name, value);
  if (channel_->encrypted()) append_field(out_, "Strict-Transport-Security", "max-age=31536000");
  const bool sized = !response.feed && response.status != 304 && response.status != 204;
  if (sized) append_field(out_, "Content-Length", std::to_string(response.body.size()));
  if (chunked) append_field(out_, "Transfer-Encoding", "chunked");
  append_field(out_, "Connection", keep_alive_ ? "keep-alive" : "close");
  out_.append("\r\n");
  const bool small = response.body.size() < kLargeBody;
  if (!head_) small ? void(out_.append(response.body)) : body_.swap(response.body);
  stage_ = Stage::answering;
  arm();
  auto done = [self = shared_from_this(), chunked, feed = head_ ? nullptr : response.feed](Error error, std::size_t) {
    std::string().swap(self->body_);
    const bool goes_on = feed && !error && (!self->finishing_ || feed->ends());
    goes_on ? self->feed(feed, chunked ? Framing::chunks : Framing::until_close) : self->on_written(error);
  };
  if (body_.empty()) return channel_->write_all(asio::buffer(out_), std::move(done));
  channel_->write_all(Channel::Parts{asio::buffer(out_), asio::buffer(body_)}, std::move(done));
}

// Until the feed is over, the connection belongs to it.
void Session::feed(std::shared_ptr<Feed> feed, Framing framing) {
  stage_ = Stage::feeding;
  disarm();
  const auto writer =
      std::make_shared<FeedWriter>([self = shared_from_this()] { self->on_written({}); }, *channel_, std::move(feed),
                                   FeedTimes{options_.timeout, options_.silence}, framing);
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
  options_.timeout = std::min(options_.timeout, kGrace);
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
