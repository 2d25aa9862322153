#include "hil/api/server/connections.h"

#include <sys/resource.h>

#include <algorithm>

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;

// Standard streams, event loop and listeners take about 10, a store with its writer and a check of it about 10 more.
constexpr std::size_t kOtherDescriptors = 32;

}  // namespace

std::string peer_of(const asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return "unknown";
  if (!endpoint.address().is_v6()) return endpoint.address().to_string();
  const auto address = endpoint.address().to_v6();
  if (address.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, address).to_string();
  auto bytes = address.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes).to_string() + "/64";
}

std::size_t affordable_connections(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  const std::size_t descriptors = limit.rlim_cur;
  return std::min(wanted, descriptors - std::min(descriptors - 1, kOtherDescriptors));
}

void Connections::forget_closed() {
  std::erase_if(open_, [](const Open& one) { return one.session.expired(); });
}

Connections::Room Connections::room(const std::string& peer, std::size_t more) {
  forget_closed();
  if (open_.size() >= most_.all + more) return Room::full;
  const auto same = static_cast<std::size_t>(std::ranges::count(open_, peer, &Open::peer));
  return same >= most_.per_address + more ? Room::full_for_address : Room::free;
}

void Connections::finish() {
  for (const Open& one : open_) {
    if (const auto session = one.session.lock()) session->finish();
  }
}

bool Connections::none() {
  forget_closed();
  return open_.empty();
}

}  // namespace packbench::hil::api
