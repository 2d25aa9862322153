#include "hil/api/client/connection_trouble.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

namespace packbench::hil::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Trouble = Reply::Trouble;

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kMiB = 1024 * 1024;
  return bytes < kMiB ? std::to_string(bytes / 1024) + " KiB" : std::to_string(bytes / kMiB) + " MiB";
}

Trouble trouble_of(Stage stage, const boost::system::error_code& error) {
  if (stage != Stage::exchanging) return Trouble::unreachable;
  if (error == boost::beast::error::timeout) return Trouble::timeout;
  return error == http::error::body_limit ? Trouble::too_large : Trouble::broken;
}

std::string not_in_time(Stage stage, const std::string& limit) {
  if (stage == Stage::connecting) return " cannot be reached: no connection within " + limit + ".";
  if (stage == Stage::securing) return " cannot be reached: no TLS handshake within " + limit + ".";
  return " did not answer within " + limit + ".";
}

std::string why(Stage stage, const boost::system::error_code& error, const ConnectionOptions& options) {
  if (error == boost::beast::error::timeout) return not_in_time(stage, std::to_string(options.timeout.count()) + " ms");
  if (stage == Stage::resolving) return " cannot be reached: its name is not known (" + error.message() + ").";
  if (error == asio::error::connection_refused) return " cannot be reached: connection refused; nothing listens there.";
  if (stage == Stage::connecting) return " cannot be reached: " + error.message() + ".";
  if (stage == Stage::securing)
    return " does not speak TLS as it should (" + error.message() + "); perhaps it is http://, not https://.";
  if (error == http::error::body_limit) return " sends an answer of more than " + size_text(options.most_bytes) + ".";
  if (error == http::error::header_limit) return " sends a header of more than " + size_text(kMostHeaderBytes) + ".";
  if (error == http::error::end_of_stream || error == asio::error::eof)
    return " closed the connection without an answer.";
  if (error == http::error::partial_message || error == asio::ssl::error::stream_truncated)
    return " closed the connection in the middle of an answer.";
  return " did not answer in HTTP: " + error.message() + ".";
}

}  // namespace

Reply failed_reply(Stage stage, const boost::system::error_code& error, const std::string& certificate,
                   const Endpoint& endpoint, const ConnectionOptions& options) {
  const std::string who = "The Device API at " + endpoint.authority();
  if (!certificate.empty())
    return {{}, who + " shows a certificate that is not accepted: " + certificate, Trouble::certificate, 0};
  return {{}, who + why(stage, error, options), trouble_of(stage, error), 0};
}

}  // namespace packbench::hil::api
