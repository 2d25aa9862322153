// What the fields of a request say of bodies: the types and codings of the answer that it accepts, the answer that it
// has already, and the type of its own body.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hil/api/http_message.h"

namespace packbench::hil::api {

enum class Produced { json, events };

void check_accept(const Request& request, Produced produced);  // throws 406 unless that is accepted
void check_content(const Request& request);                    // throws 415 unless the body is JSON in UTF-8
bool prefers_problem_json(const Request& request);
bool accepts_gzip(const Request& request);

// The body that came by Content-Encoding gzip, of at most so many bytes; nothing when it came plain. Throws 415 for
// another coding, 400 for what is no gzip, 413 as soon as there is more: a body may unpack to a thousand times its
// size.
std::optional<std::string> unpacked_body(const Request& request, std::size_t most);

// The tag of an answer that is what `what` says, and whether If-None-Match has it.
std::string entity_tag(std::string_view what);
bool has_tag(const Request& request, std::string_view tag);
// Compresses the body and gives its tag another name. For bodies worth it, which are larger than kGzipFrom.
inline constexpr std::size_t kGzipFrom = 1024;
void compress(Response& response);

}  // namespace packbench::hil::api
