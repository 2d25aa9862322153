#include "hil/api/service/route.h"

#include <algorithm>
#include <charconv>

namespace packbench::hil::api {
namespace {

constexpr std::int64_t kDefaultLimit = 1000, kMaxLimit = 10'000;

std::string joined(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

Problem problem_of(const JsonProblem& wrong) {
  const std::string what = wrong.at.empty() ? wrong.what : wrong.at + ": " + wrong.what;
  switch (wrong.kind) {
    case JsonProblem::Kind::malformed:
      return simple_problem(400, "malformed_json", "Malformed JSON", wrong.what);
    case JsonProblem::Kind::duplicate_key:
      return simple_problem(422, "duplicate_key", "Invalid content", what);
    case JsonProblem::Kind::long_key:
      return simple_problem(422, "long_key", "Invalid content", what);
    case JsonProblem::Kind::too_deep:
      return simple_problem(422, "too_deep", "Invalid content", what);
    case JsonProblem::Kind::too_many_members:
      return simple_problem(422, "too_many_members", "Invalid content", what);
    case JsonProblem::Kind::too_many_values:
      return simple_problem(422, "too_many_values", "Invalid content", what);
    case JsonProblem::Kind::number_overflow:
      return simple_problem(422, "number_overflow", "Invalid content", what);
    case JsonProblem::Kind::no_number:
      return simple_problem(422, "invalid_content", "Invalid content", what);
  }
  throw std::logic_error("unknown kind of JSON problem");
}

}  // namespace

std::optional<std::string> parameter(const Target& target, std::string_view name) {
  const auto at =
      std::ranges::find(target.parameters, name, [](const auto& one) -> const std::string& { return one.first; });
  return at == target.parameters.end() ? std::nullopt : std::optional(at->second);
}

void check_parameters(const Call& call, std::initializer_list<std::string_view> known) {
  const auto& parameters = call.target.parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string& name = parameters[i].first;
    const auto same = [&name](const auto& other) { return other.first == name; };
    if (std::any_of(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(i), same)) {
      throw bad_query("repeated_parameter", name, "The parameter '" + name + "' is given twice.");
    }
    if (!call.options.lenient_query && std::ranges::find(known, name) == known.end()) {
      const std::string expected = known.size() == 0 ? "this request has none" : "expected one of " + joined(known);
      throw bad_query("unknown_parameter", name, "There is no parameter '" + name + "'; " + expected + ".");
    }
  }
}

std::int64_t limit_parameter(const Target& target) {
  const auto text = parameter(target, "limit");
  if (!text) return kDefaultLimit;
  std::int64_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || end != text->data() + text->size() || limit < 1 || limit > kMaxLimit) {
    throw bad_query("invalid_limit", "limit", "The limit '" + *text + "' is not a whole number from 1 to 10000.");
  }
  return limit;
}

Order order_parameter(const Target& target) {
  const std::string text = parameter(target, "order").value_or("asc");
  if (text == "asc") return Order::ascending;
  if (text == "desc") return Order::descending;
  throw bad_query("invalid_order", "order", "The order '" + text + "' is not asc or desc.");
}

bool flag_parameter(const Target& target, std::string_view name) {
  const std::string text = parameter(target, name).value_or("0");
  if (text == "0" || text == "1") return text == "1";
  throw bad_query("invalid_flag", std::string(name),
                  "The value '" + text + "' of " + std::string(name) + " is not 0 or 1.");
}

std::optional<Once> once_of(const Call& call) {
  const auto key = call.request.field("Idempotency-Key");
  if (!key) return std::nullopt;
  if (key->empty() || key->size() > 128) {
    throw simple_problem(400, "invalid_idempotency_key", "Bad request",
                         "The Idempotency-Key must have 1 to 128 characters.");
  }
  const Digest digest = sha256(call.request.target + "\n" + call.body());
  return Once{std::string(*key), hex(digest)};
}

JsonValue json_body(std::string_view body) {
  auto parsed = parse_json(body, {.key_bytes = 128, .values = 500'000});
  if (auto* value = std::get_if<JsonValue>(&parsed)) return std::move(*value);
  const JsonProblem& wrong = std::get<JsonProblem>(parsed);
  Problem problem = problem_of(wrong);
  const bool no_number = wrong.kind == JsonProblem::Kind::no_number;
  if (problem.status == 422) problem.errors = {{wrong.at, no_number ? "type" : problem.code, wrong.what}};
  throw problem;
}

void add_next_page(Response& response, const Call& call, const std::string& cursor) {
  std::string link = "<" + call.request.target.substr(0, call.request.target.find('?')) + "?";
  for (const auto& [name, value] : call.target.parameters) {
    if (name != "cursor") link += percent_encode(name) + "=" + percent_encode(value) + "&";
  }
  response.fields.emplace_back("X-Next-Cursor", cursor);
  response.fields.emplace_back("Link", link + "cursor=" + percent_encode(cursor) + ">; rel=\"next\"");
}

}  // namespace packbench::hil::api
