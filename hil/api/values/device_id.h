// Names of devices: letters, digits and ._:- after a letter or digit, at most 128 characters.
#pragma once

#include <algorithm>
#include <string_view>

namespace packbench::hil::api {

inline bool is_device_id(std::string_view text) {
  const auto alphanumeric = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && text.size() <= 128 && alphanumeric(text[0]) && std::ranges::all_of(text, [&](char c) {
    return alphanumeric(c) || std::string_view("._:-").find(c) != std::string_view::npos;
  });
}

}  // namespace packbench::hil::api
