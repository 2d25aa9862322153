#include "hil/api/content.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "hil/api/digest.h"
#include "hil/api/gunzip.h"
#include "hil/api/problem.h"

namespace packbench::hil::api {
namespace {

constexpr std::string_view kGzipTag = "-gzip\"";  // the end of the tag of a compressed body

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

void check_accept(const Request& request, Produced produced) {
  const auto accept = request.field("Accept");
  if (!accept || accept->empty()) return;
  constexpr std::array<std::string_view, 4> kJson{"*/*", "application/*", "application/json",
                                                  "application/problem+json"};
  constexpr std::array<std::string_view, 4> kEvents{"*/*", "text/*", "text/event-stream", "text/event-stream"};
  const auto& types = produced == Produced::json ? kJson : kEvents;
  if (std::ranges::none_of(types, [&](std::string_view type) { return lists(*accept, type); })) {
    throw simple_problem(406, "not_acceptable", "Not acceptable",
                         "The answer is " + std::string(types.at(2)) + ", which the Accept header does not list.");
  }
}

bool accepts_gzip(const Request& request) {
  const auto accept = request.field("Accept-Encoding");
  return accept && lists(*accept, "gzip");
}

std::string entity_tag(std::string_view what) {
  const Digest digest = sha256(what);
  return "\"" + hex({reinterpret_cast<const char*>(digest.data()), digest.size() / 2}) + "\"";
}

bool has_tag(const Request& request, std::string_view tag) {
  const auto known = request.field("If-None-Match");
  if (!known) return false;
  const std::string plain(tag.substr(0, tag.size() - 1));  // without the closing quote
  for (const std::string& listed : {plain + '"', plain + std::string(kGzipTag)}) {
    if (known->find(listed) != std::string_view::npos) return true;
  }
  return *known == "*";
}

// Level 1: a thousand records in a few ms, at a sixth of their size.
void compress(Response& response) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&stream, 1, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) return;
  std::string out(deflateBound(&stream, response.body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(response.body.data());
  stream.avail_in = static_cast<uInt>(response.body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (!whole) return;
  response.body = std::move(out);
  response.fields.emplace_back("Content-Encoding", "gzip");
  for (auto& [name, value] : response.fields) {
    if (name == "ETag") value.replace(value.size() - 1, 1, kGzipTag);
  }
}

void check_content(const Request& request) {
  const std::string type = lower_case(request.field("Content-Type").value_or(""));
  if (type != "application/json" && type != "application/json;charset=utf-8" &&
      type != "application/json;charset=\"utf-8\"") {
    throw simple_problem(415, "unsupported_media_type", "Unsupported media type",
                         "The body must be application/json in UTF-8.");
  }
}

std::optional<std::string> unpacked_body(const Request& request, std::size_t most) {
  const std::string coding = lower_case(request.field("Content-Encoding").value_or("identity"));
  if (coding == "identity") return std::nullopt;
  if (coding != "gzip" && coding != "x-gzip") {
    Problem problem = simple_problem(415, "unsupported_encoding", "Unsupported content encoding",
                                     "A body may be compressed by gzip and nothing else.");
    problem.fields = {{"Accept-Encoding", "gzip"}};
    throw problem;
  }
  std::string out;
  switch (gunzip(request.body, most, out)) {
    case Gunzipped::whole:
      return out;
    case Gunzipped::too_large:
      throw simple_problem(413, "body_too_large", "Body too large",
                           "The unpacked body is larger than a plain one may be.");
    case Gunzipped::damaged:
      break;
  }
  throw simple_problem(400, "malformed_gzip", "Malformed body", "The body is not valid gzip.");
}

bool prefers_problem_json(const Request& request) {
  return lists(request.field("Accept").value_or(""), "application/problem+json");
}

}  // namespace packbench::hil::api
