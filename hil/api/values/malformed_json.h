// What is wrong with a text that is not JSON, in words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace packbench::hil::api {

// The word or number, as other languages write one, that a byte lies in; a single character where it lies in none.
std::string_view token_at(std::string_view text, std::size_t byte);

// Whether a token says that there is no number, or none that ends: NaN, -Infinity, inf, in any case.
bool says_no_number(std::string_view token);

// A sentence: which byte (from 0) cannot be, and what stands there. A byte behind the text: it ends too early.
std::string malformed_text(std::string_view text, std::size_t byte);

}  // namespace packbench::hil::api
