#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <stdexcept>

#include "hil/api/channel.h"

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

class TlsChannel : public Channel {
 public:
  TlsChannel(Socket socket, ssl::context& context) : stream_(std::move(socket), context) {}

  Socket& socket() override { return stream_.next_layer(); }
  bool encrypted() const override { return true; }
  void open(std::function<void(Error)> done) override {
    stream_.async_handshake(ssl::stream_base::server, std::move(done));
  }
  void read_some(asio::mutable_buffer into, Done done) override { stream_.async_read_some(into, std::move(done)); }
  void write_all(asio::const_buffer from, Done done) override {
    asio::async_write(stream_, asio::const_buffers_1(from), std::move(done));
  }
  void end(std::function<void(Error)> done) override { stream_.async_shutdown(std::move(done)); }

 private:
  ssl::stream<Socket> stream_;
};

void check(const boost::system::error_code& error, const std::string& what) {
  if (error) throw std::invalid_argument(what + ": " + error.message() + ".");
}

}  // namespace

struct Tls::Data {
  ssl::context context{ssl::context::tls_server};
};

Tls::Tls(const std::string& certificate_file, const std::string& key_file) : data_(std::make_unique<Data>()) {
  ssl::context& context = data_->context;
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  boost::system::error_code error;
  context.use_certificate_chain_file(certificate_file, error);
  check(error, "The TLS certificate " + certificate_file + " cannot be used");
  context.use_private_key_file(key_file, ssl::context::pem, error);
  check(error, "The TLS key " + key_file + " cannot be used with the certificate " + certificate_file);
}

Tls::~Tls() = default;

std::unique_ptr<Channel> Tls::channel(Channel::Socket socket) {
  return std::make_unique<TlsChannel>(std::move(socket), data_->context);
}

}  // namespace packbench::hil::api
