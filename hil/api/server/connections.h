// The connections of a server: how many there may be, in all and from one address.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "hil/api/server/session.h"

namespace packbench::hil::api {

// The address by which callers are told apart: of IPv6 the network, /64, which one caller has to itself.
std::string peer_of(const boost::asio::ip::tcp::socket& socket);

// As many of these connections as the process may have descriptors for, with some left for the store and the logs.
std::size_t affordable_connections(std::size_t wanted);

class Connections {
 public:
  struct Most {
    std::size_t all, per_address;
  };
  explicit Connections(Most most) : most_(most) {}

  enum class Room { free, full, full_for_address };
  // Whether another one may come from there; `more` are allowed beside those that all may have.
  Room room(const std::string& peer, std::size_t more);
  void add(const std::string& peer, const std::shared_ptr<Session>& session) { open_.push_back({peer, session}); }
  // No further request of any.
  void finish();
  bool none();

 private:
  struct Open {
    std::string peer;
    std::weak_ptr<Session> session;
  };
  void forget_closed();

  Most most_;
  std::vector<Open> open_;
};

}  // namespace packbench::hil::api
