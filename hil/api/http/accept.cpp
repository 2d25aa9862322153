#include "hil/api/http/accept.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "hil/api/values/fixed_point.h"
#include "hil/api/values/problem.h"

namespace packbench::hil::api {
namespace {

constexpr std::string_view kAccept = "Accept", kAcceptEncoding = "Accept-Encoding";
constexpr std::string_view kProblem = "application/problem+json";

// One member of the list in such a field: its name without parameters.
struct Listed {
  std::string_view name;
  std::int64_t q;
  std::ptrdiff_t place;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Takes what is before the next such character off the front.
std::string_view take(std::string_view& text, char until) {
  const std::size_t end = std::min(text.find(until), text.size());
  const std::string_view taken = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

// In thousandths, of "text/csv;q=0.5"; 1 where it is not said, or not understood.
std::int64_t quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = take(parameters, ';');
    if (parameter.starts_with("q=") || parameter.starts_with("Q=")) {
      return parse_fixed(parameter.substr(2), 3).value_or(1000);
    }
  }
  return 1000;
}

// Shows the members of every field of this name.
template <class Visitor>
void for_each_listed(const Request& request, std::string_view field, Visitor&& visitor) {
  std::ptrdiff_t place = 0;
  for (const auto& [name, value] : request.fields) {
    if (!same_name(name, field)) continue;
    for (std::string_view rest = value; !rest.empty();) {
      std::string_view member = take(rest, ',');
      const std::string_view listed = take(member, ';');
      if (!listed.empty()) visitor(Listed{listed, quality(member), place++});
    }
  }
}

std::string_view bare_type(Media media) {
  const std::string_view type = content_type(media);
  return type.substr(0, type.find(';'));
}

// How exactly a media range names a type: 3 as it is, 2 by its kind, 1 as any, 0 not.
int exactness(std::string_view range, Media media) {
  const std::string_view type = bare_type(media);
  if (same_name(range, type)) return 3;
  if (media == Media::json && same_name(range, kProblem)) return 3;  // who reads problems reads JSON
  if (range == "*/*") return 1;
  return range.ends_with("/*") && same_name(range.substr(0, range.size() - 1), type.substr(0, type.find('/') + 1)) ? 2
                                                                                                                   : 0;
}

using Rank = std::tuple<std::int64_t, int, std::ptrdiff_t>;  // q, exactness, place from the end

// By the most exact range that names the type; q is 0 where none does.
Rank rank(const Request& request, Media media) {
  Rank best{0, 0, 0};
  for_each_listed(request, kAccept, [&](const Listed& range) {
    const int exact = exactness(range.name, media);
    if (exact > std::get<1>(best)) best = {range.q, exact, -range.place};
  });
  return best;
}

std::string names(std::span<const Media> offered) {
  std::string text;
  for (const Media media : offered) text.append(text.empty() ? "" : " or ").append(bare_type(media));
  return text;
}

// What a field says of this name; 0 where it does not list it.
std::int64_t q_of(const Request& request, std::string_view field, std::string_view name) {
  std::int64_t q = 0;
  for_each_listed(request, field, [&](const Listed& one) { q = same_name(one.name, name) ? one.q : q; });
  return q;
}

}  // namespace

std::string_view media_name(Media media) {
  constexpr std::array<std::string_view, 4> kNames{"json", "ndjson", "csv", "events"};
  return kNames.at(static_cast<std::size_t>(media));
}

std::string_view content_type(Media media) {
  constexpr std::array<std::string_view, 4> kTypes{"application/json", "application/x-ndjson",
                                                   "text/csv; charset=utf-8; header=present", "text/event-stream"};
  return kTypes.at(static_cast<std::size_t>(media));
}

Media negotiate(const Request& request, std::span<const Media> offered) {
  const auto accept = request.field(kAccept);
  if (!accept || accept->empty() || *accept == "*/*") return offered.front();
  const auto best = std::ranges::max_element(offered, {}, [&](Media media) { return rank(request, media); });
  if (std::get<0>(rank(request, *best)) > 0) return *best;
  throw simple_problem(406, "not_acceptable", "Not acceptable",
                       "The Accept header allows no form of this answer; expected " + names(offered) + ".");
}

bool prefers_problem_json(const Request& request) { return q_of(request, kAccept, kProblem) > 0; }

bool accepts_gzip(const Request& request) {
  const std::int64_t gzip = q_of(request, kAcceptEncoding, "gzip");
  return gzip > 0 && gzip >= q_of(request, kAcceptEncoding, "identity");
}

}  // namespace packbench::hil::api
