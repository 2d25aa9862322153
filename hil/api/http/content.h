// What the fields of a request say of bodies: of its own, and of the answer that it has already.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hil/api/http/http_message.h"

namespace packbench::hil::api {

void check_content(const Request& request);  // throws 415 unless the body is JSON in UTF-8

// The body that came by Content-Encoding gzip, of at most so many bytes; nothing when it came plain. Throws 415 for
// another coding, 400 for what is no gzip, 413 as soon as there is more: a body may unpack to a thousand times its
// size.
std::optional<std::string> unpacked_body(const Request& request, std::size_t most);

// The tag of an answer that is what `what` says, and whether If-None-Match has it.
std::string entity_tag(std::string_view what);
bool has_tag(const Request& request, std::string_view tag);
std::string gzip_tag(std::string_view tag);  // of the same answer, compressed

}  // namespace packbench::hil::api
