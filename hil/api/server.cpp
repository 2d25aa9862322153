#include "hil/api/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <system_error>
#include <thread>
#include <vector>

#include "hil/api/session.h"

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

std::string place(const std::string& address, std::uint16_t port) {
  const bool v6 = address.find(':') != std::string::npos;
  return (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

}  // namespace

struct Server::Data {
  Data(Service& the_service, ServerOptions the_options) : service(the_service), options(std::move(the_options)) {}

  void listen() {
    error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) failed(error);
    const tcp::endpoint endpoint(address, options.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) failed(error);
    options.port = acceptor.local_endpoint().port();
  }

  [[noreturn]] void failed(const error_code& error) const {
    throw std::system_error(error.value(), std::system_category(),
                            "The Device API cannot listen on " + place(options.address, options.port));
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (!acceptor.is_open()) return;
      if (error) return accept_later();
      std::erase_if(sessions, [](const auto& session) { return session.expired(); });
      if (sessions.size() < options.max_connections) {
        auto session = std::make_shared<Session>(std::move(socket), service, options.request_timeout);
        sessions.push_back(session);
        session->start();
      }
      accept();
    });
  }

  // Out of descriptors or the like: not a reason to spin.
  void accept_later() {
    pause.expires_after(std::chrono::milliseconds(100));
    pause.async_wait([this](error_code error) {
      if (!error) accept();
    });
  }

  void stop() {
    error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    for (const auto& weak : sessions) {
      if (const auto session = weak.lock()) session->finish();
    }
    drained.expires_after(options.drain_timeout);
    drained.async_wait([this](error_code error) {
      if (!error) context.stop();
    });
    watch();
  }

  // Ends the drain as soon as the last connection is gone.
  void watch() {
    std::erase_if(sessions, [](const auto& session) { return session.expired(); });
    if (sessions.empty()) {
      drained.cancel();
      return;
    }
    pause.expires_after(std::chrono::milliseconds(1));
    pause.async_wait([this](error_code error) {
      if (!error) watch();
    });
  }

  Service& service;
  ServerOptions options;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer pause{context}, drained{context};
  std::vector<std::weak_ptr<Session>> sessions;
  std::thread thread;
};

Server::Server(Service& service, const ServerOptions& options) : data_(std::make_unique<Data>(service, options)) {
  data_->listen();
  data_->accept();
  data_->thread = std::thread([this] { data_->context.run(); });
}

Server::~Server() {
  asio::post(data_->context, [this] { data_->stop(); });
  data_->thread.join();
}

std::uint16_t Server::port() const { return data_->options.port; }

std::string Server::url() const { return "http://" + place(data_->options.address, data_->options.port) + "/v1"; }

}  // namespace packbench::hil::api
