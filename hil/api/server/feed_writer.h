// Writes a feed to a connection.
//
// One piece is on its way at a time, and the next is made only when it is gone, so nothing waits for a slow client; one
// that does not take a piece in the time of a request is closed. Between pieces others are served.
//
// A feed with an end goes out in chunks where the client knows them: when it is whole, the last chunk says so, and the
// connection goes on. Where the end of the connection is the end of the answer, a feed that is not whole ends in a
// reset. A feed without an end is written for as long as both sides go on; in a silence a sign of life goes out, so a
// client that is gone is noticed.
#pragma once

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "hil/api/http/http_message.h"
#include "hil/api/server/channel.h"

namespace packbench::hil::api {

struct FeedTimes {
  std::chrono::milliseconds write{30'000};   // that a piece may take
  std::chrono::milliseconds silence{5'000};  // before a sign of life
};

enum class Framing { chunks, until_close };

class FeedWriter : public std::enable_shared_from_this<FeedWriter> {
 public:
  // `whole` is called when all of the feed is written, and keeps the channel until then; else the connection is closed.
  FeedWriter(std::function<void()> whole, Channel& channel, std::shared_ptr<Feed> feed, FeedTimes times,
             Framing framing);
  ~FeedWriter() { end(); }  // in words, since a socket that is only destroyed forgets to reset
  FeedWriter(const FeedWriter&) = delete;
  FeedWriter& operator=(const FeedWriter&) = delete;

  void start();
  void end();           // closes the connection
  void end_unending();  // unless the feed has an end

 private:
  using Error = boost::system::error_code;

  void go_on();
  void go_on_later();
  Feed::Step fill();
  void write(Feed::Step step);
  void on_written(Feed::Step step);
  void finish();
  void listen();
  void arm();

  std::function<void()> whole_;
  Channel& channel_;
  std::shared_ptr<Feed> feed_;
  FeedTimes times_;
  Framing framing_;
  boost::asio::steady_timer timer_;
  std::string out_;
  std::array<char, 512> heard_{};
  bool writing_ = false, over_ = false;
};

}  // namespace packbench::hil::api
