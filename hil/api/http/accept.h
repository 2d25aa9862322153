// What a request accepts of an answer: its media type and its coding, by Accept and Accept-Encoding (RFC 9110, 12.5).
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "hil/api/http/http_message.h"

namespace packbench::hil::api {

enum class Media { json, ndjson, csv, events };

inline constexpr std::array kJsonMedia{Media::json};
inline constexpr std::array kEventMedia{Media::events};
inline constexpr std::array kRecordMedia{Media::json, Media::ndjson, Media::csv};

std::string_view media_name(Media media);    // "csv"
std::string_view content_type(Media media);  // "text/csv; charset=utf-8; header=present"

// The one of those offered that is accepted with the greatest q; of equal ones the one that is named more exactly, then
// the one that Accept names first, then the one that is offered first. Throws 406 when none is accepted.
Media negotiate(const Request& request, std::span<const Media> offered);
bool prefers_problem_json(const Request& request);
bool accepts_gzip(const Request& request);  // at least as much as the plain answer

}  // namespace packbench::hil::api
