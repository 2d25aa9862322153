// Whole small files and their SHA-256.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "sim/mark.h"

namespace packbench::sim {

inline constexpr std::size_t kLargestFile = 4u << 20;  // bytes; a scenario or profile is a few kilobytes

// The bytes of a regular file of at most kLargestFile bytes, or a problem at `asked_by` ("file '...' does not exist").
std::variant<std::string, Problem> read_bytes(const std::filesystem::path& file, const Mark& asked_by = {},
                                              const std::string& path = {});

// SHA-256, 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace packbench::sim
