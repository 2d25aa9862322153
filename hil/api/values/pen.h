// Writes text into room that its caller has made, without a look at where that ends: the fast way to many small pieces.
//
// The caller makes room for the longest text that can come, kLongest... of each piece, and cuts off what is left.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "hil/api/values/fixed_point.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api {

class Pen {
 public:
  explicit Pen(char* at) : at_(at) {}

  char* at() const { return at_; }
  void put(char c) { *at_++ = c; }
  void text(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void whole(std::int64_t value) { at_ = std::to_chars(at_, at_ + kLongestNumber, value).ptr; }
  void fixed(std::int64_t value, int digits) { at_ = put_fixed(at_, value, digits); }
  void flag(bool value) { value ? text("true") : text("false"); }
  void stamp(std::int64_t ms, StampForm form) { at_ = put_stamp(at_, ms, form); }
  // As append_json_string, in at most kLongestEscape bytes a byte and two quotes.
  void json_string(std::string_view text);
  // A field of RFC 4180, quoted where it must be, in at most two bytes a byte and two quotes.
  void csv_field(std::string_view text);

  static constexpr std::size_t kLongestNumber = 24, kLongestEscape = 6, kLongestStamp = 32;

 private:
  char* at_;
};

// Lets `write` append up to `most` bytes to the text. Throws std::logic_error when they were more: then memory is lost.
template <class Write>
void append_with(std::string& out, std::size_t most, Write&& write) {
  const auto put = [&](char* room) {
    Pen pen(room);
    write(pen);
    const auto size = static_cast<std::size_t>(pen.at() - room);
    if (size > most) throw std::logic_error("a text is longer than the room that was made for it");
    out.append(room, size);
  };
  constexpr std::size_t kUsual = 4096;  // a record without long texts: room that costs nothing
  if (most > kUsual) return put(std::make_unique_for_overwrite<char[]>(most).get());
  std::array<char, kUsual> room;
  put(room.data());
}

}  // namespace packbench::hil::api
