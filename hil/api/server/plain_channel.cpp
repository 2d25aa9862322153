#include <boost/asio/write.hpp>

#include <cstdint>

#include "hil/api/server/channel.h"

namespace packbench::hil::api {
namespace {

// As much as the socket takes; Asio would give it 64 KiB after the other.
std::size_t all_at_once(const boost::system::error_code& error, std::size_t) { return error ? 0 : SIZE_MAX; }

class PlainChannel : public Channel {
 public:
  explicit PlainChannel(Socket socket) : socket_(std::move(socket)) {}

  Socket& socket() override { return socket_; }
  bool encrypted() const override { return false; }
  void open(std::function<void(Error)> done) override { done({}); }
  void read_some(boost::asio::mutable_buffer into, Done done) override {
    socket_.async_read_some(into, std::move(done));
  }
  void write_all(boost::asio::const_buffer from, Done done) override {
    boost::asio::async_write(socket_, boost::asio::const_buffers_1(from), all_at_once, std::move(done));
  }
  void write_all(const Parts& from, Done done) override {
    boost::asio::async_write(socket_, from, all_at_once, std::move(done));
  }
  void end(std::function<void(Error)> done) override {
    Error error;
    socket_.shutdown(Socket::shutdown_send, error);
    done(error);
  }

 private:
  Socket socket_;
};

}  // namespace

std::unique_ptr<Channel> plain_channel(Channel::Socket socket) {
  return std::make_unique<PlainChannel>(std::move(socket));
}

}  // namespace packbench::hil::api
