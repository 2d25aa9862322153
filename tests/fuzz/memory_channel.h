// A connection in memory: what the client sends, cut into pieces, and what it gets.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "hil/api/server/channel.h"

namespace packbench::fuzz {

class MemoryChannel : public hil::api::Channel {
 public:
  // The bytes and `received` must outlive the channel. `piece` says how many bytes come at once, at least one.
  MemoryChannel(boost::asio::io_context& context, std::string_view sent, std::function<std::size_t()> piece,
                std::string& received)
      : socket_(context), left_(sent), piece_(std::move(piece)), received_(received) {}

  Socket& socket() override { return socket_; }
  bool encrypted() const override { return false; }
  void open(std::function<void(Error)> done) override { done({}); }
  void read_some(boost::asio::mutable_buffer into, Done done) override {
    const std::size_t size = std::min({left_.size(), into.size(), std::max<std::size_t>(piece_(), 1)});
    std::memcpy(into.data(), left_.data(), size);
    left_.remove_prefix(size);
    const Error error = size > 0 ? Error() : Error(boost::asio::error::eof);
    boost::asio::post(socket_.get_executor(), [done = std::move(done), error, size] { done(error, size); });
  }
  void write_all(const Parts& from, Done done) override {
    for (const auto& part : from) received_.append(static_cast<const char*>(part.data()), part.size());
    const std::size_t size = boost::asio::buffer_size(from);
    boost::asio::post(socket_.get_executor(), [done = std::move(done), size] { done({}, size); });
  }
  void end(std::function<void(Error)> done) override { done({}); }

 private:
  Socket socket_;  // not connected; its executor is that of the session's timers
  std::string_view left_;
  std::function<std::size_t()> piece_;
  std::string& received_;
};

}  // namespace packbench::fuzz
