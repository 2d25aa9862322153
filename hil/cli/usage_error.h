// What a person reads who mistyped the command line: what is wrong, what was meant, where the help is.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace packbench::hil {

// "packbench run: --jobs is given 2 times (expected once).\nSee 'packbench run --help'.\n"
std::string usage_message(const CLI::App* app, const CLI::Error& error);

// Checks of option values, with a message that says what is expected.
CLI::Validator whole_number(long from, long to);
CLI::Validator seed_number();  // 0 to 2^64 - 1, no sign
CLI::Validator number_above_zero();
CLI::Validator number_from_zero();
CLI::Validator not_empty();
CLI::Validator one_of(const std::vector<std::string>& words);

}  // namespace packbench::hil
