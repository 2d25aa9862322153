#include "hil/api/server/framing.h"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>

namespace packbench::hil::api {
namespace {

namespace http = boost::beast::http;
using Header = http::request_header<>;

constexpr std::array<std::string_view, 8> kOnce{"Host",         "Content-Length",   "Transfer-Encoding",
                                                "Content-Type", "Content-Encoding", "Expect",
                                                "ApiKey",       "Idempotency-Key"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A name or address with or without a port, as RFC 3986 writes them.
bool is_host_character(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("-._~%!$&'()*+,;=:[]").find(c) != std::string_view::npos;
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::optional<std::string> repeated_field(const Header& header) {
  for (const std::string_view name : kOnce) {
    if (header.count({name.data(), name.size()}) > 1)
      return "The field " + std::string(name) + " must not be given twice.";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> framing_trouble(const Header& header) {
  if (auto trouble = repeated_field(header)) return trouble;
  const bool older = header.version() < 11;
  const auto host = header.find(http::field::host);
  if (host == header.end() && !older) return "A request of HTTP/1.1 must have one Host header.";
  if (host != header.end() && !std::ranges::all_of(view(host->value()), is_host_character))
    return "The Host header holds no host.";
  const auto length = header.find(http::field::content_length);
  if (length != header.end() && !std::ranges::all_of(view(length->value()), is_digit))
    return "The Content-Length must be one whole number.";
  const auto coding = header.find(http::field::transfer_encoding);
  if (coding != header.end() && (older || !boost::beast::iequals(coding->value(), "chunked")))
    return "The only Transfer-Encoding is chunked, of HTTP/1.1.";
  return std::nullopt;
}

bool has_folded_line(std::string_view bytes) {
  while (true) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos || end + 1 == bytes.size()) return false;
    bytes.remove_prefix(end + 1);
    if (bytes.front() == ' ' || bytes.front() == '\t') return true;
    if (bytes.front() == '\r') return false;
  }
}

}  // namespace packbench::hil::api
