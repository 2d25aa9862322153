// The bytes of one connection, plain or encrypted, so that what reads HTTP is written and compiled once.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

namespace packbench::hil::api {

class Channel {
 public:
  using Error = boost::system::error_code;
  using Done = std::function<void(Error, std::size_t)>;
  using Socket = boost::asio::ip::tcp::socket;

  virtual ~Channel() = default;
  virtual Socket& socket() = 0;
  virtual bool encrypted() const = 0;
  // What goes before the first byte of HTTP.
  virtual void open(std::function<void(Error)> done) = 0;
  virtual void read_some(boost::asio::mutable_buffer into, Done done) = 0;
  virtual void write_all(boost::asio::const_buffer from, Done done) = 0;
  // Two texts, one behind the other, so that they need not be put together.
  using Parts = std::array<boost::asio::const_buffer, 2>;
  virtual void write_all(const Parts& from, Done done) = 0;
  // Tells the other side that nothing more comes.
  virtual void end(std::function<void(Error)> done) = 0;
};

std::unique_ptr<Channel> plain_channel(Channel::Socket socket);

// PEM files: a certificate, followed by its chain, and its key. With a third one, of authorities, a client must show a
// certificate that one of them signed.
struct TlsFiles {
  std::string certificate{}, key{}, client_authorities{};
};

// The server's side of TLS 1.2 and 1.3.
class Tls {
 public:
  // Throws std::invalid_argument with a sentence.
  explicit Tls(TlsFiles files);
  ~Tls();
  std::unique_ptr<Channel> channel(Channel::Socket socket);
  // Reads the files anew, for connections from now on; those that are open go on. Throws as the constructor and then
  // changes nothing. May be called by any thread.
  void reload();

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::hil::api
