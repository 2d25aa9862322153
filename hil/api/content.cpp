#include "hil/api/content.h"

#include <algorithm>
#include <array>

#include "hil/api/problem.h"

namespace packbench::hil::api {
namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  std::erase_if(out, [](char c) { return c == ' ' || c == '\t'; });
  return out;
}

// Whether one of the media ranges of an Accept field is `type` and not refused by q=0.
bool lists(std::string_view accept, std::string_view type) {
  std::string text = lower_case(accept) + ",";
  for (std::size_t begin = 0, end = 0; (end = text.find(',', begin)) != std::string::npos; begin = end + 1) {
    const std::string_view range = std::string_view(text).substr(begin, end - begin);
    const std::size_t quality = range.find(";q=");
    const bool refused = quality != std::string_view::npos &&
                         range.substr(quality + 3).find_first_not_of("0.") == std::string_view::npos;
    if (range.substr(0, range.find(';')) == type && !refused) return true;
  }
  return false;
}

}  // namespace

void check_accept(const Request& request) {
  const auto accept = request.field("Accept");
  if (!accept || accept->empty()) return;
  constexpr std::array<std::string_view, 4> kTypes{"*/*", "application/*", "application/json",
                                                   "application/problem+json"};
  if (std::ranges::none_of(kTypes, [&](std::string_view type) { return lists(*accept, type); })) {
    throw simple_problem(406, "not_acceptable", "Not acceptable",
                         "The answer is application/json, which the Accept header does not list.");
  }
}

void check_content(const Request& request) {
  const std::string type = lower_case(request.field("Content-Type").value_or(""));
  if (type != "application/json" && type != "application/json;charset=utf-8" &&
      type != "application/json;charset=\"utf-8\"") {
    throw simple_problem(415, "unsupported_media_type", "Unsupported media type",
                         "The body must be application/json in UTF-8.");
  }
  const std::string encoding = lower_case(request.field("Content-Encoding").value_or("identity"));
  if (encoding != "identity") {
    throw simple_problem(415, "unsupported_encoding", "Unsupported content encoding",
                         "The body must not be compressed.");
  }
}

bool prefers_problem_json(const Request& request) {
  return lists(request.field("Accept").value_or(""), "application/problem+json");
}

}  // namespace packbench::hil::api
