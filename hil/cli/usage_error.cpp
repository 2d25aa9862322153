#include "hil/cli/usage_error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "sim/spelling.h"

namespace packbench::hil {
namespace {

// The sub-command that was being read, or the program.
const CLI::App& current(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : *chosen.front();
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

std::string unknown_argument(const CLI::App& command, const std::string& word) {
  if (!word.starts_with('-')) return fmt::format("'{}' was not expected", word);
  const auto meant = sim::nearest_word(word, option_names(command));
  return fmt::format("unknown option '{}'{}", word, meant ? fmt::format(" (did you mean '{}'?)", *meant) : "");
}

std::string no_command(const CLI::App& app) {
  const std::vector<std::string> rest = app.remaining();
  const std::vector<std::string> names = command_names(app);
  if (rest.empty()) return fmt::format("a command is missing (expected one of {})", sim::joined(names));
  if (rest.front().starts_with('-')) return unknown_argument(app, rest.front());
  return fmt::format("unknown command '{}' ({})", rest.front(), sim::expected_one_of(rest.front(), names));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (const std::size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

std::string in_words(const CLI::App& app, const CLI::Error& error) {
  const std::string text = error.what(), kind = error.get_name();
  if (error.get_exit_code() ==
      static_cast<int>(CLI::ExitCodes::ExtrasError)) {  // "The following argument was not expected: --jbos"
    const std::string word = text.substr(text.rfind(": ") + 2);
    return unknown_argument(current(app), word.substr(0, word.find(' ')));
  }
  if (kind == "RequiredError" && text.starts_with("A subcommand")) return no_command(current(app));
  if (kind == "ExcludesError") return replaced(text, " excludes ", " cannot be combined with ");
  if (kind == "ArgumentMismatch" && text.find(": At Most 1 required") != std::string::npos) {
    const std::string count = text.substr(text.rfind(' ') + 1);
    return fmt::format("{} is given {} times (expected once)", text.substr(0, text.find(':')), count);
  }
  if (kind == "ArgumentMismatch" && text.ends_with(" missing"))
    return fmt::format("{} needs a value", text.substr(0, text.find(':')));
  return replaced(text, "Requires at most 1 options be given from [", "only one at a time is possible of [");
}

template <class Number>
std::optional<Number> parse(const std::string& text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

CLI::Validator number_check(bool zero_allowed) {
  const std::string expected = zero_allowed ? "a number, zero or more" : "a number above zero";
  return {[=](std::string& text) {
            const auto value = parse<double>(text);
            if (value && std::isfinite(*value) && (*value > 0 || (zero_allowed && *value == 0))) return std::string();
            return fmt::format("'{}' is not usable (expected {})", text, expected);
          },
          ""};
}

}  // namespace

std::string usage_message(const CLI::App* app, const CLI::Error& error) {
  const CLI::App& command = current(*app);
  const std::string name = &command == app ? app->get_name() : app->get_name() + " " + command.get_name();
  return fmt::format("{}: {}.\nSee '{} --help'.\n", name, in_words(*app, error), name);
}

CLI::Validator whole_number(long from, long to) {
  return {[=](std::string& text) {
            const auto value = parse<long>(text);
            if (value && *value >= from && *value <= to) return std::string();
            return fmt::format("'{}' is not usable (expected a whole number from {} to {})", text, from, to);
          },
          ""};
}

CLI::Validator seed_number() {
  return {[](std::string& text) {
            if (parse<std::uint64_t>(text)) return std::string();
            return fmt::format("'{}' is not usable (expected a whole number from 0 to 18446744073709551615)", text);
          },
          ""};
}

CLI::Validator number_above_zero() { return number_check(false); }
CLI::Validator number_from_zero() { return number_check(true); }

CLI::Validator one_of(const std::vector<std::string>& words) {
  return {[words](std::string& text) {
            if (std::ranges::find(words, text) != words.end()) return std::string();
            return fmt::format("'{}' is not usable ({})", text, sim::expected_one_of(text, words));
          },
          ""};
}

CLI::Validator not_empty() {
  return {[](std::string& text) { return text.empty() ? std::string("the value is empty") : std::string(); }, ""};
}

}  // namespace packbench::hil
