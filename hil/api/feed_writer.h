// Writes a feed to a connection for as long as both go on.
//
// One piece is on its way at a time, and the next is made only when it is gone, so nothing waits for a slow client; one
// that takes nothing for the time of a request is closed. In a silence a sign of life goes out, so a client that is
// gone is noticed.
#pragma once

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "hil/api/channel.h"
#include "hil/api/http_message.h"

namespace packbench::hil::api {

struct FeedTimes {
  std::chrono::milliseconds write{30'000};   // that a piece may take
  std::chrono::milliseconds silence{5'000};  // before a sign of life
};

class FeedWriter : public std::enable_shared_from_this<FeedWriter> {
 public:
  // The owner keeps the channel and is kept until the feed is over.
  FeedWriter(std::shared_ptr<void> owner, Channel& channel, std::shared_ptr<Feed> feed, FeedTimes times);

  void start();
  void end();  // closes the connection

 private:
  using Error = boost::system::error_code;

  void go_on();
  void write(std::string piece);
  void listen();
  void arm();

  std::shared_ptr<void> owner_;
  Channel& channel_;
  std::shared_ptr<Feed> feed_;
  FeedTimes times_;
  boost::asio::steady_timer timer_;
  std::string out_;
  std::array<char, 512> heard_{};
  bool writing_ = false, over_ = false;
};

}  // namespace packbench::hil::api
