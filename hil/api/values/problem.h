// An error answer of the Device API, readable as the document's envelope (success), as its gateway's form (statusCode,
// message) and as RFC 9457 problem details, in one object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packbench::hil::api {

// Something wrong at one place of the request: a JSON pointer into the body, or the name of a query parameter after
// '/'.
struct FieldError {
  std::string pointer, code, detail;
};

// Of a member that is none: "is not a field of a device; did you mean name?", or `otherwise` where none is near.
FieldError unknown_field(std::string pointer, std::string_view key, std::string_view of,
                         const std::vector<std::string>& known, const std::string& otherwise);

// Thrown by the handlers of a route; the service turns it into the answer.
struct Problem {
  int status = 500;
  std::string code;     // "device_not_found"
  std::string title;    // "Device not found"
  std::string message;  // "Device not found: DVC12345"
  std::string detail;
  std::vector<FieldError> errors;
  std::vector<std::pair<std::string, std::string>> fields;  // further header fields: Allow, Retry-After
};

Problem bad_query(std::string code, std::string parameter, std::string detail);     // 400
Problem invalid_content(std::vector<FieldError> errors);                            // 422
Problem device_not_found(const std::string& device_id, std::int64_t organization);  // 404
Problem simple_problem(int status, std::string code, std::string title, std::string detail);

std::string problem_body(const Problem& problem, std::string_view request_id);

}  // namespace packbench::hil::api
