// A Device API over real sockets whose requests and answers a test may bend: the real service behind a front that lies.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <string>
#include <thread>

#include "service_fixture.h"

namespace packbench::hil::api::test {

class BentServer {
 public:
  // What a defect does: to the request before the service sees it, to the answer after; `raw` replaces the answer's
  // bytes, after which the connection stays open until the client goes (or is closed when `hang_up`).
  struct Bend {
    std::function<void(Request&)> request{};
    std::function<void(const Request&, Response&)> answer{};
    std::function<std::string(const Request&)> raw{};
    bool hang_up = true;
  };

  explicit BentServer(Bend bend, ServiceOptions options = {})
      : plain(std::move(options)),
        bend_(std::move(bend)),
        acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {
    thread_ = std::thread([this] { serve(); });
  }
  ~BentServer() {
    stop_ = true;
    boost::system::error_code ignored;
    Socket wake(context_);
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/v1"; }

  PlainService plain;

 private:
  using Socket = boost::asio::ip::tcp::socket;

  void serve() {
    while (!stop_) {
      Socket socket(context_);
      boost::system::error_code error;
      acceptor_.accept(socket, error);
      if (!error && !stop_) talk(socket);
    }
  }
  void talk(Socket& socket) {
    namespace http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    for (;;) {
      http::request<http::string_body> message;
      http::read(socket, buffer, message, error);
      if (error) return;
      Request request{
          std::string(message.method_string()), std::string(message.target()), {}, message.body(), "127.0.0.1"};
      for (const auto& field : message)
        request.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
      const std::string raw = bend_.raw ? bend_.raw(request) : "";
      if (!raw.empty()) {
        boost::asio::write(socket, boost::asio::buffer(raw), error);
        if (!bend_.hang_up) socket.read_some(boost::asio::buffer(byte_), error);
        return;
      }
      if (bend_.request) bend_.request(request);
      Response response = plain.service.handle(request);
      if (bend_.answer) bend_.answer(request, response);
      boost::asio::write(socket, boost::asio::buffer(text_of(response)), error);
      if (error) return;
    }
  }
  static std::string text_of(const Response& response) {
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + " Said\r\n";
    for (const auto& [name, value] : response.fields) text += name + ": " + value + "\r\n";
    return text + "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n" + response.body;
  }

  Bend bend_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::atomic<bool> stop_ = false;
  std::array<char, 1> byte_{};
  std::thread thread_;
};

}  // namespace packbench::hil::api::test
