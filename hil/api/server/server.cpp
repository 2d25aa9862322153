#include "hil/api/server/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>
#include <system_error>
#include <thread>

#include "hil/api/server/connections.h"
#include "hil/api/server/session.h"

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

std::string place(const std::string& address, std::uint16_t port) {
  const bool v6 = address.find(':') != std::string::npos;
  return (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

// A place where connections come in, and what they may ask there.
struct Listener {
  Listener(asio::io_context& context, std::string the_address, std::uint16_t the_port, Surface the_surface)
      : acceptor(context), pause(context), address(std::move(the_address)), port(the_port), surface(the_surface) {}

  void listen() {
    error_code error;
    const auto parsed = asio::ip::make_address(address, error);
    if (error) failed(error);
    const tcp::endpoint endpoint(parsed, port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) failed(error);
    port = acceptor.local_endpoint().port();
  }

  [[noreturn]] void failed(const error_code& error) const {
    throw std::system_error(error.value(), std::system_category(),
                            "The Device API cannot listen on " + place(address, port));
  }

  void close() {
    error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
  }

  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::string address;
  std::uint16_t port;
  Surface surface;
};

constexpr std::size_t kOperators = 16;  // connections kept free for those who look after the server

}  // namespace

struct Server::Data {
  Data(Service& the_service, ServerOptions the_options)
      : service(the_service),
        options(std::move(the_options)),
        connections({affordable_connections(options.max_connections), options.max_connections_per_address}),
        api(context, options.address, options.port, {.api = true, .operations = options.show_operations}) {
    if (!options.tls.certificate.empty()) tls.emplace(options.tls);
    if (!options.operations_address.empty()) {
      operations.emplace(context, options.operations_address, options.operations_port,
                         Surface{.api = false, .operations = true});
    }
  }

  void start() {
    api.listen();
    if (operations) operations->listen();
    accept(api);
    if (operations) accept(*operations);
    service.work_by([this](std::function<void()> piece) { asio::post(context, std::move(piece)); });
    thread = std::thread([this] { context.run(); });
  }

  void accept(Listener& listener) {
    listener.acceptor.async_accept([this, &listener](error_code error, tcp::socket socket) {
      if (!listener.acceptor.is_open()) return;
      if (error) return accept_later(listener);
      take(std::move(socket), listener);
      accept(listener);
    });
  }

  void take(tcp::socket socket, const Listener& listener) {
    std::string peer = peer_of(socket);
    const auto room = connections.room(peer, listener.surface.api ? 0 : kOperators);
    if (room != Connections::Room::free) {
      return service.metrics().connection_refused(room == Connections::Room::full ? "all" : "address");
    }
    auto channel = tls && listener.surface.api ? tls->channel(std::move(socket)) : plain_channel(std::move(socket));
    const auto session = std::make_shared<Session>(
        std::move(channel), service, SessionOptions{listener.surface, peer, options.request_timeout, options.silence});
    connections.add(peer, session);
    session->start();
  }

  // Out of descriptors or the like: not a reason to spin.
  void accept_later(Listener& listener) {
    listener.pause.expires_after(std::chrono::milliseconds(100));
    listener.pause.async_wait([this, &listener](error_code error) {
      if (!error) accept(listener);
    });
  }

  void stop() {
    api.close();
    if (operations) operations->close();
    connections.finish();
    drained.expires_after(options.drain_timeout);
    drained.async_wait([this](error_code error) {
      if (!error) context.stop();
    });
    watch();
  }

  // Ends the drain as soon as the last connection is gone.
  void watch() {
    if (connections.none()) {
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
  std::optional<Tls> tls;
  asio::io_context context{1};
  Connections connections;
  Listener api;
  std::optional<Listener> operations;
  asio::steady_timer pause{context}, drained{context};
  std::thread thread;
};

Server::Server(Service& service, const ServerOptions& options) : data_(std::make_unique<Data>(service, options)) {
  data_->start();
}

Server::~Server() {
  asio::post(data_->context, [this] { data_->stop(); });
  data_->thread.join();
  data_->service.work_by(nullptr);
  data_->service.settle();  // nobody answers into a context that is gone
}

std::uint16_t Server::port() const { return data_->api.port; }

void Server::reload_certificate() const {
  if (data_->tls) data_->tls->reload();
}

std::string Server::url() const {
  return (data_->tls ? "https://" : "http://") + place(data_->api.address, data_->api.port) + "/v1";
}

std::string Server::operations_url() const {
  return data_->operations ? "http://" + place(data_->operations->address, data_->operations->port) : "";
}

}  // namespace packbench::hil::api
