#include "hil/api/values/problem.h"

#include <algorithm>

#include "hil/api/values/json_value.h"
#include "sim/spelling.h"

namespace packbench::hil::api {
namespace {

void append_member(std::string& out, std::string_view key, std::string_view value) {
  if (out.back() != '{') out.push_back(',');
  append_json_string(out, key);
  out.push_back(':');
  append_json_string(out, value);
}

}  // namespace

FieldError unknown_field(std::string pointer, std::string_view key, std::string_view of,
                         const std::vector<std::string>& known, const std::string& otherwise) {
  const auto meant = sim::nearest_word(key, known);
  return {std::move(pointer), "unknown_field",
          "is not a field of " + std::string(of) + "; " + (meant ? "did you mean " + *meant + "?" : otherwise)};
}

Problem simple_problem(int status, std::string code, std::string title, std::string detail) {
  Problem problem;
  problem.status = status;
  problem.code = std::move(code);
  problem.title = std::move(title);
  problem.message = detail;
  problem.detail = std::move(detail);
  return problem;
}

Problem bad_query(std::string code, std::string parameter, std::string detail) {
  Problem problem = simple_problem(400, code, "Invalid query", detail);
  problem.errors.push_back({"/" + std::move(parameter), std::move(code), std::move(detail)});
  return problem;
}

Problem invalid_content(std::vector<FieldError> errors) {
  const std::string& where = errors.front().pointer;  // empty: the body as a whole
  Problem problem = simple_problem(422, "invalid_content", "Invalid content",
                                   where + (where.empty() ? "" : " ") + errors.front().detail);
  problem.errors = std::move(errors);
  return problem;
}

Problem device_not_found(const std::string& device_id, std::int64_t organization) {
  Problem problem = simple_problem(404, "device_not_found", "Device not found", "Device not found: " + device_id);
  problem.detail = "No device " + device_id + " in organization " + std::to_string(organization);
  return problem;
}

std::string problem_body(const Problem& problem, std::string_view request_id) {
  std::string urn = "urn:packbench:problem:" + problem.code;
  std::ranges::replace(urn, '_', '-');
  const std::string status = std::to_string(problem.status);
  std::string out = "{\"success\":false,\"statusCode\":" + status;
  append_member(out, "message", problem.message);
  append_member(out, "type", urn);
  append_member(out, "title", problem.title);
  out += ",\"status\":" + status;
  append_member(out, "detail", problem.detail);
  append_member(out, "instance", "urn:uuid:" + std::string(request_id));
  append_member(out, "code", problem.code);
  if (!problem.errors.empty()) {
    out += ",\"errors\":[";
    for (const FieldError& error : problem.errors) {
      if (out.back() != '[') out.push_back(',');
      out.push_back('{');
      append_member(out, "pointer", error.pointer);
      append_member(out, "code", error.code);
      append_member(out, "detail", error.detail);
      out.push_back('}');
    }
    out.push_back(']');
  }
  out.push_back('}');
  return out;
}

}  // namespace packbench::hil::api
