// An HTTP request and its answer as plain values: what the service works on, apart from sockets.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packbench::hil::api {

// Whether two names of fields, types or codings are the same, whatever the case of their letters.
bool same_name(std::string_view one, std::string_view other);

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

// What goes on after the header of an answer, piece by piece: with an end of its own, or for as long as both sides
// like.
class Feed {
 public:
  // more: ask again when the piece is gone. idle: there is none until there are news. whole: the piece was the last.
  // broken: there will be no more, and what went out is not all of the answer.
  enum class Step { more, idle, whole, broken };

  virtual ~Feed() = default;
  virtual bool ends() const = 0;  // whether it can be whole; then it is never idle
  // Appends the next piece, made when the client can take it; it may be empty.
  virtual Step next(std::string& out) = 0;
  // `wake` is called, by any thread, whenever there may be a next piece.
  virtual void on_news(const std::function<void()>& wake) { static_cast<void>(wake); }
  // What is sent in a silence, so that both sides notice when the other is gone.
  virtual std::string_view sign_of_life() const { return {}; }
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  std::shared_ptr<Feed> feed{};  // instead of a body

  // Value of the first field of this name, whatever the case of its letters; empty when there is none.
  std::string_view text_of(std::string_view name) const;
  void set(std::string name, std::string value) { fields.emplace_back(std::move(name), std::move(value)); }
};

// A file that is given out as it is, without a key: a page and its parts.
struct Asset {
  std::string_view path, type, content;  // "/", "text/html; charset=utf-8"
};

// Limits of a request; beyond them 414, 431, 413.
inline constexpr std::size_t kMaxTargetBytes = 8 * 1024;
inline constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
inline constexpr std::size_t kMaxBodyBytes = 1024 * 1024;
inline constexpr std::size_t kMaxTelemetryBodyBytes = 8 * 1024 * 1024;

}  // namespace packbench::hil::api
