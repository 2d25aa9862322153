// Answers in fewer bytes: a body at once, or a feed as it comes.
#pragma once

#include <memory>

#include "hil/api/http/http_message.h"

namespace packbench::hil::api {

// Compresses the body and gives its tag another name. For bodies worth it, which are larger than kGzipFrom.
inline constexpr std::size_t kGzipFrom = 1024;
void compress(Response& response);

// The feed's text as one gzip member, which ends when the feed does.
std::shared_ptr<Feed> compressed(std::shared_ptr<Feed> feed);

}  // namespace packbench::hil::api
