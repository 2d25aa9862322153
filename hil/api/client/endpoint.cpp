#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <stdexcept>

#include "hil/api/client/connection.h"

namespace packbench::hil::api {
namespace {

bool is_port(const std::string& text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
         std::stoi(text) >= 1 && std::stoi(text) <= 65535;
}

bool is_plain(const std::string& text, const char* but) {
  return std::ranges::all_of(
      text, [&](char c) { return c > ' ' && c < 0x7F && std::string_view(but).find(c) == std::string_view::npos; });
}

}  // namespace

std::string Endpoint::authority() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
}

bool Endpoint::loopback() const {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return error ? host == "localhost" : address.is_loopback();
}

Endpoint parse_endpoint(const std::string& url) {
  const std::invalid_argument wrong("The API URL '" + url +
                                    "' is not understood (expected http://HOST:PORT/v1 or https://HOST/v1).");
  const bool encrypted = url.starts_with("https://");
  if (!encrypted && !url.starts_with("http://")) throw wrong;
  const std::size_t begin = url.find("//") + 2, slash = std::min(url.find('/', begin), url.size());
  std::string authority = url.substr(begin, slash - begin);
  Endpoint endpoint{"", encrypted ? "443" : "80", url.substr(slash), encrypted};
  while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
    endpoint.port = authority.substr(colon + 1);
    authority.resize(colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  endpoint.host = authority;
  if (endpoint.host.empty() || !is_plain(endpoint.host, "@?#\\") || !is_port(endpoint.port)) throw wrong;
  if (!is_plain(endpoint.path, "?#")) throw wrong;
  return endpoint;
}

}  // namespace packbench::hil::api
