// Values as text, for messages of failed tests.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

namespace testing {

template <typename T>
concept Sequence = requires(const T& value) {
  value.begin();
  value.end();
};

template <typename T>
std::string text_of(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    return std::string(1, value);
  } else if constexpr (std::is_enum_v<T>) {
    return std::to_string(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_arithmetic_v<T>) {
    return std::to_string(value);
  } else if constexpr (std::is_null_pointer_v<T>) {
    return "null";
  } else if constexpr (std::is_convertible_v<const T&, const char*>) {
    const char* text = value;
    return text == nullptr ? "null" : text;
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return std::string(std::string_view(value));
  } else if constexpr (Sequence<T>) {
    std::string text = "{";
    for (const auto& item : value) text += (text.size() > 1 ? ", " : "") + text_of(item);
    return text + "}";
  } else {
    return "(a value)";
  }
}

}  // namespace testing
