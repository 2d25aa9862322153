// A client of a stream that reads when the test says so and knows whether it got all; and the way back from gzip.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <array>
#include <boost/asio/read_until.hpp>

#include "api_fixture.h"

namespace packbench::hil::api::test {

class StreamClient {
 public:
  StreamClient(std::uint16_t port, const std::string& target, const std::string& fields,
               const std::string& version = "1.1", const std::string& key = kKey, int receive_bytes = 4096)
      : chunked_(version == "1.1") {
    socket_.open(boost::asio::ip::tcp::v4());
    socket_.set_option(boost::asio::socket_base::receive_buffer_size(receive_bytes));  // what waits on this side
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::asio::write(socket_, boost::asio::buffer("GET " + target + " HTTP/" + version +
                                                    "\r\nHost: h\r\nApiKey: " + key + "\r\n" + fields + "\r\n"));
    header = take(boost::asio::read_until(socket_, boost::asio::dynamic_buffer(buffer_), "\r\n\r\n"));
  }

  // The next line; empty at the end.
  std::string line() {
    std::size_t at = 0;
    while ((at = text_.find('\n')) == std::string::npos) {
      if (!read_piece()) return "";
    }
    const std::string found = text_.substr(0, at + 1);
    text_.erase(0, at + 1);
    return found;
  }
  // What is left of the text.
  std::string rest() {
    while (read_piece()) continue;
    return std::exchange(text_, {});
  }
  // How many lines are left, and none of them kept.
  std::int64_t lines() {
    std::int64_t count = 0;
    do {
      count += std::count(text_.begin(), text_.end(), '\n');
      text_.clear();
    } while (read_piece());
    return count;
  }
  // The body of an answer that has a length, none of it kept; returns the length.
  std::size_t skip_body() {
    const std::string name = "Content-Length: ";
    const std::size_t length = std::stoul(header.substr(header.find(name) + name.size()));
    std::array<char, 16 * 1024> bytes;
    for (std::size_t left = length - buffer_.size(); left > 0;) left -= socket_.read_some(boost::asio::buffer(bytes));
    return length;
  }
  // Whether the answer said that this was all.
  bool whole() const { return whole_; }

  std::string header;

 private:
  std::string take(std::size_t size) {
    const std::string taken = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return taken;
  }
  bool read_piece() { return !over_ && (chunked_ ? read_chunk() : read_some()); }
  bool read_some() {
    boost::system::error_code error;
    text_ += std::exchange(buffer_, {});
    char bytes[16 * 1024];
    text_.append(bytes, socket_.read_some(boost::asio::buffer(bytes), error));
    over_ = error.failed();
    whole_ = error == boost::asio::error::eof;
    return !over_;
  }
  bool read_chunk() {
    boost::system::error_code error;
    const std::size_t line = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(buffer_), "\r\n", error);
    const std::size_t size = error ? 0 : std::stoul(take(line), nullptr, 16);
    if (!error && buffer_.size() < size + 2) {
      boost::asio::read(socket_, boost::asio::dynamic_buffer(buffer_),
                        boost::asio::transfer_exactly(size + 2 - buffer_.size()), error);
    }
    over_ = error || size == 0;
    whole_ = !error && size == 0;
    if (over_) return false;
    text_ += take(size);
    return take(2) == "\r\n";
  }

  bool chunked_, over_ = false, whole_ = false;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  std::string buffer_, text_;
};

inline std::string unpacked(std::string packed) {
  std::string out;
  char bytes[16 * 1024];
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(bytes);
    stream.avail_out = sizeof bytes;
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(bytes, sizeof bytes - stream.avail_out);
  }
  EXPECT_EQ(result, Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0u);
  inflateEnd(&stream);
  return out;
}

}  // namespace packbench::hil::api::test
