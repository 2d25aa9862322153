// An HTTP request and its answer as plain values: what the service works on, apart from sockets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packbench::hil::api {

// What the listener that a request came by shows: the API, what operators ask (operations.h), or both.
struct Surface {
  bool api = true, operations = false;
};

struct Request {
  std::string method, target;  // target: path and query as received
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  std::string peer{};  // the caller's address, by which failures are counted
  Surface surface{};

  // Value of the first field of this name, whatever the case of its letters.
  std::optional<std::string_view> field(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  // Value of the first field of this name, whatever the case of its letters; empty when there is none.
  std::string_view text_of(std::string_view name) const;
};

// Limits of a request; beyond them 414, 431, 413.
inline constexpr std::size_t kMaxTargetBytes = 8 * 1024;
inline constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
inline constexpr std::size_t kMaxBodyBytes = 1024 * 1024;
inline constexpr std::size_t kMaxTelemetryBodyBytes = 8 * 1024 * 1024;

}  // namespace packbench::hil::api
