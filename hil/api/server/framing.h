// What the HTTP parser lets through and this server does not: whatever an intermediary might read in another way, and
// so take one request for two.
#pragma once

#include <boost/beast/http/message.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace packbench::hil::api {

// Why the header of a request cannot be trusted, a sentence; nothing when it can. Exactly one valid Host (at most one
// before HTTP/1.1); none of the fields that are acted upon twice; a Content-Length of digits only; no Transfer-Encoding
// but "chunked", and none before HTTP/1.1.
std::optional<std::string> framing_trouble(const boost::beast::http::request_header<>& header);

// Whether a line among these bytes of a header goes on in the next one, which begins with a blank. Bytes after the
// empty line do not count.
bool has_folded_line(std::string_view bytes);

}  // namespace packbench::hil::api
