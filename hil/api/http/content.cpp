#include "hil/api/http/content.h"

#include <algorithm>
#include <span>

#include "hil/api/http/gunzip.h"
#include "hil/api/values/digest.h"
#include "hil/api/values/problem.h"

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

}  // namespace

std::string entity_tag(std::string_view what) {
  const Digest digest = sha256(what);
  return "\"" + hex(std::span(digest).first<16>()) + "\"";
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

std::string gzip_tag(std::string_view tag) { return std::string(tag.substr(0, tag.size() - 1)).append(kGzipTag); }

void check_content(const Request& request) {
  const auto given = request.field("Content-Type");
  const std::string type = lower_case(given.value_or(""));
  if (type != "application/json" && type != "application/json;charset=utf-8" &&
      type != "application/json;charset=\"utf-8\"") {
    const std::string has = given && !given->empty() ? "The Content-Type is " + std::string(given->substr(0, 100))
                                                     : "The header Content-Type is missing";
    throw simple_problem(415, "unsupported_media_type", "Unsupported media type",
                         has + "; expected Content-Type: application/json, in UTF-8.");
  }
}

std::optional<std::string> unpacked_body(const Request& request, std::size_t most) {
  const std::string coding = lower_case(request.field("Content-Encoding").value_or("identity"));
  if (coding == "identity") return std::nullopt;
  if (coding != "gzip" && coding != "x-gzip") {
    Problem problem =
        simple_problem(415, "unsupported_encoding", "Unsupported content encoding",
                       "The Content-Encoding is " + std::string(request.field("Content-Encoding")->substr(0, 100)) +
                           "; a body may be compressed by gzip and nothing else.");
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
  throw simple_problem(400, "malformed_gzip", "Malformed body",
                       "The body is not valid gzip, as Content-Encoding says it is.");
}

}  // namespace packbench::hil::api
