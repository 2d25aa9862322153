// A body that came compressed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace packbench::hil::api {

// What `packed`, in gzip (RFC 1952, one member or more), holds. Throws 400 when it is not whole, 413 as soon as there
// is more than `most` bytes of it: a small body may unpack to a thousand times its size.
std::string inflated(std::string_view packed, std::size_t most);

}  // namespace packbench::hil::api
