// One connection of the server: reads a request, answers it, and again.
//
// The header of a request, its body and its answer each have their time in total, however many pieces they come in, and
// so has the wait for the next request. A large body is read only for a valid key. What is no request, or could be
// taken for another one (framing.h), is refused and the connection closed.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "hil/api/server/channel.h"
#include "hil/api/server/feed_writer.h"
#include "hil/api/service/service.h"

namespace packbench::hil::api {

struct SessionOptions {
  Surface surface{};
  std::string peer{};  // the caller's address, by which failures are counted
  std::chrono::milliseconds timeout{30'000}, silence{5'000};
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::unique_ptr<Channel> channel, Service& service, SessionOptions options);

  void start();
  // No further request: closes now when none is under way, else after its answer.
  void finish();

 private:
  using Error = boost::system::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  // What the connection is at.
  enum class Stage { opening, header, body, answering, feeding, ending };

  void read_request();
  void read_more();
  void parse();
  void on_header();
  void on_body();
  void read_body();
  bool awaits_continue() const;
  void answer();
  void fail(Error error);
  void refuse(int status, std::string code, std::string title, std::string detail);
  void write(Response response);
  void feed(std::shared_ptr<Feed> feed, Framing framing);
  void on_written(Error error);
  void linger();
  void drain();
  void close();
  void arm();  // starts the deadline anew
  void disarm();
  void wait(std::chrono::milliseconds time);
  void on_deadline();
  bool request_begun() const;

  std::unique_ptr<Channel> channel_;
  boost::asio::steady_timer deadline_;
  Service& service_;
  SessionOptions options_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::weak_ptr<FeedWriter> feed_;
  std::string out_, body_;  // an answer: its header, and what is behind it
  Stage stage_ = Stage::opening;
  std::size_t fields_ = 0;  // of the header; a trailer would add some
  bool timed_out_ = false, keep_alive_ = true, head_ = false, finishing_ = false, knows_chunks_ = true;
};

}  // namespace packbench::hil::api
