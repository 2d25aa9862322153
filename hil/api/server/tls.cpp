#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <mutex>
#include <stdexcept>

#include "hil/api/server/channel.h"
#include "hil/api/values/pem_file.h"

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

class TlsChannel : public Channel {
 public:
  TlsChannel(Socket socket, std::shared_ptr<ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  Socket& socket() override { return stream_.next_layer(); }
  bool encrypted() const override { return true; }
  void open(std::function<void(Error)> done) override {
    stream_.async_handshake(ssl::stream_base::server, std::move(done));
  }
  void read_some(asio::mutable_buffer into, Done done) override { stream_.async_read_some(into, std::move(done)); }
  void write_all(const Parts& from, Done done) override { asio::async_write(stream_, from, std::move(done)); }
  void end(std::function<void(Error)> done) override { stream_.async_shutdown(std::move(done)); }

 private:
  std::shared_ptr<ssl::context> context_;
  ssl::stream<Socket> stream_;
};

void check(const boost::system::error_code& error, const std::string& what, const std::string& file,
           const std::string& wanted) {
  if (error) throw std::invalid_argument(what + ": " + pem_trouble(file, wanted, error) + ".");
}

// A key of another kind than the certificate's is taken by OpenSSL, for a certificate still to come.
void check_pair(ssl::context& context, const std::string& what) {
  if (SSL_CTX_check_private_key(context.native_handle()) == 1) return;
  throw std::invalid_argument(what + ": it is the key of another certificate.");
}

void ask_for_certificate(ssl::context& context, const std::string& authorities) {
  boost::system::error_code error;
  context.load_verify_file(authorities, error);
  check(error, "The authorities of clients " + authorities + " cannot be used", authorities, "certificate");
  context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(authorities.c_str());
  if (names) SSL_CTX_set_client_CA_list(context.native_handle(), names);
}

std::shared_ptr<ssl::context> read_context(const TlsFiles& files) {
  const auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
  ssl::context& context = *made;
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  static constexpr unsigned char kSessions[] =
      "packbench";  // without it no session is taken up again with certificates
  SSL_CTX_set_session_id_context(context.native_handle(), kSessions, sizeof kSessions - 1);
  boost::system::error_code error;
  context.use_certificate_chain_file(files.certificate, error);
  check(error, "The TLS certificate " + files.certificate + " cannot be used", files.certificate, "certificate");
  context.use_private_key_file(files.key, ssl::context::pem, error);
  const std::string pair = "The TLS key " + files.key + " cannot be used with the certificate " + files.certificate;
  check(error, pair, files.key, "private key");
  check_pair(context, pair);
  if (!files.client_authorities.empty()) ask_for_certificate(context, files.client_authorities);
  return made;
}

}  // namespace

struct Tls::Data {
  TlsFiles files;
  std::mutex mutex;
  std::shared_ptr<ssl::context> context;
};

Tls::Tls(TlsFiles files) : data_(std::make_unique<Data>()) {
  data_->files = std::move(files);
  data_->context = read_context(data_->files);
}

Tls::~Tls() = default;

void Tls::reload() {
  std::shared_ptr<ssl::context> context = read_context(data_->files);
  const std::scoped_lock lock(data_->mutex);
  data_->context = std::move(context);
}

std::unique_ptr<Channel> Tls::channel(Channel::Socket socket) {
  const std::scoped_lock lock(data_->mutex);
  return std::make_unique<TlsChannel>(std::move(socket), data_->context);
}

}  // namespace packbench::hil::api
