// Suggestions for misspelt words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace packbench::sim {

// Insertions, deletions, replacements and swaps of neighbours that turn a into b, ignoring case. Words over 64
// characters are compared by their first 64.
int edit_distance(std::string_view a, std::string_view b);

// The nearest of `known`, when it is near enough to be meant: at most a third of the word's letters differ, at least
// one.
std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& known);

// "expected one of charge, discharge; did you mean 'charge'?"
std::string expected_one_of(std::string_view word, const std::vector<std::string>& known);

// "a, b, c"
std::string joined(const std::vector<std::string>& words);

}  // namespace packbench::sim
