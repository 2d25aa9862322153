// Bytes that came compressed by gzip (RFC 1952), within a limit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace packbench::hil::api {

enum class Gunzipped { whole, too_large, damaged };

// Appends to `out`, which grows by at most `most_bytes`. too_large: there would be more; damaged: not one or more
// whole gzip members, one behind the other (2.2 there).
Gunzipped gunzip(std::string_view bytes, std::uint64_t most_bytes, std::string& out);

}  // namespace packbench::hil::api
