// The limit that `latest` is measured against: a server on Boost.Beast that reads each request and sends the same
// answer, byte for byte what the file holds. One thread, completion handlers, a deadline for each operation; no keys,
// no store.
//   api_fixed_server PORT-FILE ANSWER-FILE     listens on a free port of 127.0.0.1 and writes its number to the first
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using Answer = http::response<http::string_body>;

Answer read_answer(const char* file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  beast::error_code error;
  parser.put(asio::buffer(bytes), error);
  if (error || !parser.is_done()) std::fprintf(stderr, "%s holds no whole answer\n", file), std::exit(2);
  return parser.release();
}

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, const Answer& answer) : stream_(std::move(socket)), answer_(answer) {
    stream_.socket().set_option(tcp::no_delay(true));
  }

  void read() {
    request_ = {};
    stream_.expires_after(std::chrono::seconds(30));
    http::async_read(stream_, buffer_, request_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->write();
    });
  }

 private:
  void write() {
    stream_.expires_after(std::chrono::seconds(30));
    http::async_write(stream_, answer_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->read();
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  const Answer& answer_;
};

void accept(tcp::acceptor& acceptor, const Answer& answer) {
  acceptor.async_accept([&](beast::error_code error, tcp::socket socket) {
    if (!error) std::make_shared<Connection>(std::move(socket), answer)->read();
    accept(acceptor, answer);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "Use: api_fixed_server PORT-FILE ANSWER-FILE\n"), 2;
  const Answer answer = read_answer(argv[2]);
  asio::io_context context{1};
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  std::ofstream(argv[1]) << acceptor.local_endpoint().port() << std::endl;
  accept(acceptor, answer);
  context.run();
  return 0;
}
