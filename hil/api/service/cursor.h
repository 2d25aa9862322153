// Cursors: where the next page of a query begins, bound to that query.
//
// Base64url (RFC 4648, section 5, without padding) of 4 bytes that check the rest, 6 bytes of the SHA-256 of the query,
// and the place as text. The server keeps nothing of it and has no secret, so a cursor is good after a restart and at
// another server of the same store. Who forges one gets to a place of a query that is theirs anyway.
#pragma once

#include <string>
#include <string_view>

namespace packbench::hil::api {

// `query`: all that another page must share, `place`: what only the route reads.
std::string seal_cursor(std::string_view query, std::string_view place);

// The place. Throws 400 for what was never a cursor, and for one of another query; `shared` says what that must share:
// "the timeRange and order".
std::string open_cursor(std::string_view cursor, std::string_view query, std::string_view shared);

// 400: not a cursor.
[[noreturn]] void refuse_cursor();

}  // namespace packbench::hil::api
