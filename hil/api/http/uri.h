// The target of a request taken apart, each piece percent-decoded once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packbench::hil::api {

// Nothing when a percent sign is not followed by two hex digits, or the result holds a zero byte.
std::optional<std::string> percent_decode(std::string_view text);
// Everything but letters, digits and -._~ as %XX.
std::string percent_encode(std::string_view text);

struct Target {
  std::vector<std::string> segments;  // of the path, decoded: "/v1/devices" is {"v1", "devices"}
  std::vector<std::pair<std::string, std::string>> parameters;  // of the query, decoded; '+' is a blank
};

// Path and query of a target that also names the host, as clients of a proxy send it; any other target as it is.
std::string origin_form(std::string_view target);
// Nothing when the percent-encoding is broken, or the target is not a path of visible ASCII without a fragment.
std::optional<Target> parse_target(std::string_view target);

}  // namespace packbench::hil::api
