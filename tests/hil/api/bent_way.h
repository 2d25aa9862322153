// A way to a Device API that bends: passes requests on over real sockets, or does to them what networks, proxies and
// overloaded services do.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <string>
#include <thread>

#include "hil/api/client/connection.h"

namespace packbench::hil::api::test {

enum class Bend {
  none,
  closed,        // the connection ends, the API saw nothing
  answer_lost,   // the API did it, the connection ends
  answer_cut,    // in the middle of the answer
  too_many,      // 429, after 20 s
  too_large,     // 413 of a proxy, for more than 40 kB
  overloaded,    // 503 of a proxy, a page
  other_page,    // 200 of somebody else
  other_object,  // 200 with an object that is not the contract's
};

// One connection at a time, in a thread, until the process ends.
class BentWay {
 public:
  // `bend` is asked for each request.
  BentWay(const std::string& to, std::function<Bend()> bend)
      : to_(parse_endpoint(to), {}),
        bend_(std::move(bend)),
        acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {}
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  // Does not return.
  void serve() {
    for (;;) {
      Socket socket(context_);
      acceptor_.accept(socket);
      socket.set_option(boost::asio::ip::tcp::no_delay(true));
      talk(socket);
    }
  }

 private:
  using Socket = boost::asio::ip::tcp::socket;

  void talk(Socket& socket) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    while (!error) {
      boost::beast::http::request<boost::beast::http::string_body> message;
      boost::beast::http::read(socket, buffer, message, error);
      if (error) return;
      const Bend bend = bend_();
      const std::string answer = bent_answer(bend, message.body().size());
      if (bend == Bend::closed) return;
      if (!answer.empty()) {
        boost::asio::write(socket, boost::asio::buffer(answer), error);
        continue;
      }
      const std::string text = pass_on(message);
      if (text.empty() || bend == Bend::answer_lost) return;
      const std::size_t size = bend == Bend::answer_cut ? text.size() - 5 : text.size();
      boost::asio::write(socket, boost::asio::buffer(text.data(), size), error);
      if (bend == Bend::answer_cut) return;
    }
  }
  static std::string bent_answer(Bend bend, std::size_t size) {
    const auto text = [](const char* head, const std::string& body) {
      return std::string("HTTP/1.1 ") + head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    switch (bend) {
      case Bend::too_many:
        return text("429 Too Many Requests\r\nRetry-After: 20", R"({"statusCode":429,"message":"slow"})");
      case Bend::too_large:
        return size > 40'000 ? text("413 Too Large", "<html>413</html>") : "";
      case Bend::overloaded:
        return text("503 Unavailable", "<html>503</html>");
      case Bend::other_page:
        return text("200 OK", "<html>Welcome, please log in</html>");
      case Bend::other_object:
        return text("200 OK", R"({"success":true})");
      default:
        return "";
    }
  }
  std::string pass_on(const boost::beast::http::request<boost::beast::http::string_body>& message) {
    Request request{std::string(message.method_string()), std::string(message.target()).substr(3), {}, message.body()};
    for (const char* name : {"ApiKey", "Content-Type", "Idempotency-Key"}) {
      if (message.count(name) > 0) request.fields.emplace_back(name, std::string(message[name]));
    }
    const Reply reply = to_.exchange(request);
    if (!reply.error.empty()) return "";
    std::string text = "HTTP/1.1 " + std::to_string(reply.response.status) + " Said\r\n";
    for (const auto& [name, value] : reply.response.fields) {
      if (name != "Connection" && name != "Content-Length") text += name + ": " + value + "\r\n";
    }
    return text + "Content-Length: " + std::to_string(reply.response.body.size()) + "\r\n\r\n" + reply.response.body;
  }

  boost::asio::io_context context_;
  Connection to_;
  std::function<Bend()> bend_;
  boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace packbench::hil::api::test
